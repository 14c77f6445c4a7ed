//! A figure as an SVG file: plotters draws curves and text, pictures of points are embedded.

use plotters_backend::DrawingBackend;
use plotters_svg::SVGBackend;

use super::axis::Frame;
use super::palette::Theme;
use super::pen::Pen;

/// The result of drawing on a sheet.
pub type SheetDrawn = Result<(), plotters_backend::DrawingErrorKind<std::io::Error>>;

/// Backend units per CSS pixel, so that curves keep their shape below a pixel.
const UNIT: f64 = 8.0;

/// A sheet on which one figure is drawn.
pub struct Sheet<'p, 's> {
    /// Pen for curves and text.
    pub pen: Pen<'p, SVGBackend<'s>>,
    /// Colours of the figure.
    pub theme: Theme,
    pictures: Vec<String>,
}

/// Returns the SVG of a figure of `width` x `height` CSS pixels on the theme's background; `title` is its accessible name.
///
/// # Errors
/// A message that says why the drawing failed.
pub fn figure(
    width: f64,
    height: f64,
    title: &str,
    theme: Theme,
    draw: impl FnOnce(&mut Sheet<'_, '_>) -> SheetDrawn,
) -> Result<String, String> {
    let units = ((width * UNIT).round() as u32, (height * UNIT).round() as u32);
    let background = theme.background.css();
    let mut text = String::new();
    let pictures = {
        let mut backend = SVGBackend::with_string(&mut text, units);
        let failed = |error: &dyn std::fmt::Display| format!("the figure `{title}` cannot be drawn: {error}");
        let pictures = {
            let pen = Pen::new(&mut backend, UNIT);
            let mut sheet = Sheet { pen, theme, pictures: Vec::new() };
            draw(&mut sheet).map_err(|error| failed(&error))?;
            sheet.pictures
        };
        backend.present().map_err(|error| failed(&error))?;
        pictures
    };
    let end = text.find('>').map_or(0, |at| at + 1);
    let body = &text[end..];
    let escaped = title.replace('&', "&amp;").replace('<', "&lt;");
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" role=\"img\">\n\
         <title>{escaped}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"{background}\"/>\n{}{body}",
        units.0,
        units.1,
        pictures.concat()
    ))
}

impl Sheet<'_, '_> {
    /// Embeds a picture in a frame, under everything that is drawn; `href` is its address, such as a `data:` URL.
    pub fn picture(&mut self, frame: &Frame, href: &str) {
        self.pictures.push(format!(
            "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" href=\"{href}\"/>\n",
            frame.left * UNIT,
            frame.top * UNIT,
            (frame.right - frame.left) * UNIT,
            (frame.bottom - frame.top) * UNIT,
        ));
    }
}

//! A figure as an SVG file: plotters draws curves and text, pictures of points are embedded.

use plotters_backend::DrawingBackend;
use plotters_svg::SVGBackend;

use super::axis::Frame;
use super::caption::Caption;
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
    let body = drawn((width, height), title, theme, draw)?;
    Ok(document((width, height), title, theme, &body))
}

/// Returns the SVG of a figure with its caption around it; the plot itself has `width` x `height` CSS pixels. `name` is its accessible
/// name.
///
/// # Errors
/// A message that says why the drawing failed.
pub fn captioned(
    (width, height): (f64, f64),
    name: &str,
    caption: &Caption,
    theme: Theme,
    draw: impl FnOnce(&mut Sheet<'_, '_>) -> SheetDrawn,
) -> Result<String, String> {
    let (above, below) = caption.heights(width);
    let whole = (width, height + above + below);
    let plot = drawn((width, height), name, theme, draw)?;
    let around = drawn(whole, name, theme, |sheet| caption.draw(&mut sheet.pen, &theme, width, height))?;
    let body = format!("<g transform=\"translate(0 {})\">\n{plot}</g>\n{around}", above * UNIT);
    Ok(document(whole, name, theme, &body))
}

/// Draws on a sheet and returns the elements drawn: pictures first, then lines and text.
fn drawn(
    (width, height): (f64, f64),
    title: &str,
    theme: Theme,
    draw: impl FnOnce(&mut Sheet<'_, '_>) -> SheetDrawn,
) -> Result<String, String> {
    let mut text = String::new();
    let pictures = {
        let mut backend = SVGBackend::with_string(&mut text, units((width, height)));
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
    let start = text.find('>').map_or(0, |at| at + 1);
    let end = text.rfind("</svg>").unwrap_or(text.len());
    Ok(format!("{}{}", pictures.concat(), &text[start..end.max(start)]))
}

/// Returns an SVG file of elements.
fn document((width, height): (f64, f64), title: &str, theme: Theme, body: &str) -> String {
    let (across, down) = units((width, height));
    let background = theme.background.css();
    let escaped = title.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {across} {down}\" role=\"img\">\n\
         <title>{escaped}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"{background}\"/>\n{body}</svg>\n"
    )
}

fn units((width, height): (f64, f64)) -> (u32, u32) {
    ((width * UNIT).round() as u32, (height * UNIT).round() as u32)
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

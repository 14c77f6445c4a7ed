//! Lines, shapes and words in CSS pixels on any plotters backend.

use std::convert::Infallible;

use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontFamily,
    FontTransform,
};

use super::palette::Rgb;

/// What drawing on a backend returns.
pub type Drawn<DB> = Result<(), DrawingErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// A backend, and how many of its units make a CSS pixel.
///
/// plotters' coordinates are whole numbers. With four units a pixel a curve keeps its shape between pixels; the canvas
/// is then scaled down by four.
pub struct Pen<'a, DB: DrawingBackend> {
    backend: &'a mut DB,
    unit: f64,
}

/// Where a text lies about its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Begins at it.
    Start,
    /// Centred on it.
    Middle,
    /// Ends at it.
    End,
    /// Turned a quarter to the left and centred on it, reading upwards.
    Upwards,
}

struct Stroke {
    color: BackendColor,
    width: u32,
}

struct Lettering {
    color: BackendColor,
    size: f64,
    anchor: Anchor,
}

impl<'a, DB: DrawingBackend> Pen<'a, DB> {
    /// A pen on `backend`, `unit` backend units a CSS pixel.
    pub fn new(backend: &'a mut DB, unit: f64) -> Self {
        Self { backend, unit }
    }

    /// A straight line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), color: Rgb, width: f64) -> Drawn<DB> {
        self.curve([from, to], color, 1.0, width)
    }

    /// A line through points, `opacity` 0..1.
    pub fn curve(
        &mut self,
        points: impl IntoIterator<Item = (f64, f64)>,
        color: Rgb,
        opacity: f64,
        width: f64,
    ) -> Drawn<DB> {
        let stroke = self.stroke(color, opacity, width);
        let path: Vec<BackendCoord> = points.into_iter().map(|point| self.place(point)).collect();
        self.backend.draw_path(path, &stroke)
    }

    /// A filled rectangle between two corners.
    pub fn fill_rect(&mut self, from: (f64, f64), to: (f64, f64), color: Rgb, opacity: f64) -> Drawn<DB> {
        let stroke = self.stroke(color, opacity, 0.0);
        let (from, to) = (self.place(from), self.place(to));
        self.backend.draw_rect(from, to, &stroke, true)
    }

    /// A filled shape.
    pub fn fill(&mut self, corners: impl IntoIterator<Item = (f64, f64)>, color: Rgb, opacity: f64) -> Drawn<DB> {
        let stroke = self.stroke(color, opacity, 0.0);
        let path: Vec<BackendCoord> = corners.into_iter().map(|point| self.place(point)).collect();
        self.backend.fill_polygon(path, &stroke)
    }

    /// A circle; filled, or of a line `width` wide.
    pub fn circle(&mut self, centre: (f64, f64), radius: f64, color: Rgb, width: Option<f64>) -> Drawn<DB> {
        let stroke = self.stroke(color, 1.0, width.unwrap_or(0.0));
        let centre = self.place(centre);
        self.backend.draw_circle(centre, (radius * self.unit).round() as u32, &stroke, width.is_none())
    }

    /// A word, its middle at the height of its point.
    pub fn text(&mut self, text: &str, at: (f64, f64), size: f64, color: Rgb, anchor: Anchor) -> Drawn<DB> {
        let style = Lettering { color: opaque(color, 1.0), size: (size * self.unit).round(), anchor };
        let at = self.place(at);
        self.backend.draw_text(text, &style, at)
    }

    fn place(&self, (x, y): (f64, f64)) -> BackendCoord {
        ((x * self.unit).round() as i32, (y * self.unit).round() as i32)
    }

    fn stroke(&self, color: Rgb, opacity: f64, width: f64) -> Stroke {
        Stroke { color: opaque(color, opacity), width: ((width * self.unit).round() as u32).max(1) }
    }
}

fn opaque(Rgb(r, g, b): Rgb, alpha: f64) -> BackendColor {
    BackendColor { alpha, rgb: (r, g, b) }
}

impl BackendStyle for Stroke {
    fn color(&self) -> BackendColor {
        self.color
    }

    fn stroke_width(&self) -> u32 {
        self.width
    }
}

impl BackendTextStyle for Lettering {
    type FontError = Infallible;

    fn color(&self) -> BackendColor {
        self.color
    }

    fn size(&self) -> f64 {
        self.size
    }

    fn transform(&self) -> FontTransform {
        if self.anchor == Anchor::Upwards { FontTransform::Rotate270 } else { FontTransform::None }
    }

    fn anchor(&self) -> Pos {
        let horizontal = match self.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle | Anchor::Upwards => HPos::Center,
            Anchor::End => HPos::Right,
        };
        Pos::new(horizontal, VPos::Center)
    }

    fn family(&self) -> FontFamily<'_> {
        FontFamily::Name("system-ui, sans-serif")
    }

    // Canvas and SVG set type themselves: nothing here is measured or rasterised.
    fn layout_box(&self, _: &str) -> Result<((i32, i32), (i32, i32)), Infallible> {
        Ok(((0, 0), (0, 0)))
    }

    fn draw<E, F: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        _: &str,
        _: BackendCoord,
        _: F,
    ) -> Result<Result<(), E>, Infallible> {
        Ok(Ok(()))
    }
}

//! Lines, shapes and text in CSS pixels on any plotters backend.

use std::convert::Infallible;

use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontFamily,
    FontTransform,
};

use super::palette::Rgb;

/// The result of drawing on a backend.
pub type Drawn<DB> = Result<(), DrawingErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// A backend and the number of its units per CSS pixel.
///
/// plotters' coordinates are integers. With four units per pixel a curve keeps its shape below a pixel; the canvas is then scaled down by
/// four.
pub struct Pen<'a, DB: DrawingBackend> {
    backend: &'a mut DB,
    unit: f64,
}

/// The position of a text relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The text begins at the point.
    Start,
    /// The text is centred on the point.
    Middle,
    /// The text ends at the point.
    End,
    /// The text is centred on the point and reads upwards.
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
    /// Returns a pen on `backend`, with `unit` backend units per CSS pixel.
    pub fn new(backend: &'a mut DB, unit: f64) -> Self {
        Self { backend, unit }
    }

    /// Draws a straight line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), color: Rgb, width: f64) -> Drawn<DB> {
        self.curve([from, to], color, 1.0, width)
    }

    /// Draws a line through points; `opacity` is 0..1.
    pub fn curve(
        &mut self,
        points: impl IntoIterator<Item = (f64, f64)>,
        color: Rgb,
        opacity: f64,
        width: f64,
    ) -> Drawn<DB> {
        let stroke = self.stroke(color, opacity, width);
        let path: Vec<BackendCoord> = points.into_iter().map(|point| self.to_units(point)).collect();
        self.backend.draw_path(path, &stroke)
    }

    /// Fills a rectangle between two corners.
    pub fn fill_rect(&mut self, from: (f64, f64), to: (f64, f64), color: Rgb, opacity: f64) -> Drawn<DB> {
        let stroke = self.stroke(color, opacity, 0.0);
        let (from, to) = (self.to_units(from), self.to_units(to));
        self.backend.draw_rect(from, to, &stroke, true)
    }

    /// Fills a polygon.
    pub fn fill(&mut self, corners: impl IntoIterator<Item = (f64, f64)>, color: Rgb, opacity: f64) -> Drawn<DB> {
        let stroke = self.stroke(color, opacity, 0.0);
        let path: Vec<BackendCoord> = corners.into_iter().map(|point| self.to_units(point)).collect();
        self.backend.fill_polygon(path, &stroke)
    }

    /// Draws a circle: filled, or of a line `width` wide.
    pub fn circle(&mut self, centre: (f64, f64), radius: f64, color: Rgb, width: Option<f64>) -> Drawn<DB> {
        let stroke = self.stroke(color, 1.0, width.unwrap_or(0.0));
        let centre = self.to_units(centre);
        self.backend.draw_circle(centre, (radius * self.unit).round() as u32, &stroke, width.is_none())
    }

    /// Draws a text, vertically centred on its point.
    pub fn text(&mut self, text: &str, at: (f64, f64), size: f64, color: Rgb, anchor: Anchor) -> Drawn<DB> {
        let style = Lettering { color: opaque(color, 1.0), size: (size * self.unit).round(), anchor };
        let at = self.to_units(at);
        self.backend.draw_text(text, &style, at)
    }

    fn to_units(&self, (x, y): (f64, f64)) -> BackendCoord {
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

    // Canvas and SVG lay out text themselves: nothing is measured or rasterised here.
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

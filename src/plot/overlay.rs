//! The overlay of a scatter: a path and the position on it, draws of noise, stars, pins, a cursor, and the outline of a selection.

use plotters_backend::DrawingBackend;

use super::axis::Frame;
use super::palette::Theme;
use super::pen::{Drawn, Pen};

/// Lines and small marks over a scatter; coordinates are values of its axes unless stated otherwise.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overlay {
    /// Points of a path, in order.
    pub path: Vec<(f32, f32)>,
    /// Current position on the path.
    pub path_at: Option<(f32, f32)>,
    /// Latents of one spectrum with draws of noise, oldest first.
    pub trail: Vec<(f32, f32)>,
    /// Foreground stars.
    pub stars: Vec<(f32, f32)>,
    /// Pinned points, in the order of their colours.
    pub pins: Vec<Option<(f32, f32)>>,
    /// Point under the keyboard cursor or the pointer.
    pub cursor: Option<(f32, f32)>,
    /// Outline that is being drawn, CSS pixels.
    pub outline: Vec<(f64, f64)>,
    /// Whether the outline is closed (a rectangle or a lasso) or a line.
    pub closed: bool,
}

impl Overlay {
    /// Draws the parts that lie in the frame.
    pub fn draw<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, frame: &Frame) -> Drawn<DB> {
        let at = |&(x, y): &(f32, f32)| (frame.x_at(f64::from(x)), frame.y_at(f64::from(y)));
        let inside = |at: &(f64, f64)| frame.contains(at.0, at.1);
        for point in self.stars.iter().map(at).filter(inside) {
            pen.fill(spikes(point, 6.5), theme.background, 1.0)?;
            pen.fill(spikes(point, 5.0), theme.class(crate::spectrum::Class::Star), 1.0)?;
        }
        let newest = self.trail.len().saturating_sub(1);
        for (index, point) in self.trail.iter().map(at).enumerate().filter(|(_, point)| inside(point)) {
            let radius = if index == newest { 4.5 } else { 2.5 };
            pen.circle(point, radius + 1.0, theme.background, None)?;
            pen.circle(point, radius, theme.decoded, None)?;
        }
        self.draw_path(pen, theme, frame)?;
        for (index, point) in self.pins.iter().enumerate() {
            if let Some(point) = point.as_ref().map(at).filter(inside) {
                pen.circle(point, 5.5, theme.background, None)?;
                pen.circle(point, 4.0, theme.pinned(index), None)?;
            }
        }
        if let Some(point) = self.cursor.as_ref().map(at).filter(inside) {
            pen.circle(point, 5.0, theme.background, Some(4.0))?;
            pen.circle(point, 5.0, theme.ink, Some(1.5))?;
        }
        if self.outline.len() > 1 {
            let end = self.outline.first().copied().filter(|_| self.closed);
            if self.closed {
                pen.fill(self.outline.iter().copied(), theme.decoded, 0.12)?;
            }
            pen.curve(self.outline.iter().copied().chain(end), theme.decoded, 1.0, 1.5)?;
        }
        Ok(())
    }

    fn draw_path<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, frame: &Frame) -> Drawn<DB> {
        let points: Vec<(f64, f64)> = self
            .path
            .iter()
            .map(|&(x, y)| (frame.x_at(f64::from(x)), frame.y_at(f64::from(y))))
            .filter(|(x, y)| x.is_finite() && y.is_finite())
            .collect();
        // A path may leave the view: only its parts within are drawn.
        for pair in points.windows(2) {
            let Some((from, to)) = clipped(frame, pair[0], pair[1]) else { continue };
            pen.curve([from, to], theme.background, 1.0, 5.0)?;
            pen.curve([from, to], theme.decoded, 1.0, 2.25)?;
        }
        for &point in points.iter().filter(|(x, y)| frame.contains(*x, *y)) {
            pen.circle(point, 4.5, theme.background, None)?;
            pen.circle(point, 3.5, theme.decoded, None)?;
        }
        let now = self.path_at.map(|(x, y)| (frame.x_at(f64::from(x)), frame.y_at(f64::from(y))));
        if let Some(point) = now.filter(|(x, y)| frame.contains(*x, *y)) {
            pen.circle(point, 8.0, theme.background, None)?;
            pen.circle(point, 6.5, theme.decoded, None)?;
            pen.circle(point, 2.5, theme.background, None)?;
        }
        Ok(())
    }
}

/// Returns the part of a line that lies in a frame (Liang & Barsky 1984); `None` where it lies outside.
pub(super) fn clipped(frame: &Frame, from: (f64, f64), to: (f64, f64)) -> Option<((f64, f64), (f64, f64))> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0f64, 1f64);
    let edges = [
        (-dx, from.0 - frame.left),
        (dx, frame.right - from.0),
        (-dy, from.1 - frame.top),
        (dy, frame.bottom - from.1),
    ];
    for (speed, distance) in edges {
        if speed == 0.0 {
            if distance < 0.0 {
                return None;
            }
        } else if speed < 0.0 {
            enter = enter.max(distance / speed);
        } else {
            leave = leave.min(distance / speed);
        }
    }
    let at = |part: f64| (from.0 + dx * part, from.1 + dy * part);
    (enter <= leave).then(|| (at(enter), at(leave)))
}

/// Returns the eight corners of a four-pointed star.
fn spikes((x, y): (f64, f64), radius: f64) -> impl Iterator<Item = (f64, f64)> {
    (0..8).map(move |corner| {
        let reach = if corner % 2 == 0 { radius } else { radius * 0.4 };
        let angle = std::f64::consts::PI * (f64::from(corner) / 4.0 - 0.5);
        (x + reach * angle.cos(), y + reach * angle.sin())
    })
}

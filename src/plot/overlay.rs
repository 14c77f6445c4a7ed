//! What is drawn over a scatter beside markers: a path and where one is on it, draws of noise, a cursor, and the outline of a pick.

use plotters_backend::DrawingBackend;

use super::axis::Frame;
use super::palette::Theme;
use super::pen::{Drawn, Pen};

/// Lines and small marks over a scatter; places in the units of its axes unless said otherwise.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overlay {
    /// The places that a path leads through, in order.
    pub path: Vec<(f32, f32)>,
    /// Where one is on it.
    pub path_at: Option<(f32, f32)>,
    /// Where draws of noise have put a spectrum, oldest first.
    pub trail: Vec<(f32, f32)>,
    /// Stars.
    pub stars: Vec<(f32, f32)>,
    /// Pinned places, in the order of their colours.
    pub pins: Vec<Option<(f32, f32)>>,
    /// The point under the cursor of the keyboard or the pointer.
    pub cursor: Option<(f32, f32)>,
    /// The outline being drawn, CSS pixels.
    pub outline: Vec<(f64, f64)>,
    /// Whether the outline is closed: a rectangle or a lasso, not a line.
    pub closed: bool,
}

impl Overlay {
    /// Draws all of it that lies in the frame.
    pub fn draw<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, frame: &Frame) -> Drawn<DB> {
        let at = |&(x, y): &(f32, f32)| (frame.x_at(f64::from(x)), frame.y_at(f64::from(y)));
        let inside = |place: &(f64, f64)| frame.contains(place.0, place.1);
        for place in self.stars.iter().map(at).filter(inside) {
            pen.fill(spikes(place, 6.5), theme.background, 1.0)?;
            pen.fill(spikes(place, 5.0), theme.class(crate::spectrum::Class::Star), 1.0)?;
        }
        let newest = self.trail.len().saturating_sub(1);
        for (index, place) in self.trail.iter().map(at).enumerate().filter(|(_, place)| inside(place)) {
            let radius = if index == newest { 4.5 } else { 2.5 };
            pen.circle(place, radius + 1.0, theme.background, None)?;
            pen.circle(place, radius, theme.decoded, None)?;
        }
        self.draw_path(pen, theme, frame)?;
        for (index, place) in self.pins.iter().enumerate() {
            if let Some(place) = place.as_ref().map(at).filter(inside) {
                pen.circle(place, 5.5, theme.background, None)?;
                pen.circle(place, 4.0, theme.pinned(index), None)?;
            }
        }
        if let Some(place) = self.cursor.as_ref().map(at).filter(inside) {
            pen.circle(place, 5.0, theme.background, Some(4.0))?;
            pen.circle(place, 5.0, theme.ink, Some(1.5))?;
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
        let places: Vec<(f64, f64)> = self
            .path
            .iter()
            .map(|&(x, y)| (frame.x_at(f64::from(x)), frame.y_at(f64::from(y))))
            .filter(|(x, y)| x.is_finite() && y.is_finite())
            .collect();
        // A path may leave the view: its parts within are drawn, those beyond are not.
        for pair in places.windows(2) {
            let Some((from, to)) = clipped(frame, pair[0], pair[1]) else { continue };
            pen.curve([from, to], theme.background, 1.0, 5.0)?;
            pen.curve([from, to], theme.decoded, 1.0, 2.25)?;
        }
        for &place in places.iter().filter(|(x, y)| frame.contains(*x, *y)) {
            pen.circle(place, 4.5, theme.background, None)?;
            pen.circle(place, 3.5, theme.decoded, None)?;
        }
        let now = self.path_at.map(|(x, y)| (frame.x_at(f64::from(x)), frame.y_at(f64::from(y))));
        if let Some(place) = now.filter(|(x, y)| frame.contains(*x, *y)) {
            pen.circle(place, 8.0, theme.background, None)?;
            pen.circle(place, 6.5, theme.decoded, None)?;
            pen.circle(place, 2.5, theme.background, None)?;
        }
        Ok(())
    }
}

/// The part of a line that lies in a frame (Liang & Barsky 1984); none where it passes by.
fn clipped(frame: &Frame, from: (f64, f64), to: (f64, f64)) -> Option<((f64, f64), (f64, f64))> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0f64, 1f64);
    let edges = [
        (-dx, from.0 - frame.left),
        (dx, frame.right - from.0),
        (-dy, from.1 - frame.top),
        (dy, frame.bottom - from.1),
    ];
    for (speed, room) in edges {
        if speed == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if speed < 0.0 {
            enter = enter.max(room / speed);
        } else {
            leave = leave.min(room / speed);
        }
    }
    let at = |part: f64| (from.0 + dx * part, from.1 + dy * part);
    (enter <= leave).then(|| (at(enter), at(leave)))
}

/// The eight corners of a four-pointed star.
fn spikes((x, y): (f64, f64), radius: f64) -> impl Iterator<Item = (f64, f64)> {
    (0..8).map(move |corner| {
        let reach = if corner % 2 == 0 { radius } else { radius * 0.4 };
        let angle = std::f64::consts::PI * (f64::from(corner) / 4.0 - 0.5);
        (x + reach * angle.cos(), y + reach * angle.sin())
    })
}

//! The point under a pointer, and the next one in a direction.

use super::axis::{Axis, Frame};

/// From a value to CSS pixels, in floats as points are.
#[derive(Clone, Copy)]
struct Pixels {
    from: f32,
    scale: f32,
    shift: f32,
    log: bool,
}

/// The visible point nearest to a place (CSS pixels), if one lies within `reach` of it. `visible` is asked only about
/// points that would be nearer than any before.
pub fn nearest(
    frame: &Frame,
    x: &[f32],
    y: &[f32],
    place: (f64, f64),
    reach: f64,
    visible: impl Fn(usize) -> bool,
) -> Option<usize> {
    let (across, down) = offsets(frame, place);
    let mut best = ((reach * reach) as f32, None);
    for (row, (&px, &py)) in x.iter().zip(y).enumerate() {
        let (dx, dy) = (across.at(px), down.at(py));
        let distance = dx * dx + dy * dy;
        if distance < best.0 && visible(row) {
            best = (distance, Some(row));
        }
    }
    best.1
}

/// The nearest visible point within 45 degrees of a direction on screen ((1, 0) right, (0, 1) down) from a place (CSS pixels), by steps along
/// and across it. What lies half a pixel away or less is passed over, so that a walk always gets on.
pub fn nearest_in_direction(
    frame: &Frame,
    x: &[f32],
    y: &[f32],
    place: (f64, f64),
    direction: (f64, f64),
    visible: impl Fn(usize) -> bool,
) -> Option<usize> {
    let (across, down) = offsets(frame, place);
    let (right, below) = (direction.0 as f32, direction.1 as f32);
    let mut best = (f32::INFINITY, None);
    for (row, (&px, &py)) in x.iter().zip(y).enumerate() {
        let (dx, dy) = (across.at(px), down.at(py));
        let ahead = dx * right + dy * below;
        let aside = (dx * below - dy * right).abs();
        // A hundredth of a pixel for rounding: points on a grid lie at exactly 45 degrees.
        if ahead > 0.5 && aside <= ahead + 0.01 && ahead + aside < best.0 && visible(row) {
            best = (ahead + aside, Some(row));
        }
    }
    best.1
}

/// Pixels from a place to a point, right and down.
fn offsets(frame: &Frame, place: (f64, f64)) -> (Pixels, Pixels) {
    let across = Pixels::new(frame.x, frame.left - place.0, frame.right - place.0);
    let down = Pixels::new(frame.y, frame.bottom - place.1, frame.top - place.1);
    (across, down)
}

impl Pixels {
    /// The axis' `min` lies at pixel `first`, its `max` at `last`.
    fn new(axis: Axis, first: f64, last: f64) -> Self {
        let (min, max) = if axis.log { (axis.min.ln(), axis.max.ln()) } else { (axis.min, axis.max) };
        let scale = (last - first) / (max - min);
        let from = min as f32;
        let shift = first + (f64::from(from) - min) * scale;
        Self { from, scale: scale as f32, shift: shift as f32, log: axis.log }
    }

    #[inline(always)]
    fn at(self, value: f32) -> f32 {
        let value = if self.log { value.ln() } else { value };
        (value - self.from) * self.scale + self.shift
    }
}

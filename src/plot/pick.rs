//! The point under a pointer, and the next point in a direction.

use super::axis::{Axis, Frame};

/// The map from a value to CSS pixels, in single precision as points are.
#[derive(Clone, Copy)]
struct Pixels {
    from: f32,
    scale: f32,
    shift: f32,
    log: bool,
}

/// Returns the visible point nearest to a position (CSS pixels), if one lies within `reach` of it. `visible` is called only for points that
/// are nearer than any before.
pub fn nearest(
    frame: &Frame,
    x: &[f32],
    y: &[f32],
    position: (f64, f64),
    reach: f64,
    visible: impl Fn(usize) -> bool,
) -> Option<usize> {
    let (across, down) = offsets(frame, position);
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

/// Returns the nearest visible point within 45 degrees of a direction on screen ((1, 0) right, (0, 1) down) from a position (CSS pixels), by
/// the sum of distances along and across the direction. Points half a pixel away or less are skipped, so that repeated steps advance.
pub fn nearest_in_direction(
    frame: &Frame,
    x: &[f32],
    y: &[f32],
    position: (f64, f64),
    direction: (f64, f64),
    visible: impl Fn(usize) -> bool,
) -> Option<usize> {
    let (across, down) = offsets(frame, position);
    let (right, below) = (direction.0 as f32, direction.1 as f32);
    let mut best = (f32::INFINITY, None);
    for (row, (&px, &py)) in x.iter().zip(y).enumerate() {
        let (dx, dy) = (across.at(px), down.at(py));
        let along = dx * right + dy * below;
        let aside = (dx * below - dy * right).abs();
        // A hundredth of a pixel for rounding: points on a grid lie at exactly 45 degrees.
        if along > 0.5 && aside <= along + 0.01 && along + aside < best.0 && visible(row) {
            best = (along + aside, Some(row));
        }
    }
    best.1
}

/// Returns the maps from values to pixels right of, and below, a position.
fn offsets(frame: &Frame, position: (f64, f64)) -> (Pixels, Pixels) {
    let across = Pixels::new(frame.x, frame.left - position.0, frame.right - position.0);
    let down = Pixels::new(frame.y, frame.bottom - position.1, frame.top - position.1);
    (across, down)
}

impl Pixels {
    /// Returns the map by which the axis' `min` lies at pixel `first`, its `max` at `last`.
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

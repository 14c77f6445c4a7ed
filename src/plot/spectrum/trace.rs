//! Curves and areas over the pixels that a plot shows, clipped exactly at the sides of the frame.

use plotters_backend::DrawingBackend;

use crate::plot::axis::Frame;
use crate::plot::palette::Rgb;
use crate::plot::pen::{Drawn, Pen};
use crate::spectrum::grid;

/// A frame and the first and last fractional pixel that it shows; backends do not clip.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trace {
    frame: Frame,
    window: (f64, f64),
}

impl Trace {
    /// Returns a trace of the pixels in `window` (first and last, fractional) on a frame.
    pub(super) fn new(frame: Frame, window: (f64, f64)) -> Self {
        Self { frame, window }
    }

    /// Returns the path through the shown pixels of `first` to `last`; values that are not finite are skipped.
    fn path(&self, values: &[f32], first: usize, last: usize) -> Vec<(f64, f64)> {
        let pixels = self.pixels(first, last.min(values.len().saturating_sub(1)));
        let points = pixels.into_iter().map(|pixel| (pixel, between(values, pixel)));
        points.filter(|(_, value)| value.is_finite()).map(|(pixel, value)| self.position(pixel, value)).collect()
    }

    /// Draws one curve through all finite values of pixels `first` to `last`, in a colour, opacity and width.
    pub(super) fn curve<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        values: &[f32],
        (first, last): (usize, usize),
        (color, opacity, width): (Rgb, f64, f64),
    ) -> Drawn<DB> {
        let path = self.path(values, first, last);
        if path.is_empty() { Ok(()) } else { pen.curve(path, color, opacity, width) }
    }

    /// Draws a curve through each run of finite values.
    pub(super) fn curves<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        values: &[f32],
        color: Rgb,
        width: f64,
    ) -> Drawn<DB> {
        for (first, last) in runs(values, f32::is_finite) {
            self.curve(pen, values, (first, last), (color, 1.0, width))?;
        }
        Ok(())
    }

    /// Fills the area between two curves: one polygon for each run of pixels where both are finite.
    pub(super) fn area<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        low: &[f32],
        high: &[f32],
        color: Rgb,
        opacity: f64,
    ) -> Drawn<DB> {
        let both: Vec<bool> = low.iter().zip(high).map(|(a, b)| a.is_finite() && b.is_finite()).collect();
        for (first, last) in runs(&both, |known| known) {
            let (lower, upper) = (self.path(low, first, last), self.path(high, first, last));
            match (&lower[..], &upper[..]) {
                ([], _) | (_, []) => {}
                // A single pixel is drawn one pixel wide.
                (&[(x, bottom)], &[(_, top), ..]) => {
                    let half = (self.frame.x_at(grid::wavelength(first as f64 + 0.5)) - x).abs().max(0.5);
                    let (from, to) = ((x - half).max(self.frame.left), (x + half).min(self.frame.right));
                    pen.fill_rect((from, top), (to, bottom), color, opacity)?;
                }
                _ => pen.fill(upper.into_iter().chain(lower.into_iter().rev()), color, opacity)?,
            }
        }
        Ok(())
    }

    /// Returns the whole pixels of a run within the window, and the ends of the window where the run continues beyond them.
    fn pixels(&self, first: usize, last: usize) -> Vec<f64> {
        let from = (first as f64).max(self.window.0);
        let to = (last as f64).min(self.window.1);
        if from > to {
            return Vec::new();
        }
        let inside = (from.ceil() as usize..=to.floor() as usize).map(|pixel| pixel as f64);
        let mut pixels: Vec<f64> = Vec::with_capacity((to - from) as usize + 3);
        pixels.extend((from.fract() > 0.0).then_some(from));
        pixels.extend(inside);
        pixels.extend((to.fract() > 0.0 && to > from).then_some(to));
        pixels
    }

    fn position(&self, pixel: f64, value: f32) -> (f64, f64) {
        let y = self.frame.y_at(f64::from(value)).clamp(self.frame.top, self.frame.bottom.max(self.frame.top));
        (self.frame.x_at(grid::wavelength(pixel)), y)
    }
}

/// Returns the value at a fractional pixel, interpolated linearly.
fn between(values: &[f32], pixel: f64) -> f32 {
    let (below, part) = (pixel.floor() as usize, pixel.fract() as f32);
    let Some(&low) = values.get(below) else { return f32::NAN };
    match values.get(below + 1) {
        Some(&high) if part > 0.0 => low + (high - low) * part,
        _ => low,
    }
}

/// Returns the first and the last index of every run of values that satisfy `is`.
pub(super) fn runs<T: Copy>(values: &[T], is: impl Fn(T) -> bool) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (index, &value) in values.iter().enumerate() {
        if !is(value) {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.1 + 1 == index => last.1 = index,
            _ => found.push((index, index)),
        }
    }
    found
}

//! The loss curve: training and validation losses against the epoch.

use plotters_backend::DrawingBackend;

use super::axis::{Axis, Frame};
use super::palette::{Rgb, Theme};
use super::pen::{Anchor, Drawn, Pen};

/// A loss curve.
#[derive(Debug, Clone, Copy, Default)]
pub struct LossCurve<'a> {
    /// Mean training loss of each epoch.
    pub train: &'a [f64],
    /// Mean validation loss of each epoch.
    pub valid: &'a [f64],
    /// Losses of single batches, `(time in epochs, loss)`.
    pub steps: &'a [(f64, f64)],
    /// Epoch, from 1, of the lowest validation loss.
    pub best: Option<usize>,
    /// Epochs, from 1, at which the learning rate was lowered.
    pub drops: &'a [usize],
    /// Whether training has ended.
    pub stopped: bool,
}

/// Ratio of losses above which the axis is logarithmic.
const LOG_FROM: f64 = 5.0;

impl LossCurve<'_> {
    /// Draws into `width` x `height` CSS pixels; an empty frame where there is no epoch yet.
    pub fn draw<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, width: f64, height: f64) -> Drawn<DB> {
        let frame = Frame {
            left: 56.0,
            top: 14.0,
            right: width - 72.0,
            bottom: height - 42.0,
            x: Axis::linear(
                if self.steps.is_empty() { 1.0 } else { 0.0 },
                (self.train.len().max(self.valid.len()) as f64).max(10.0),
            ),
            y: self.loss_axis(),
        };
        let ticks = frame.y.ticks(((frame.bottom - frame.top) / 45.0).max(2.0) as usize);
        frame.draw_x(pen, theme, "epoch")?;
        if self.train.is_empty() && self.valid.is_empty() && self.steps.is_empty() {
            let middle = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
            return pen.text("no epoch yet", middle, 12.0, theme.muted, Anchor::Middle);
        }
        frame.draw_grid(pen, theme, &ticks)?;
        frame.draw_y(pen, theme, "loss", &ticks)?;
        if !self.steps.is_empty() {
            let finite = self.steps.iter().filter(|(_, loss)| loss.is_finite());
            pen.curve(finite.map(|&(x, loss)| (frame.x_at(x), frame.y_at(loss))), theme.train, 0.4, 1.0)?;
        }
        for &epoch in self.drops {
            let x = frame.x_at(epoch as f64 - 0.5);
            pen.curve([(x, frame.top), (x, frame.bottom)], theme.muted, 0.6, 1.0)?;
            pen.text("rate / 10", (x + 4.0, frame.top + 8.0), 10.5, theme.muted, Anchor::Start)?;
        }
        if self.stopped {
            let x = frame.x_at(self.valid.len() as f64);
            pen.curve([(x, frame.top), (x, frame.bottom)], theme.ink, 0.6, 1.0)?;
            pen.text("end", (x - 4.0, frame.top + 8.0), 10.5, theme.ink, Anchor::End)?;
        }
        if let Some(best) = self.best.filter(|&best| best >= 1 && best <= self.valid.len()) {
            let at = (frame.x_at(best as f64), frame.y_at(self.valid[best - 1]));
            pen.circle(at, 5.5, theme.decoded, Some(1.5))?;
        }
        let (low, high) = self.label_heights(&frame);
        draw_series(pen, &frame, self.train, theme.train, "train", low)?;
        draw_series(pen, &frame, self.valid, theme.decoded, "validation", high)
    }

    fn loss_axis(&self) -> Axis {
        let steps = || self.steps.iter().map(|(_, loss)| loss);
        let all = || self.train.iter().chain(self.valid).chain(steps()).copied().filter(|loss| loss.is_finite());
        let (low, high) = all().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), loss| (a.min(loss), b.max(loss)));
        if low > 0.0 && high / low > LOG_FROM {
            return Axis::log(low / 1.15, high * 1.15);
        }
        let margin = ((high - low) * 0.08).max(high.abs() * 0.01).max(1e-6);
        Axis::linear(low - margin, high + margin)
    }

    /// Returns the y coordinates of the two labels at the right, kept a line apart.
    fn label_heights(&self, frame: &Frame) -> (f64, f64) {
        let at = |series: &[f64]| series.last().map_or(frame.bottom, |&loss| frame.y_at(loss));
        let (train, valid) = (at(self.train), at(self.valid));
        let apart = 13.0;
        if (train - valid).abs() >= apart {
            return (train, valid);
        }
        let middle = ((train + valid) / 2.0).clamp(frame.top + 7.0, frame.bottom - 7.0);
        let half = apart / 2.0;
        if train > valid { (middle + half, middle - half) } else { (middle - half, middle + half) }
    }
}

fn draw_series<DB: DrawingBackend>(
    pen: &mut Pen<'_, DB>,
    frame: &Frame,
    losses: &[f64],
    color: Rgb,
    name: &str,
    label_y: f64,
) -> Drawn<DB> {
    let position = |(index, loss): (usize, &f64)| (frame.x_at(index as f64 + 1.0), frame.y_at(*loss));
    let points: Vec<(f64, f64)> =
        losses.iter().enumerate().filter(|(_, loss)| loss.is_finite()).map(position).collect();
    let Some(&last) = points.last() else { return Ok(()) };
    pen.curve(points.iter().copied(), color, 1.0, 1.75)?;
    if points.len() <= 30 {
        for &point in &points {
            pen.circle(point, 2.5, color, None)?;
        }
    }
    pen.circle(last, 3.0, color, None)?;
    pen.text(name, (last.0 + 9.0, label_y), 11.5, color, Anchor::Start)
}

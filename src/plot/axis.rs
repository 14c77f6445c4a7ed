//! Axes: from values to pixels and back, round ticks, and the frame of a plot.

use plotters_backend::DrawingBackend;

use super::palette::Theme;
use super::pen::{Anchor, Drawn, Pen};

/// The range of values along one side of a plot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    /// Value at the lower or left end.
    pub min: f64,
    /// Value at the upper or right end.
    pub max: f64,
    /// Whether the axis is logarithmic.
    pub log: bool,
}

/// The rectangle in which data is drawn, in CSS pixels, and its two axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
    /// Axis from left to right.
    pub x: Axis,
    /// Axis from bottom to top.
    pub y: Axis,
}

/// Size of tick labels and titles, CSS pixels.
const TICK: f64 = 11.0;
const TITLE: f64 = 12.0;

impl Axis {
    /// Returns a linear axis; of unit length where the ends coincide or one is not finite.
    pub fn linear(min: f64, max: f64) -> Self {
        if !(min.is_finite() && max.is_finite()) {
            return Self { min: 0.0, max: 1.0, log: false };
        }
        if max > min { Self { min, max, log: false } } else { Self { min: min - 0.5, max: min + 0.5, log: false } }
    }

    /// Returns a logarithmic axis; a linear one where the ends are not positive, finite and in order.
    pub fn log(min: f64, max: f64) -> Self {
        if min > 0.0 && max > min && max.is_finite() { Self { min, max, log: true } } else { Self::linear(min, max) }
    }

    /// Returns the axis with its ends exchanged.
    pub(super) fn reversed(&self) -> Self {
        Self { min: self.max, max: self.min, log: self.log }
    }

    /// Returns the fraction of the axis at which a value lies: 0 at `min`, 1 at `max`.
    pub fn fraction(&self, value: f64) -> f64 {
        if self.log {
            (value.max(f64::MIN_POSITIVE) / self.min).ln() / (self.max / self.min).ln()
        } else {
            (value - self.min) / (self.max - self.min)
        }
    }

    /// Returns the value at a fraction of the axis.
    pub fn value(&self, fraction: f64) -> f64 {
        if self.log {
            self.min * (self.max / self.min).powf(fraction)
        } else {
            self.min + (self.max - self.min) * fraction
        }
    }

    /// Returns about `target` round values within the axis.
    pub fn ticks(&self, target: usize) -> Vec<f64> {
        if self.log {
            return self.log_ticks(target);
        }
        // A single tick shows no scale, so there may be one or two more than asked for.
        let ticks = self.linear_ticks(target);
        if ticks.len() < 2 { self.linear_ticks(target + 2) } else { ticks }
    }

    fn linear_ticks(&self, target: usize) -> Vec<f64> {
        let step = round_step((self.max - self.min) / target.max(1) as f64);
        let first = (self.min / step - 1e-9).ceil() as i64;
        let last = (self.max / step + 1e-9).floor() as i64;
        (first..=last).map(|i| i as f64 * step).collect()
    }

    fn log_ticks(&self, target: usize) -> Vec<f64> {
        let decades = (self.max / self.min).log10();
        let first = self.min.log10().floor() as i32;
        let last = self.max.log10().ceil() as i32;
        let with = |digits: &[f64]| -> Vec<f64> {
            let all = (first..=last).flat_map(|power| digits.iter().map(move |digit| digit * 10f64.powi(power)));
            all.filter(|tick| (self.min..=self.max).contains(tick)).collect()
        };
        let fine = [1.0, 2.0, 5.0];
        let ticks = if decades * 3.0 <= target as f64 { with(&fine) } else { with(&[1.0]) };
        let ticks = if ticks.len() < 2 { with(&fine) } else { ticks };
        if ticks.len() < 2 { self.linear_ticks(target + 2) } else { ticks }
    }
}

impl Frame {
    /// Returns the x coordinate of a value, CSS pixels.
    pub fn x_at(&self, value: f64) -> f64 {
        self.left + (self.right - self.left) * self.x.fraction(value)
    }

    /// Returns the y coordinate of a value, CSS pixels.
    pub fn y_at(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * self.y.fraction(value)
    }

    /// Returns the values at a position in CSS pixels.
    pub fn value_at(&self, x: f64, y: f64) -> (f64, f64) {
        (
            self.x.value((x - self.left) / (self.right - self.left)),
            self.y.value((self.bottom - y) / (self.bottom - self.top)),
        )
    }

    /// Returns whether a position in CSS pixels lies in the frame.
    pub fn contains(&self, x: f64, y: f64) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    /// Draws horizontal grid lines at the ticks of y.
    pub fn draw_grid<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, y_ticks: &[f64]) -> Drawn<DB> {
        for &tick in y_ticks {
            let y = self.y_at(tick);
            pen.line((self.left, y), (self.right, y), theme.grid, 1.0)?;
        }
        Ok(())
    }

    /// Draws the x axis below the frame: line, ticks, labels and a title.
    pub fn draw_x<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, title: &str) -> Drawn<DB> {
        self.draw_x_at(pen, theme, title, &self.x.ticks(((self.right - self.left) / 90.0).max(2.0) as usize))
    }

    /// Draws the x axis as [`Frame::draw_x`] does, with given ticks.
    pub fn draw_x_at<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        theme: &Theme,
        title: &str,
        ticks: &[f64],
    ) -> Drawn<DB> {
        pen.line((self.left, self.bottom), (self.right, self.bottom), theme.muted, 1.0)?;
        for &tick in ticks {
            let x = self.x_at(tick);
            pen.line((x, self.bottom), (x, self.bottom + 4.0), theme.muted, 1.0)?;
            pen.text(&tick_label(tick, ticks), (x, self.bottom + 13.0), TICK, theme.muted, Anchor::Middle)?;
        }
        let middle = (self.left + self.right) / 2.0;
        pen.text(title, (middle, self.bottom + 31.0), TITLE, theme.ink, Anchor::Middle)
    }

    /// Draws the y axis left of the frame: labels, and a title that reads upwards.
    pub fn draw_y<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        theme: &Theme,
        title: &str,
        ticks: &[f64],
    ) -> Drawn<DB> {
        let mut longest = 0;
        for &tick in ticks {
            let (at, label) = ((self.left - 7.0, self.y_at(tick)), tick_label(tick, ticks));
            longest = longest.max(label.chars().count());
            pen.text(&label, at, TICK, theme.muted, Anchor::End)?;
        }
        // Farther out where labels of five digits would overlap the title.
        let away = if longest > 4 { 40.0 + 8.0 * (longest - 4) as f64 } else { 40.0 };
        let middle = (self.top + self.bottom) / 2.0;
        pen.text(title, (self.left - away.min(self.left - 8.0), middle), TITLE, theme.ink, Anchor::Upwards)
    }
}

/// Returns the label of a tick, with as many decimals as the spacing of `ticks` needs and a minus sign (U+2212).
pub fn tick_label(tick: f64, ticks: &[f64]) -> String {
    let step = ticks.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(f64::INFINITY, f64::min);
    let step = if step.is_finite() { step } else { tick.abs().max(1.0) };
    if tick.abs() >= 1e5 || (tick != 0.0 && step < 1e-4) {
        return format!("{tick:.0e}").replace('-', "−");
    }
    let decimals = (-(step * 1.0001).log10().floor()).max(0.0) as usize;
    let text = format!("{tick:.decimals$}");
    if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') {
        return text.trim_start_matches('-').to_owned();
    }
    text.replace('-', "−")
}

/// Returns the smallest of 1, 2 or 5 times a power of ten that is at least `step`.
fn round_step(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    let digit = step / power;
    let round = if digit <= 1.0 {
        1.0
    } else if digit <= 2.0 {
        2.0
    } else if digit <= 5.0 {
        5.0
    } else {
        10.0
    };
    round * power
}

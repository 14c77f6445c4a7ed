//! A spectrum: what was observed, what the model decodes over it, the residual below, the main lines marked.

use plotters_backend::DrawingBackend;

use super::axis::{Axis, Frame};
use super::palette::{Rgb, Theme};
use super::pen::{Anchor, Drawn, Pen};
use crate::spectrum::grid;

/// A spectral line to mark.
#[derive(Debug, Clone, PartialEq)]
pub struct LineMark {
    /// As it stands above the plot: "H α".
    pub label: String,
    /// Vacuum wavelength, Angstrom.
    pub wavelength: f64,
    /// Whether it is named before the others where room is short.
    pub main: bool,
}

/// What to draw. Every part may be absent.
#[derive(Debug, Clone, Copy, Default)]
pub struct SpectrumPlot<'a> {
    /// `[1000]` flux and inverse variance as observed.
    pub observed: Option<(&'a [f32], &'a [f32])>,
    /// `[1000]` flux as decoded.
    pub decoded: Option<&'a [f32]>,
    /// Lines to mark.
    pub lines: &'a [LineMark],
}

/// Sigmas at the ends of the residual's axis, at most.
const MOST_SIGMAS: f64 = 10.0;

/// `[1000]` (observed - decoded) in standard errors; NaN where masked.
pub fn residuals(flux: &[f32], ivar: &[f32], decoded: &[f32]) -> Vec<f32> {
    let pixels = flux.iter().zip(ivar).zip(decoded);
    pixels.map(|((&x, &w), &y)| if w > 0.0 { (x - y) * w.sqrt() } else { f32::NAN }).collect()
}

/// Mean over unmasked pixels of (observed - decoded)^2 ivar; none where all is masked.
pub fn chi2(flux: &[f32], ivar: &[f32], decoded: &[f32]) -> Option<f64> {
    let squares: Vec<f64> = residuals(flux, ivar, decoded)
        .into_iter()
        .filter(|sigma| sigma.is_finite())
        .map(|sigma| f64::from(sigma).powi(2))
        .collect();
    (!squares.is_empty()).then(|| squares.iter().sum::<f64>() / squares.len() as f64)
}

impl SpectrumPlot<'_> {
    /// Draws into `width` x `height` CSS pixels.
    pub fn draw<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, width: f64, height: f64) -> Drawn<DB> {
        let with_residual = self.observed.is_some() && self.decoded.is_some();
        let residual_height = if with_residual { (height * 0.2).clamp(48.0, 110.0) } else { 0.0 };
        let gap = if with_residual { 14.0 } else { 0.0 };
        let x = Axis::linear(grid::wavelength(0.0), grid::wavelength(grid::PIXELS as f64 - 1.0));
        let bottom = height - 42.0;
        let upper = Frame {
            left: 52.0,
            top: 34.0,
            right: width - 10.0,
            bottom: bottom - residual_height - gap,
            x,
            y: self.flux_axis(),
        };
        let lower = Frame { top: bottom - residual_height, bottom, y: self.residual_axis(), ..upper };

        self.draw_masked(pen, theme, &upper, if with_residual { lower.bottom } else { upper.bottom })?;
        let ticks = upper.y.ticks(((upper.bottom - upper.top) / 55.0).max(2.0) as usize);
        upper.draw_grid(pen, theme, &ticks)?;
        self.draw_lines(pen, theme, &upper)?;
        upper.draw_y(pen, theme, "flux / root mean square", &ticks)?;
        self.draw_flux(pen, theme, &upper)?;
        if with_residual {
            self.draw_residual(pen, theme, &lower)?;
        }
        let base = if with_residual { lower } else { upper };
        base.draw_x(pen, theme, "rest-frame vacuum wavelength / Å")
    }

    /// From zero or just below the faintest, to a round value above the brightest, so that it rarely jumps as the
    /// decoded spectrum changes.
    fn flux_axis(&self) -> Axis {
        let mut low = 0f64;
        let mut high = 1.2f64;
        if let Some((flux, ivar)) = self.observed {
            let good = flux.iter().zip(ivar).filter(|(x, w)| **w > 0.0 && x.is_finite()).map(|(x, _)| f64::from(*x));
            let mut sorted: Vec<f64> = good.collect();
            sorted.sort_by(f64::total_cmp);
            if let Some(last) = sorted.len().checked_sub(1) {
                low = low.min(sorted[last / 200]);
                high = high.max(sorted[last - last / 500]);
            }
        }
        for &value in self.decoded.unwrap_or_default().iter().filter(|value| value.is_finite()) {
            low = low.min(f64::from(value));
            high = high.max(f64::from(value));
        }
        let steps = [1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0, 40.0];
        let top = steps.into_iter().find(|step| *step >= high * 1.02).unwrap_or(high * 1.05);
        Axis::linear(if low < -0.02 { (low * 4.0).floor() / 4.0 } else { 0.0 }, top)
    }

    fn residual_axis(&self) -> Axis {
        let (Some((flux, ivar)), Some(decoded)) = (self.observed, self.decoded) else {
            return Axis::linear(-5.0, 5.0);
        };
        let most =
            residuals(flux, ivar, decoded).into_iter().filter(|s| s.is_finite()).fold(0f32, |a, b| a.max(b.abs()));
        let end = if f64::from(most) <= 5.0 { 5.0 } else { MOST_SIGMAS };
        Axis::linear(-end, end)
    }

    fn draw_masked<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        theme: &Theme,
        frame: &Frame,
        bottom: f64,
    ) -> Drawn<DB> {
        let Some((_, ivar)) = self.observed else { return Ok(()) };
        for (first, last) in runs(ivar, |weight| weight <= 0.0) {
            let from = frame.x_at(grid::wavelength(first as f64 - 0.5)).max(frame.left);
            let to = frame.x_at(grid::wavelength(last as f64 + 0.5)).min(frame.right);
            pen.fill_rect((from, frame.top), (to.max(from + 0.75), bottom), theme.masked, 0.7)?;
        }
        Ok(())
    }

    fn draw_lines<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, frame: &Frame) -> Drawn<DB> {
        let mut marks: Vec<&LineMark> = self.lines.iter().collect();
        marks.sort_by(|a, b| b.main.cmp(&a.main).then(a.wavelength.total_cmp(&b.wavelength)));
        // Two rows of names; one that would touch a name already set goes to the other row, or is left out.
        let mut taken: [Vec<(f64, f64)>; 2] = [Vec::new(), Vec::new()];
        let mut named: Vec<(f64, &str)> = Vec::new();
        for mark in marks {
            let x = frame.x_at(mark.wavelength);
            if !(frame.left..=frame.right).contains(&x) {
                continue;
            }
            pen.curve([(x, frame.top), (x, frame.bottom)], theme.muted, if theme.dark { 0.45 } else { 0.4 }, 0.75)?;
            if named.iter().any(|(other, label)| *label == mark.label && (x - other).abs() < 40.0) {
                continue;
            }
            let half = mark.label.chars().count() as f64 * 3.1 + 3.0;
            let middle = x.clamp(frame.left + half, frame.right - half);
            let free = |row: &Vec<(f64, f64)>| row.iter().all(|(a, b)| middle + half < *a || middle - half > *b);
            let Some(row) = taken.iter().position(free) else { continue };
            taken[row].push((middle - half, middle + half));
            named.push((x, &mark.label));
            let y = frame.top - 8.0 - 14.0 * row as f64;
            pen.text(&mark.label, (middle, y), 11.0, theme.muted, Anchor::Middle)?;
        }
        Ok(())
    }

    fn draw_flux<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, frame: &Frame) -> Drawn<DB> {
        let place = |pixel: usize, value: f32| {
            let y = frame.y_at(f64::from(value)).clamp(frame.top, frame.bottom);
            (frame.x_at(grid::wavelength(pixel as f64)), y)
        };
        if let Some((flux, ivar)) = self.observed {
            // Infilled pixels were not observed: the curve goes on through them, faintly.
            for (color, opacity, masked) in [(theme.observed, 0.4, true), (theme.observed, 1.0, false)] {
                for (first, last) in runs(ivar, |weight| (weight <= 0.0) == masked) {
                    let end = if masked { (last + 1).min(flux.len() - 1) } else { last };
                    let start = if masked { first.saturating_sub(1) } else { first };
                    let path = (start..=end).filter(|&i| flux[i].is_finite()).map(|i| place(i, flux[i]));
                    pen.curve(path, color, opacity, 1.0)?;
                }
            }
        }
        if let Some(decoded) = self.decoded {
            let path = decoded.iter().enumerate().filter(|(_, value)| value.is_finite());
            pen.curve(path.map(|(i, &value)| place(i, value)), theme.decoded, 1.0, 1.5)?;
        }
        Ok(())
    }

    fn draw_residual<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, frame: &Frame) -> Drawn<DB> {
        let (Some((flux, ivar)), Some(decoded)) = (self.observed, self.decoded) else { return Ok(()) };
        let end = frame.y.max;
        let one = (frame.y_at(1.0), frame.y_at(-1.0));
        pen.fill_rect((frame.left, one.0), (frame.right, one.1), theme.decoded, 0.12)?;
        let sigmas = residuals(flux, ivar, decoded);
        for (first, last) in runs(&sigmas, f32::is_finite) {
            let path = (first..=last).map(|i| {
                let value = f64::from(sigmas[i]).clamp(-end, end);
                (frame.x_at(grid::wavelength(i as f64)), frame.y_at(value))
            });
            pen.curve(path, theme.ink.toward(theme.background, 0.25), 1.0, 0.75)?;
        }
        pen.line((frame.left, frame.y_at(0.0)), (frame.right, frame.y_at(0.0)), theme.decoded, 1.0)?;
        frame.draw_y(pen, theme, "residual / σ", &[-end, 0.0, end])
    }
}

/// First and last index of every run of values that satisfy `is`.
fn runs<T: Copy>(values: &[T], is: impl Fn(T) -> bool) -> Vec<(usize, usize)> {
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

/// A colour is part of the plot's contract: the decoded spectrum looks the same wherever it is named.
impl SpectrumPlot<'_> {
    /// The colours of the legend: observed, decoded.
    pub fn legend(theme: &Theme) -> [(&'static str, Rgb); 2] {
        [("observed", theme.observed), ("decoded", theme.decoded)]
    }
}

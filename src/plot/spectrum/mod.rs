//! A spectrum: what was observed, what the model decodes over it, the residual below, the main lines marked; any part of
//! it larger, other spectra to compare with, and how a selection of many spreads.

mod layout;
mod regions;
mod spread;
mod thumbnail;
mod trace;

use plotters_backend::DrawingBackend;

use super::axis::Frame;
use super::palette::{Rgb, Theme};
use super::pen::{Anchor, Drawn, Pen};
use crate::spectrum::grid;

pub use layout::{Reading, SpectrumFrames, shown_range};
pub use regions::{REGIONS, Region};
pub use spread::{Spread, spread_of};
pub use thumbnail::thumbnail_path;

use trace::Trace;

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

/// Another spectrum to compare with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PinnedCurve<'a> {
    /// For the legend.
    pub label: &'a str,
    /// `[1000]` normalised flux; NaN breaks the curve.
    pub flux: &'a [f32],
    /// Its colour, as of [`Theme::pinned`].
    pub color: Rgb,
}

/// What to draw. Every part may be absent.
#[derive(Debug, Clone, Copy, Default)]
pub struct SpectrumPlot<'a> {
    /// `[1000]` flux and inverse variance as observed.
    pub observed: Option<(&'a [f32], &'a [f32])>,
    /// `[1000]` flux as decoded.
    pub decoded: Option<&'a [f32]>,
    /// `[1000]` one standard deviation of the decoded flux, from the variance of the latents.
    pub band: Option<&'a [f32]>,
    /// A selection of many spectra.
    pub spread: Option<&'a Spread>,
    /// Spectra to compare with, four at most.
    pub pinned: &'a [PinnedCurve<'a>],
    /// Lines to mark.
    pub lines: &'a [LineMark],
    /// Wavelengths shown, Angstrom in vacuum; held to the grid by [`shown_range`]. None for the whole grid.
    pub range: Option<(f64, f64)>,
    /// Wavelengths between which the pointer drags, either end first.
    pub brush: Option<(f64, f64)>,
    /// Whether names and colours are listed in the plot itself, as an exported picture needs.
    pub legend: bool,
}

/// One line of a legend.
#[derive(Debug, Clone, PartialEq)]
pub struct LegendEntry {
    /// What it names.
    pub label: String,
    /// Its colour.
    pub color: Rgb,
    /// Whether it is an area instead of a curve.
    pub area: bool,
}

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
        let SpectrumFrames { flux: upper, residual: lower } = self.frames(width, height);
        let base = lower.unwrap_or(upper);

        self.draw_masked(pen, theme, &upper, base.bottom)?;
        let ticks = upper.y.ticks(((upper.bottom - upper.top) / 55.0).max(2.0) as usize);
        upper.draw_grid(pen, theme, &ticks)?;
        self.draw_brush(pen, theme, &upper, base.bottom)?;
        self.draw_lines(pen, theme, &upper)?;
        upper.draw_y(pen, theme, "flux / root mean square", &ticks)?;
        self.draw_flux(pen, theme, &upper)?;
        if let Some(lower) = &lower {
            self.draw_residual(pen, theme, lower)?;
        }
        if self.legend {
            self.draw_legend(pen, theme, &upper)?;
        }
        // A number too near the right side would be cut in half.
        let ticks = base.x.ticks(((base.right - base.left) / 90.0).max(2.0) as usize);
        let ticks: Vec<f64> = ticks.into_iter().filter(|&tick| base.x_at(tick) <= base.right - 6.0).collect();
        base.draw_x_at(pen, theme, "rest-frame vacuum wavelength / Å", &ticks)
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
            if from <= frame.right && to >= frame.left {
                pen.fill_rect((from, frame.top), (to.max(from + 0.75), bottom), theme.masked, 0.7)?;
            }
        }
        Ok(())
    }

    fn draw_brush<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        theme: &Theme,
        frame: &Frame,
        bottom: f64,
    ) -> Drawn<DB> {
        let Some((a, b)) = self.brush.filter(|(a, b)| a.is_finite() && b.is_finite()) else { return Ok(()) };
        let place = |wavelength: f64| frame.x_at(wavelength).clamp(frame.left, frame.right.max(frame.left));
        let (from, to) = (place(a.min(b)), place(a.max(b)));
        pen.fill_rect((from, frame.top), (to, bottom), theme.ink, 0.1)?;
        for x in [from, to] {
            pen.curve([(x, frame.top), (x, bottom)], theme.ink, 0.6, 1.0)?;
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
            if frame.right - frame.left < 2.0 * half {
                continue;
            }
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
        let trace = Trace::new(*frame, self.window());
        if let Some(spread) = self.spread {
            trace.area(pen, &spread.low, &spread.high, theme.spread, 0.22)?;
        }
        if let (Some(decoded), Some(band)) = (self.decoded, self.band) {
            let edge = |sign: f32| decoded.iter().zip(band).map(move |(x, s)| x + sign * s).collect::<Vec<f32>>();
            trace.area(pen, &edge(-1.0), &edge(1.0), theme.decoded, 0.25)?;
        }
        if let Some((flux, ivar)) = self.observed {
            // Infilled pixels were not observed: the curve goes on through them, faintly.
            for (color, opacity, masked) in [(theme.observed, 0.4, true), (theme.observed, 1.0, false)] {
                for (first, last) in runs(ivar, |weight| (weight <= 0.0) == masked) {
                    let end = if masked { last + 1 } else { last };
                    let start = if masked { first.saturating_sub(1) } else { first };
                    trace.curve(pen, flux, (start, end), (color, opacity, 1.0))?;
                }
            }
        }
        if let Some(spread) = self.spread {
            trace.curves(pen, &spread.mean, theme.spread, 1.5)?;
        }
        for pinned in self.pinned {
            trace.curves(pen, pinned.flux, pinned.color, 1.25)?;
        }
        if let Some(decoded) = self.decoded {
            trace.curve(pen, decoded, (0, decoded.len()), (theme.decoded, 1.0, 1.5))?;
        }
        Ok(())
    }

    fn draw_residual<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, frame: &Frame) -> Drawn<DB> {
        let (Some((flux, ivar)), Some(decoded)) = (self.observed, self.decoded) else { return Ok(()) };
        let end = frame.y.max;
        let one = (frame.y_at(1.0), frame.y_at(-1.0));
        pen.fill_rect((frame.left, one.0), (frame.right, one.1), theme.decoded, 0.12)?;
        let sigmas = residuals(flux, ivar, decoded);
        let trace = Trace::new(*frame, self.window());
        trace.curves(pen, &sigmas, theme.ink.toward(theme.background, 0.25), 0.75)?;
        pen.line((frame.left, frame.y_at(0.0)), (frame.right, frame.y_at(0.0)), theme.decoded, 1.0)?;
        frame.draw_y(pen, theme, "residual / σ", &[-end, 0.0, end])
    }

    fn draw_legend<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, frame: &Frame) -> Drawn<DB> {
        let entries = self.entries(theme);
        let longest = entries.iter().map(|entry| entry.label.chars().count()).max().unwrap_or(0) as f64;
        let left = (frame.right - 40.0 - 6.4 * longest).max(frame.left + 6.0);
        let bottom = frame.top + 9.0 + 16.0 * entries.len() as f64;
        pen.fill_rect((left - 6.0, frame.top + 3.0), (frame.right - 3.0, bottom), theme.background, 0.85)?;
        for (row, entry) in entries.iter().enumerate() {
            let y = frame.top + 14.0 + 16.0 * row as f64;
            match entry.area {
                true => pen.fill_rect((left, y - 5.0), (left + 24.0, y + 5.0), entry.color, 0.25)?,
                false => pen.curve([(left, y), (left + 24.0, y)], entry.color, 1.0, 1.75)?,
            }
            pen.text(&entry.label, (left + 31.0, y), 11.0, theme.ink, Anchor::Start)?;
        }
        Ok(())
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

    /// Everything that this plot shows, named.
    pub fn entries(&self, theme: &Theme) -> Vec<LegendEntry> {
        let curve = |label: &str, color: Rgb| LegendEntry { label: label.to_owned(), color, area: false };
        let mut entries = Vec::new();
        entries.extend(self.observed.map(|_| curve("observed", theme.observed)));
        entries.extend(self.decoded.map(|_| curve("decoded", theme.decoded)));
        let band = self.decoded.and(self.band).map(|_| curve("decoded ± 1 σ of the latents", theme.decoded));
        entries.extend(band.map(|entry| LegendEntry { area: true, ..entry }));
        entries.extend(self.spread.map(|spread| curve(&spread.label(), theme.spread)));
        entries.extend(self.pinned.iter().map(|pinned| curve(pinned.label, pinned.color)));
        entries
    }
}

//! The layout of a spectrum plot: its frames, the wavelengths shown, and the values under the pointer.

use std::borrow::Cow;

use super::content::SpectrumPlot;
use super::residuals::residuals;
use super::smoothing::smoothed;
use crate::plot::axis::{Axis, Frame};
use crate::spectrum::grid::{self, PIXELS};

/// The frames of a spectrum plot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpectrumFrames {
    /// Frame of flux against wavelength.
    pub flux: Frame,
    /// Frame of the residual below; `None` unless there are both an observed and a decoded spectrum.
    pub residual: Option<Frame>,
}

/// The values at one pixel of the grid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Pixel, 0..999.
    pub pixel: usize,
    /// Rest-frame vacuum wavelength, Angstrom.
    pub wavelength: f64,
    /// Observed flux, smoothed as the curve is; `None` where there is no observed spectrum, or the pixel is masked.
    pub observed: Option<f32>,
    /// Whether the observed pixel is masked.
    pub masked: bool,
    /// Decoded flux.
    pub decoded: Option<f32>,
    /// (observed - decoded) in standard errors.
    pub residual: Option<f32>,
}

/// Margins at the left and right of the frames, CSS pixels.
const LEFT: f64 = 52.0;
const RIGHT: f64 = 10.0;

/// Narrowest range that a plot shows, Angstrom: some ten pixels.
const NARROWEST: f64 = 20.0;

/// Ends of the residual's axis, standard errors.
const SIGMAS: [f64; 9] = [3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];

/// Returns the wavelengths that a plot shows for a range: in order, within the grid, at least 20 Angstrom wide. The whole grid for no range,
/// or one that is not finite or lies outside the grid.
pub fn shown_range(range: Option<(f64, f64)>) -> (f64, f64) {
    let grid = (grid::wavelength(0.0), grid::wavelength(PIXELS as f64 - 1.0));
    let Some((a, b)) = range.filter(|(a, b)| a.is_finite() && b.is_finite()) else { return grid };
    let (from, to) = (a.min(b), a.max(b));
    if to <= grid.0 || from >= grid.1 {
        return grid;
    }
    let (from, to) = (from.max(grid.0), to.min(grid.1));
    let missing = (NARROWEST - (to - from)).max(0.0) / 2.0;
    let (from, to) = (from - missing, to + missing);
    // A range widened beyond an end moves back inside.
    let inward = (grid.0 - from).max(0.0) - (to - grid.1).max(0.0);
    ((from + inward).max(grid.0), (to + inward).min(grid.1))
}

impl SpectrumPlot<'_> {
    /// Returns the frames of a plot of `width` x `height` CSS pixels, as [`SpectrumPlot::draw`] uses them.
    pub fn frames(&self, width: f64, height: f64) -> SpectrumFrames {
        let with_residual = self.observed.is_some() && self.decoded.is_some() && !self.unrelated;
        let residual_height = if with_residual { (height * 0.2).clamp(48.0, 110.0) } else { 0.0 };
        let gap = if with_residual { 14.0 } else { 0.0 };
        let bottom = height - 42.0;
        let flux = Frame {
            left: LEFT,
            top: 34.0,
            right: width - RIGHT,
            bottom: bottom - residual_height - gap,
            x: x_axis(self.range),
            y: self.flux_axis(),
        };
        let residual =
            with_residual.then(|| Frame { top: bottom - residual_height, bottom, y: self.residual_axis(), ..flux });
        SpectrumFrames { flux, residual }
    }

    /// Returns the rest-frame vacuum wavelength in Angstrom at `x` CSS pixels from the left of a plot `width` wide that shows `range`; outside
    /// the frame, that of its nearer end.
    pub fn wavelength_at(x: f64, width: f64, range: Option<(f64, f64)>) -> f64 {
        let length = width - RIGHT - LEFT;
        let fraction = if length > 0.0 && x.is_finite() { ((x - LEFT) / length).clamp(0.0, 1.0) } else { 0.0 };
        x_axis(range).value(fraction)
    }

    /// Returns the distance of a wavelength from the left, CSS pixels: the inverse of [`SpectrumPlot::wavelength_at`].
    pub fn x_at(wavelength: f64, width: f64, range: Option<(f64, f64)>) -> f64 {
        LEFT + (width - RIGHT - LEFT) * x_axis(range).fraction(wavelength)
    }

    /// Returns the values at the pixel nearest to `x` CSS pixels from the left; `None` outside the frame.
    pub fn reading(&self, x: f64, width: f64) -> Option<Reading> {
        if !(LEFT..=width - RIGHT).contains(&x) {
            return None;
        }
        let nearest = grid::pixel(Self::wavelength_at(x, width, self.range)).round();
        let pixel = (nearest.max(0.0) as usize).min(PIXELS - 1);
        let at = |values: &[f32]| values.get(pixel).copied().filter(|value| value.is_finite());
        let weight = self.observed.and_then(|(_, ivar)| ivar.get(pixel).copied());
        let good = weight.filter(|weight| *weight > 0.0);
        let observed = good.and(self.observed).and_then(|(flux, _)| at(flux));
        let decoded = self.decoded.and_then(at);
        let related = good.filter(|_| !self.unrelated);
        let residual = observed.zip(decoded).zip(related).map(|((x, y), weight)| (x - y) * weight.sqrt());
        let masked = weight.is_some() && good.is_none();
        let observed = observed.and(self.observed_shown()).and_then(|flux| at(&flux));
        Some(Reading { pixel, wavelength: grid::wavelength(pixel as f64), observed, masked, decoded, residual })
    }

    /// Returns the observed flux `[1000]` that is drawn: smoothed where that is wanted.
    pub(super) fn observed_shown(&self) -> Option<Cow<'_, [f32]>> {
        let (flux, ivar) = self.observed?;
        Some(if self.smoothing > 1 { Cow::Owned(smoothed(flux, ivar, self.smoothing)) } else { Cow::Borrowed(flux) })
    }

    /// Returns the first and the last fractional pixel shown.
    pub(super) fn window(&self) -> (f64, f64) {
        let (from, to) = shown_range(self.range);
        // The ends of the grid are pixel centres, but for rounding.
        let snap = |pixel: f64| if (pixel - pixel.round()).abs() < 1e-6 { pixel.round() } else { pixel };
        let last = PIXELS as f64 - 1.0;
        (snap(grid::pixel(from)).clamp(0.0, last), snap(grid::pixel(to)).clamp(0.0, last))
    }

    /// Returns whether less than the whole grid is shown.
    fn zoomed(&self) -> bool {
        shown_range(self.range) != shown_range(None)
    }

    /// Returns the values `[1000]` of the pixels within the window.
    fn within_window<'v>(&self, values: &'v [f32]) -> &'v [f32] {
        let (from, to) = self.window();
        let last = (to.floor() as usize + 1).min(values.len());
        &values[(from.ceil() as usize).min(last)..last]
    }

    /// Returns the flux axis. For the whole spectrum it goes from zero, or just below the faintest pixel, to a round value above the brightest, so
    /// that it rarely changes with the decoded spectrum. For a part of it, it is the range of that part between round values.
    fn flux_axis(&self) -> Axis {
        let zoomed = self.zoomed();
        let (mut low, mut high) = if zoomed { (f64::INFINITY, f64::NEG_INFINITY) } else { (0.0, 1.2) };
        let mut include = |values: &mut dyn Iterator<Item = f32>| {
            for value in values.filter(|value| value.is_finite()).map(f64::from) {
                low = low.min(value);
                high = high.max(value);
            }
        };
        if let (Some((_, ivar)), Some(flux)) = (self.observed, self.observed_shown()) {
            let pairs = self.within_window(&flux).iter().zip(self.within_window(ivar));
            let mut sorted: Vec<f32> = pairs.filter(|(x, w)| **w > 0.0 && x.is_finite()).map(|(x, _)| *x).collect();
            sorted.sort_by(f32::total_cmp);
            // A few outlying pixels may lie outside.
            if let Some(last) = sorted.len().checked_sub(1) {
                include(&mut [sorted[last / 200], sorted[last - last / 500]].into_iter());
            }
        }
        include(&mut self.within_window(self.decoded.unwrap_or_default()).iter().copied());
        for pinned in self.pinned {
            include(&mut self.within_window(pinned.flux).iter().copied());
        }
        if let Some(spread) = self.spread {
            include(&mut self.within_window(&spread.low).iter().chain(self.within_window(&spread.high)).copied());
        }
        if zoomed {
            return between_round_values(low, high);
        }
        let steps = [1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0, 40.0];
        let top = steps.into_iter().find(|step| *step >= high * 1.02).unwrap_or(high * 1.05);
        Axis::linear(if low < -0.02 { (low * 4.0).floor() / 4.0 } else { 0.0 }, top)
    }

    fn residual_axis(&self) -> Axis {
        let (Some((flux, ivar)), Some(decoded)) = (self.observed, self.decoded) else {
            return Axis::linear(-SIGMAS[0], SIGMAS[0]);
        };
        let sigmas = residuals(self.within_window(flux), self.within_window(ivar), self.within_window(decoded));
        let mut sizes: Vec<f32> = sigmas.into_iter().map(f32::abs).filter(|size| size.is_finite()).collect();
        sizes.sort_by(f32::total_cmp);
        // One pixel in two hundred may lie beyond, where it is marked.
        let most = sizes.len().checked_sub(1).map_or(0.0, |last| f64::from(sizes[last - last / 200]));
        let end = SIGMAS.into_iter().find(|end| *end >= most).unwrap_or(most);
        Axis::linear(-end, end)
    }
}

fn x_axis(range: Option<(f64, f64)>) -> Axis {
    let (from, to) = shown_range(range);
    Axis::linear(from, to)
}

/// Returns an axis that contains both values with a margin, its ends on a grid of about a tenth of its length, so that it rarely changes while
/// a slider moves.
fn between_round_values(low: f64, high: f64) -> Axis {
    if low > high {
        return Axis::linear(0.0, 1.5);
    }
    let margin = ((high - low) * 0.05).max(0.02);
    let (low, high) = (low - margin, high + margin);
    let step = 10f64.powf(((high - low) / 5.0).log10().floor());
    Axis::linear((low / step).floor() * step, (high / step).ceil() * step)
}

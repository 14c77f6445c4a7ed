//! The content of a spectrum plot.

use super::spread::Spread;
use crate::plot::palette::Rgb;

/// A mark at a spectral line.
#[derive(Debug, Clone, PartialEq)]
pub struct LineMark {
    /// Label above the plot.
    pub label: String,
    /// Vacuum wavelength, Angstrom.
    pub wavelength: f64,
    /// Whether it is labelled before the others where there is no space for all.
    pub main: bool,
}

/// A pinned spectrum to compare with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PinnedCurve<'a> {
    /// Name in the legend.
    pub label: &'a str,
    /// `[1000]` normalised flux; NaN breaks the curve.
    pub flux: &'a [f32],
    /// Colour, one of [`crate::plot::Theme::pinned`].
    pub color: Rgb,
}

/// The content of a spectrum plot. Every part may be absent.
#[derive(Debug, Clone, Copy, Default)]
pub struct SpectrumPlot<'a> {
    /// `[1000]` observed flux and its inverse variance.
    pub observed: Option<(&'a [f32], &'a [f32])>,
    /// `[1000]` decoded flux.
    pub decoded: Option<&'a [f32]>,
    /// `[1000]` standard deviation of the decoded flux that follows from the variance of the latents.
    pub band: Option<&'a [f32]>,
    /// Mean and percentiles of a selection.
    pub spread: Option<&'a Spread>,
    /// Pinned spectra, four at most.
    pub pinned: &'a [PinnedCurve<'a>],
    /// Marks at lines.
    pub lines: &'a [LineMark],
    /// Wavelengths shown, Angstrom in vacuum, clamped to the grid by [`super::shown_range`]; `None` for the whole grid.
    pub range: Option<(f64, f64)>,
    /// Wavelengths between which the pointer drags, in either order.
    pub brush: Option<(f64, f64)>,
    /// Tells that the decoded spectrum is none of the observed one: then there is no residual, and observed flux is pale.
    pub unrelated: bool,
    /// Pixels that observed flux is averaged over by [`super::smoothed`]; the residual is that of single pixels. 0 and 1 for none.
    pub smoothing: usize,
}

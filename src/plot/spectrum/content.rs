//! What a spectrum plot shows.

use super::spread::Spread;
use crate::plot::palette::Rgb;

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

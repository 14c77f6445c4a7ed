//! The preprocessing, in order: rest frame, rebin, mask ([`to_rest_frame`]), then infill and normalise ([`finish`]).

use super::infill::InfillBasis;
use super::mask::{self, MaskOptions};
use super::normalize::{self, Normalization};
use super::rebin::{self, ErrorRule};
use crate::spectrum::{Class, GridSpectrum, ObservedSpectrum, PIXELS, RestFrameSpectrum, SpectrumError};

/// Every number of the preprocessing. Build it by [`PipelineOptions::standard`] or [`PipelineOptions::astroml`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PipelineOptions {
    /// How errors are rebinned.
    pub errors: ErrorRule,
    /// How bad pixels are found.
    pub mask: MaskOptions,
    /// Lowest redshift: 0.
    pub min_redshift: f64,
    /// Highest redshift: the paper's 0.36.
    pub max_redshift: f64,
    /// Stars may be this far below or above redshift 0: 0.01, or 3000 km/s.
    pub max_star_redshift: f64,
    /// Good pixels needed, of 1000: 200.
    pub min_good: usize,
}

impl PipelineOptions {
    /// The paper's steps, corrected: errors in quadrature, emission lines not masked.
    pub fn standard() -> Self {
        Self {
            errors: ErrorRule::Quadrature,
            mask: MaskOptions::standard(),
            min_redshift: 0.0,
            max_redshift: 0.36,
            max_star_redshift: 0.01,
            min_good: PIXELS / 5,
        }
    }

    /// The paper's steps as astroML 1.0.2 does them, to rounding.
    pub fn astroml() -> Self {
        Self { errors: ErrorRule::AstroMl, mask: MaskOptions::astroml(), ..Self::standard() }
    }
}

/// The file's redshift.
///
/// # Errors
/// [`SpectrumError::NoRedshift`] where it has none.
pub fn redshift_of(observed: &ObservedSpectrum) -> Result<f64, SpectrumError> {
    observed.redshift.ok_or(SpectrumError::NoRedshift)
}

/// Puts an observed spectrum on the grid and masks it.
///
/// # Errors
/// A redshift that is not a number or outside the options' range (stars: near 0), arrays of unequal length, a spectrum beside
/// the grid, one with too few good pixels, one of zeros.
pub fn to_rest_frame(
    observed: &ObservedSpectrum,
    redshift: f64,
    options: &PipelineOptions,
) -> Result<RestFrameSpectrum, SpectrumError> {
    check_redshift(observed.class, redshift, options)?;
    let rebinned = rebin::rebin(observed, redshift, options.errors)?;
    let mask = mask::compute(&rebinned, &options.mask);
    let usable = |i: usize| !mask[i] && rebinned.error[i] > 0.0 && rebinned.flux[i].is_finite();
    let mask: Vec<bool> = (0..PIXELS).map(|i| !usable(i)).collect();
    let good = mask.iter().filter(|&&bad| !bad).count();
    if good < options.min_good {
        return Err(SpectrumError::TooFewPixels { good, needed: options.min_good });
    }
    let inverse = |i: usize| (rebinned.error[i].powi(-2)).min(f64::from(f32::MAX)) as f32;
    let ivar = (0..PIXELS).map(|i| if mask[i] { 0.0 } else { inverse(i) }).collect();
    let flux: Vec<f32> = (0..PIXELS).map(|i| if mask[i] { 0.0 } else { rebinned.flux[i] as f32 }).collect();
    if flux.iter().all(|&f| f == 0.0) {
        return Err(SpectrumError::NoFlux);
    }
    Ok(RestFrameSpectrum { flux, ivar, mask })
}

/// Fills masked pixels from `basis` and normalises; the inverse variance of unmasked pixels is scaled with the flux, that of
/// masked ones is 0.
pub fn finish(rest: &RestFrameSpectrum, basis: &InfillBasis, normalization: Normalization) -> GridSpectrum {
    let mut flux = basis.fill_scaled(&rest.flux, &rest.mask);
    let mut ivar: Vec<f32> = rest.ivar.iter().zip(&rest.mask).map(|(&v, &bad)| if bad { 0.0 } else { v }).collect();
    let norm = normalization.of(&flux);
    normalize::apply(&mut flux, &mut ivar, norm);
    GridSpectrum { flux, ivar, norm }
}

fn check_redshift(class: Class, redshift: f64, options: &PipelineOptions) -> Result<(), SpectrumError> {
    if !redshift.is_finite() {
        return Err(SpectrumError::NoRedshift);
    }
    if class == Class::Star && redshift.abs() < options.max_star_redshift {
        return Ok(());
    }
    if redshift < options.min_redshift || redshift > options.max_redshift {
        return Err(SpectrumError::RedshiftOutside { redshift, low: options.min_redshift, high: options.max_redshift });
    }
    Ok(())
}

//! The recipe: every option on the way from an observed spectrum to the input of a model. It is part of a set and of every model trained
//! on it.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::infill::InfillBasis;
use super::mask::{self, MaskOptions};
use super::normalize::{self, Normalization};
use super::rebin::{self, ErrorRule};
use crate::spectrum::{GridSpectrum, ObservedSpectrum, PIXELS, RestFrameSpectrum, SpectrumError};

/// Lowest and highest redshift of a spectrum: the paper's range, and below 0 what comes towards us by up to 3000 km/s (stars, M31, M86).
pub const REDSHIFT_RANGE: (f64, f64) = (-0.01, 0.36);
/// Smallest number of good pixels of a spectrum on the grid.
const MIN_GOOD: usize = PIXELS / 5;

/// The preparation of observed spectra for a model. [`Recipe::standard`] builds it, or it is read from a manifest or a model card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// Steps by which a spectrum is rebinned and masked.
    pub steps: Steps,
    /// Normalisation of the flux.
    pub normalization: Normalization,
}

/// The steps by which a spectrum is put on the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Steps {
    /// Steps of the paper with corrections: errors in quadrature, emission lines not masked.
    Standard,
    /// Steps of the paper as in astroML 1.0.2, to rounding.
    Astroml,
}

/// The error of a set and a model with different recipes.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "the model `{model}` takes spectra prepared with {expected}, and the set `{set}` was prepared with {found}: choose a model trained \
     on this set, or preprocess the set's spectra again with {options}"
)]
pub struct RecipeMismatch {
    /// Name of the model.
    pub model: String,
    /// Name of the set.
    pub set: String,
    /// Recipe of the model.
    pub expected: Recipe,
    /// Recipe of the set.
    pub found: Recipe,
    /// Recipe of the model as options of `preprocess`.
    options: String,
}

impl Recipe {
    /// Returns the recipe of the simulated sets and of every model older than recipes: the corrected steps, and flux divided by its root
    /// mean square.
    pub fn standard() -> Self {
        Self { steps: Steps::Standard, normalization: Normalization::Rms }
    }

    /// Prepares an observed spectrum for a model: to the rest frame at `redshift`, onto the grid, masked, infilled from the `basis` of
    /// the model (or of its set) and normalised.
    ///
    /// ```
    /// use spectrascape::formats;
    /// use spectrascape::preprocess::{InfillBasis, Recipe};
    ///
    /// let rows: Vec<String> = (0..4000).map(|i| format!("{},{},0.1", 3800 + i, 2 + i / 2000)).collect();
    /// let table = format!("wavelength,flux,error\n{}", rows.join("\n"));
    /// let observation = &formats::read("mine.csv", table.as_bytes())?[0];
    /// let basis = InfillBasis::mean_only(vec![1.0; 1000], 10);
    /// let prepared = Recipe::standard().prepare(&observation.spectrum, 0.1, &basis)?;
    /// let mean_square = prepared.flux.iter().map(|flux| flux * flux).sum::<f32>() / 1000.0;
    /// assert!((mean_square - 1.0).abs() < 1e-3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The errors of [`Recipe::to_rest_frame`].
    pub fn prepare(
        &self,
        observed: &ObservedSpectrum,
        redshift: f64,
        basis: &InfillBasis,
    ) -> Result<GridSpectrum, SpectrumError> {
        Ok(self.finish(&self.to_rest_frame(observed, redshift)?, basis))
    }

    /// Puts an observed spectrum on the grid and masks it: the first half of [`Recipe::prepare`], after which an infill basis can be
    /// fitted to the spectra of a set.
    ///
    /// # Errors
    /// A redshift that is not a number or outside [`REDSHIFT_RANGE`], arrays of unequal length, a spectrum without a pixel on the grid, one
    /// with too few good pixels, one of zeros.
    pub fn to_rest_frame(
        &self,
        observed: &ObservedSpectrum,
        redshift: f64,
    ) -> Result<RestFrameSpectrum, SpectrumError> {
        check_redshift(redshift)?;
        let rebinned = rebin::rebin(observed, redshift, self.steps.error_rule())?;
        let mask = mask::compute(&rebinned, &self.steps.mask_options());
        let usable = |i: usize| !mask[i] && rebinned.error[i] > 0.0 && rebinned.flux[i].is_finite();
        let mask: Vec<bool> = (0..PIXELS).map(|i| !usable(i)).collect();
        let good = mask.iter().filter(|&&bad| !bad).count();
        if good < MIN_GOOD {
            return Err(SpectrumError::TooFewPixels { good, needed: MIN_GOOD });
        }
        let inverse = |i: usize| (rebinned.error[i].powi(-2)).min(f64::from(f32::MAX)) as f32;
        let ivar = (0..PIXELS).map(|i| if mask[i] { 0.0 } else { inverse(i) }).collect();
        let flux: Vec<f32> = (0..PIXELS).map(|i| if mask[i] { 0.0 } else { rebinned.flux[i] as f32 }).collect();
        if flux.iter().all(|&f| f == 0.0) {
            return Err(SpectrumError::NoFlux);
        }
        Ok(RestFrameSpectrum { flux, ivar, mask })
    }

    /// Infills masked pixels from `basis` and normalises: the second half of [`Recipe::prepare`]. The inverse variance of unmasked pixels
    /// is scaled with the flux, that of masked ones is 0.
    pub fn finish(&self, rest: &RestFrameSpectrum, basis: &InfillBasis) -> GridSpectrum {
        let mut flux = basis.fill_scaled(&rest.flux, &rest.mask);
        let mut ivar: Vec<f32> = rest.ivar.iter().zip(&rest.mask).map(|(&v, &bad)| if bad { 0.0 } else { v }).collect();
        let norm = self.normalization.of(&flux);
        normalize::apply(&mut flux, &mut ivar, norm);
        GridSpectrum { flux, ivar, norm }
    }

    /// Checks that the recipe `found` of `set` is that of `model`, which is `self`.
    ///
    /// # Errors
    /// [`RecipeMismatch`], which names both recipes and says what to do.
    pub fn check(self, model: &str, set: &str, found: Recipe) -> Result<(), RecipeMismatch> {
        if self == found {
            return Ok(());
        }
        let options = format!("`--steps {} --norm {}`", self.steps.name(), self.normalization.name());
        Err(RecipeMismatch { model: model.to_owned(), set: set.to_owned(), expected: self, found, options })
    }
}

impl Default for Recipe {
    fn default() -> Self {
        Self::standard()
    }
}

impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} steps and {} normalisation", self.steps.name(), self.normalization.name())
    }
}

impl Steps {
    /// Returns the name that manifests and the command line use.
    pub fn name(self) -> &'static str {
        match self {
            Steps::Standard => "standard",
            Steps::Astroml => "astroml",
        }
    }

    fn error_rule(self) -> ErrorRule {
        match self {
            Steps::Standard => ErrorRule::Quadrature,
            Steps::Astroml => ErrorRule::AstroMl,
        }
    }

    fn mask_options(self) -> MaskOptions {
        match self {
            Steps::Standard => MaskOptions::standard(),
            Steps::Astroml => MaskOptions::astroml(),
        }
    }
}

/// Returns the redshift of a spectrum.
///
/// # Errors
/// [`SpectrumError::NoRedshift`] where it has none.
pub fn redshift_of(observed: &ObservedSpectrum) -> Result<f64, SpectrumError> {
    observed.redshift.ok_or(SpectrumError::NoRedshift)
}

fn check_redshift(redshift: f64) -> Result<(), SpectrumError> {
    if !redshift.is_finite() {
        return Err(SpectrumError::NoRedshift);
    }
    let (low, high) = REDSHIFT_RANGE;
    if redshift < low || redshift > high {
        return Err(SpectrumError::RedshiftOutside { redshift, low, high });
    }
    Ok(())
}

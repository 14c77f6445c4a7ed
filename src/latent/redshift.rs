//! Redshift by trial: a spectrum is put to rest at one redshift after another, and the one at which a model reconstructs it best
//! is taken.
//!
//! The trouble is in what "best" means. A trial's chi2 per pixel is over the part of the spectrum that then lies on the grid, so
//! a wrong redshift that pushes a strong line off the grid has an easier task than the right one. Therefore every trial answers
//! for the same observed pixels: those that it leaves off the grid are charged as if a smooth continuum (a polynomial, fitted once to
//! the observed spectrum) had been their model. Up to a constant that is sum w ((flux - reconstruction)^2 - (flux - continuum)^2)
//! over the pixels on the grid, and that is how it is computed.

use super::error::LatentError;
use super::redshift_scan::{Preparation, RedshiftScan};
use crate::preprocess::{InfillBasis, Normalization, PipelineOptions};
use crate::spectrum::ObservedSpectrum;

/// Lowest and highest trial redshift that the paper's models know.
pub const REDSHIFT_RANGE: (f64, f64) = (0.0, 0.36);
/// Speed of light, km/s.
pub const LIGHT_SPEED: f64 = 299_792.458;

/// Which redshifts are tried and how they are judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrialOptions {
    /// Lowest trial redshift: 0.
    pub low: f64,
    /// Highest trial redshift: 0.36.
    pub high: f64,
    /// Step of the first look, in pixels of the grid (269 km/s): 1.
    pub step: f64,
    /// Step of the second look, within one first step of the best minima, in pixels: 0.1.
    pub fine_step: f64,
    /// Signal-to-noise at which a pixel's weight is capped: no model is better than a few per cent.
    pub max_snr: f64,
    /// Degree of the polynomial continuum that answers for pixels off the grid.
    pub continuum_degree: usize,
    /// Trials in one call of the model: 256.
    pub batch: usize,
}

/// One trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial {
    /// Redshift.
    pub redshift: f64,
    /// Mean over unmasked pixels on the grid of (flux - reconstruction)^2 ivar.
    pub chi2: f64,
    /// Those pixels.
    pub pixels: usize,
    /// What is compared: weighted square deviation a pixel with every observed pixel answered for; the lower the better.
    pub score: f64,
}

/// What the trials say.
#[derive(Debug, Clone, PartialEq)]
pub struct RedshiftEstimate {
    /// The first look, from low redshift to high; without redshifts at which the spectrum cannot be put on the grid.
    pub curve: Vec<Trial>,
    /// The best trial of the second look.
    pub best: Trial,
    /// The best one more than 1500 km/s from it.
    pub second: Option<Trial>,
}

impl TrialOptions {
    /// The whole range of the paper's models.
    pub fn standard() -> Self {
        let (low, high) = REDSHIFT_RANGE;
        Self { low, high, step: 1.0, fine_step: 0.1, max_snr: 20.0, continuum_degree: 4, batch: 256 }
    }
}

impl RedshiftEstimate {
    /// How many times worse the second-best redshift is: a confidence. About 1 where two redshifts do equally well; infinite
    /// where there is no second.
    pub fn confidence(&self) -> f64 {
        self.second.map_or(f64::INFINITY, |second| second.score / self.best.score)
    }
}

/// Velocity between two redshifts, km/s: c times the difference over 1 + `truth`.
pub fn velocity_difference(redshift: f64, truth: f64) -> f64 {
    LIGHT_SPEED * (redshift - truth) / (1.0 + truth)
}

/// Tries redshifts. `reconstruct` takes rows of normalised, infilled flux `[n * 1000]` and gives as many as its model makes of them;
/// `basis` and `normalization` are those that the model was trained with.
///
/// # Errors
/// A range beyond [`REDSHIFT_RANGE`], steps that are none, a spectrum that fits on the grid at no trial redshift, and
/// reconstructions of another length.
pub fn redshift_by_trial(
    observed: &ObservedSpectrum,
    basis: &InfillBasis,
    normalization: Normalization,
    pipeline: &PipelineOptions,
    options: &TrialOptions,
    mut reconstruct: impl FnMut(&[f32]) -> Vec<f32>,
) -> Result<RedshiftEstimate, LatentError> {
    let preparation = Preparation { basis: basis.clone(), normalization, pipeline: *pipeline };
    let mut scan = RedshiftScan::new(observed.clone(), preparation, *options)?;
    loop {
        if let Some(estimate) = scan.advance(options.batch, &mut reconstruct)? {
            return Ok(estimate);
        }
    }
}

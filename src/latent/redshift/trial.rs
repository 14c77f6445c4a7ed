//! The options and the result of a search for a redshift.

use crate::preprocess::REDSHIFT_RANGE;
use crate::spectrum::constants::LIGHT_SPEED;

/// Confidence from which an estimate is trusted. Of 150 simulated spectra of empty sky one reaches it; of 2,100 simulated galaxies, most at
/// signal-to-noise 0.7 to 3, all above it are right within 1000 km/s. At 1.1 seven of the 150 pass.
pub const TRUSTED: f64 = 1.15;

/// The trial redshifts and the settings of the score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrialOptions {
    /// Lowest trial redshift; standard: -0.01.
    pub low: f64,
    /// Highest trial redshift; standard: 0.36.
    pub high: f64,
    /// Step of the first pass, in pixels of the grid (269 km/s); standard: 1.
    pub step: f64,
    /// Step of the second pass, within one coarse step of the best minima, in pixels; standard: 0.1.
    pub fine_step: f64,
    /// Signal-to-noise at which a pixel's weight is capped, since no model is better than a few per cent.
    pub max_snr: f64,
    /// Degree of the polynomial continuum that stands in for a model off the grid.
    pub continuum_degree: usize,
    /// Trials per call of the model; standard: 256.
    pub batch: usize,
}

/// The result of one trial redshift.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial {
    /// Trial redshift.
    pub redshift: f64,
    /// Mean over unmasked pixels on the grid of (flux - reconstruction)^2 ivar.
    pub chi2: f64,
    /// Unmasked pixels on the grid.
    pub pixels: usize,
    /// Weighted mean square deviation per observed pixel, by which trials are ranked; lower is better.
    pub score: f64,
}

/// The redshift found.
#[derive(Debug, Clone, PartialEq)]
pub struct RedshiftEstimate {
    /// Trials of the first pass, from low redshift to high, without those at which the spectrum does not fit on the grid.
    pub curve: Vec<Trial>,
    /// Best trial; its redshift is that of the minimum of a parabola through the trials around it.
    pub best: Trial,
    /// Standard error of the best redshift, from the curvature of the score there, the velocity of gas against stars, and the noise;
    /// infinite where trials on either side are missing.
    pub error: f64,
    /// Best trial that differs from it by more than 1500 km/s.
    pub second: Option<Trial>,
}

impl TrialOptions {
    /// Returns options for the whole range of the paper's models.
    pub fn standard() -> Self {
        let (low, high) = REDSHIFT_RANGE;
        Self { low, high, step: 1.0, fine_step: 0.1, max_snr: 20.0, continuum_degree: 4, batch: 256 }
    }
}

impl RedshiftEstimate {
    /// Returns the score of the second-best redshift over that of the best: a confidence. About 1 where the two fit equally
    /// well; infinite where there is no second.
    pub fn confidence(&self) -> f64 {
        self.second.map_or(f64::INFINITY, |second| second.score / self.best.score)
    }

    /// Returns whether the confidence is at least [`TRUSTED`].
    pub fn is_trusted(&self) -> bool {
        self.confidence() >= TRUSTED
    }
}

/// Computes the velocity difference of two redshifts, km/s: c times the difference over 1 + `truth`.
pub fn velocity_difference(redshift: f64, truth: f64) -> f64 {
    LIGHT_SPEED * (redshift - truth) / (1.0 + truth)
}

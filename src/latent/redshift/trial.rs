//! What a search for a redshift is told, and what it finds.

use crate::spectrum::constants::LIGHT_SPEED;

/// Lowest and highest trial redshift that the paper's models know.
pub const REDSHIFT_RANGE: (f64, f64) = (0.0, 0.36);

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
    /// Trials a call of the model: 256.
    pub batch: usize,
}

/// One trial redshift.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial {
    /// Redshift.
    pub redshift: f64,
    /// Mean over unmasked pixels on the grid of (flux - reconstruction)^2 ivar.
    pub chi2: f64,
    /// Unmasked pixels on the grid.
    pub pixels: usize,
    /// What trials are ranked by: weighted square deviation a pixel with every observed pixel answered for; the lower the better.
    pub score: f64,
}

/// The redshift that the trials point to.
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
    /// Returns the whole range of the paper's models.
    pub fn standard() -> Self {
        let (low, high) = REDSHIFT_RANGE;
        Self { low, high, step: 1.0, fine_step: 0.1, max_snr: 20.0, continuum_degree: 4, batch: 256 }
    }
}

impl RedshiftEstimate {
    /// Returns how many times worse the second-best redshift is: a confidence. About 1 where two redshifts do equally well; infinite
    /// where there is no second.
    pub fn confidence(&self) -> f64 {
        self.second.map_or(f64::INFINITY, |second| second.score / self.best.score)
    }
}

/// Computes the velocity between two redshifts, km/s: c times the difference over 1 + `truth`.
pub fn velocity_difference(redshift: f64, truth: f64) -> f64 {
    LIGHT_SPEED * (redshift - truth) / (1.0 + truth)
}

//! Holds what a model makes of one spectrum.

use serde::{Deserialize, Serialize};

use super::posterior::Posterior;
pub use crate::formats::set::EncodingMethod;

/// Holds what a model makes of one spectrum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Encoding {
    /// Posterior of the latents, `[latents]`: of a fit, mean and marginal variances of its Gaussian; of the encoder, q(z|x).
    pub posterior: Posterior,
    /// `[pixels]` decoded from the mean, times `scale`.
    pub reconstruction: Vec<f32>,
    /// Mean over unmasked pixels of (flux - reconstruction)^2 ivar.
    pub chi2: f32,
    /// Fitted amplitude of the decoded spectrum: the factor by which the norm of the spectrum was off. 1 for the encoder alone.
    pub scale: f32,
    /// The way to it.
    pub method: EncodingMethod,
}

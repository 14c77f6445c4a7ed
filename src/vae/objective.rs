//! The loss, and everything that scales its terms: L = reconstruction + (1 - alpha) KL + (alpha + lambda - 1) MMD (the paper, equation 4;
//! Zhao, Song & Ermon 2019, InfoVAE, equation 6), plus the head's loss times its weight where a model has a head.
//!
//! Every backend takes its weights and constants from here. Each computes the terms in its own way (tensors, SIMD, WGSL); the
//! conformance suite of `tests/native/backends` holds them against one fixture.

use serde::{Deserialize, Serialize};

use super::config::{MmdScale, VaeConfig};

/// Factor of the mean squared distance of two samples in the exponent of the MMD's kernel:
/// k(x, y) = exp(`KERNEL_EXPONENT` mean over latents of (x - y)^2).
pub const KERNEL_EXPONENT: f32 = -1.0;

/// The loss terms, averaged over spectra.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct LossTerms {
    /// The whole loss.
    pub total: f64,
    /// Sum over pixels of w (x - x')^2 / 2: minus the log likelihood of independent Gaussian pixels, but for a constant.
    pub reconstruction: f64,
    /// KL(q(z|x) || N(0, I)), nats.
    pub kl: f64,
    /// MMD(q(z), p(z)), as scaled by the configuration.
    pub mmd: f64,
    /// The loss of the head's predictions, before its weight; 0 without a head.
    #[serde(default)]
    pub head: f64,
}

/// The weights of the loss's latent terms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TermWeights {
    /// Weight of the KL divergence: 1 - alpha.
    pub kl: f32,
    /// Weight of the scaled MMD: alpha + lambda - 1.
    pub mmd: f32,
}

/// The settings of the MMD term of a batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MmdTerm {
    /// Draws of the prior, m.
    pub draws: usize,
    /// Factor of the plain MMD.
    pub scale: f32,
}

impl TermWeights {
    /// Returns the weights of a configuration; both are 0 for a plain autoencoder, whose loss is the reconstruction alone.
    pub fn new(config: &VaeConfig) -> Self {
        match config.variational {
            true => Self { kl: 1.0 - config.alpha, mmd: config.alpha + config.lambda - 1.0 },
            false => Self { kl: 0.0, mmd: 0.0 },
        }
    }
}

impl MmdTerm {
    /// Returns the term of a batch of `spectra`: as many draws as spectra and the plain MMD, or as the published code has it.
    pub fn new(config: &VaeConfig, spectra: usize) -> Self {
        match config.mmd {
            MmdScale::Plain => Self { draws: spectra, scale: 1.0 },
            MmdScale::PublishedCode => Self { draws: 200, scale: (spectra * config.latents) as f32 },
        }
    }
}

/// Returns w = 1 / (1 / ivar + epsilon): the inverse variance, softened so that a pixel's signal-to-noise is capped (the paper's
/// section 3); 0 where masked.
#[inline(always)]
pub fn pixel_weight(ivar: f32, epsilon: f32) -> f32 {
    if ivar > 0.0 && ivar.is_finite() { 1.0 / (1.0 / ivar + epsilon) } else { 0.0 }
}

impl LossTerms {
    /// Returns the loss of a batch of `spectra` from its terms, `plain_mmd` before its scale.
    pub fn of_batch(config: &VaeConfig, spectra: usize, reconstruction: f64, kl: f64, plain_mmd: f64) -> Self {
        if !config.variational {
            return Self { total: reconstruction, reconstruction, ..Self::default() };
        }
        let weights = TermWeights::new(config);
        let mmd = plain_mmd * f64::from(MmdTerm::new(config, spectra).scale);
        let total = reconstruction + f64::from(weights.kl) * kl + f64::from(weights.mmd) * mmd;
        Self { total, reconstruction, kl, mmd, head: 0.0 }
    }

    /// Returns every term times `weight`.
    pub(super) fn scaled(self, weight: f64) -> Self {
        Self {
            total: self.total * weight,
            reconstruction: self.reconstruction * weight,
            kl: self.kl * weight,
            mmd: self.mmd * weight,
            head: self.head * weight,
        }
    }
}

impl std::ops::AddAssign for LossTerms {
    fn add_assign(&mut self, other: Self) {
        self.total += other.total;
        self.reconstruction += other.reconstruction;
        self.kl += other.kl;
        self.mmd += other.mmd;
        self.head += other.head;
    }
}

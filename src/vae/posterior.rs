//! The approximate posterior q(z|x), and what is computed from one of its latents.

use libm::expf;
use serde::{Deserialize, Serialize};

/// A Gaussian with a diagonal covariance over `d` latents, for `n` spectra. `T` is what holds the numbers: a `Vec<f32>`, spectrum by
/// spectrum, or a tensor; `[n, d]` each.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Posterior<T = Vec<f32>> {
    /// Means.
    pub mean: T,
    /// Natural logarithms of the variances.
    pub log_var: T,
}

impl Posterior {
    /// Puts more spectra behind these.
    pub fn append(&mut self, mut more: Self) {
        self.mean.append(&mut more.mean);
        self.log_var.append(&mut more.log_var);
    }
}

/// Returns a draw of one latent, z = mean + noise sqrt(variance), with `noise` from the standard normal distribution (Kingma & Welling
/// 2014, section 2.4).
#[inline(always)]
pub fn reparameterize(mean: f32, log_var: f32, noise: f32) -> f32 {
    mean + noise * expf(0.5 * log_var)
}

/// Returns the derivative of [`reparameterize`] in the log variance.
#[inline(always)]
pub fn reparameterize_gradient(log_var: f32, noise: f32) -> f32 {
    0.5 * noise * expf(0.5 * log_var)
}

/// Returns KL(q(z|x) || N(0, 1)) = (mean^2 + variance - log variance - 1) / 2 of one latent, in nats, and its derivatives in mean and
/// log variance.
#[inline(always)]
pub fn kl_divergence(mean: f32, log_var: f32) -> (f64, f32, f32) {
    let variance = expf(log_var);
    (f64::from(mean * mean + variance - log_var - 1.0) / 2.0, mean, (variance - 1.0) / 2.0)
}

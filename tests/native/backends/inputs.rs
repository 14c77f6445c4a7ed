//! Random batches for the tests of single backends.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spectrascape::vae::VaeConfig;
use spectrascape::vae::objective::MmdTerm;
use spectrascape::vae::random::normal;

/// What a step needs besides the weights.
pub struct Inputs {
    pub x: Vec<f32>,
    pub weight: Vec<f32>,
    pub noise: Vec<f32>,
    pub prior: Vec<f32>,
}

impl Inputs {
    /// Random ones, a fifth of the pixels masked.
    pub fn draw(config: &VaeConfig, spectra: usize, weight_scale: f32) -> Self {
        Self::seeded(config, spectra, weight_scale, 3)
    }

    pub fn seeded(config: &VaeConfig, spectra: usize, weight_scale: f32, seed: u64) -> Self {
        let generator = &mut ChaCha8Rng::seed_from_u64(seed);
        let draws = MmdTerm::new(config, spectra).draws;
        let mut weight = || weight_scale * f32::max(0.0, 5.0 * generator.random::<f32>() - 1.0);
        let weight = (0..spectra * config.pixels).map(|_| weight()).collect();
        let x = normal(generator, spectra * config.pixels);
        let noise = normal(generator, spectra * config.latents);
        Self { x, weight, noise, prior: normal(generator, draws * config.latents) }
    }
}

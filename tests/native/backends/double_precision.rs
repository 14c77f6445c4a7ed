//! The loss once more, in double precision and as plainly as it can be written: what finite differences are taken of.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spectrascape::vae::VaeConfig;
use spectrascape::vae::config::MmdScale;
use spectrascape::vae::parameters::Layout;
use spectrascape::vae::random::normal;

/// What a step takes.
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
        let draws = if config.mmd == MmdScale::Plain { spectra } else { 200 };
        let mut weight = || weight_scale * f32::max(0.0, 5.0 * generator.random::<f32>() - 1.0);
        let weight = (0..spectra * config.pixels).map(|_| weight()).collect();
        let x = normal(generator, spectra * config.pixels);
        let noise = normal(generator, spectra * config.latents);
        Self { x, weight, noise, prior: normal(generator, draws * config.latents) }
    }
}

/// The total loss.
pub fn loss(config: &VaeConfig, parameters: &[f64], inputs: &Inputs) -> f64 {
    let layout = Layout::new(config);
    let layer = |at: usize, x: &[Vec<f64>], slope: f64| -> Vec<Vec<f64>> {
        let slot = layout.layers[at];
        let unit = |row: &[f64], out: usize| {
            let products = row.iter().enumerate().map(|(k, x)| x * parameters[slot.weight + k * slot.outputs + out]);
            let sum = parameters[slot.bias + out] + products.sum::<f64>();
            if sum > 0.0 { sum } else { slope * sum }
        };
        x.iter().map(|row| (0..slot.outputs).map(|out| unit(row, out)).collect()).collect()
    };
    let rows = |values: &[f32], width: usize| -> Vec<Vec<f64>> {
        values.chunks(width).map(|row| row.iter().copied().map(f64::from).collect()).collect()
    };
    let (d, slope) = (config.latents, f64::from(config.negative_slope));
    let (x, weight) = (rows(&inputs.x, config.pixels), rows(&inputs.weight, config.pixels));
    let (noise, prior) = (rows(&inputs.noise, d), rows(&inputs.prior, d));
    let n = x.len() as f64;
    let code = layer(2, &layer(1, &layer(0, &x, slope), slope), 1.0);
    let deviation = |row: &[f64], noise: &[f64], k: usize| match config.variational {
        true => noise[k] * (row[d + k] / 2.0).exp(),
        false => 0.0,
    };
    let latent: Vec<Vec<f64>> =
        code.iter().zip(&noise).map(|(row, e)| (0..d).map(|k| row[k] + deviation(row, e, k)).collect()).collect();
    let decoded = layer(5, &layer(4, &layer(3, &latent, slope), slope), 1.0);
    let mut total = 0.0;
    for ((x, w), y) in x.iter().zip(&weight).zip(&decoded) {
        total += x.iter().zip(w).zip(y).map(|((x, w), y)| w * (x - y).powi(2)).sum::<f64>() / 2.0 / n;
    }
    if !config.variational {
        return total;
    }
    let (alpha, lambda) = (f64::from(config.alpha), f64::from(config.lambda));
    let term = |row: &[f64], k: usize| (row[k].powi(2) + row[d + k].exp() - row[d + k] - 1.0) / 2.0;
    let kl = code.iter().map(|row| (0..d).map(|k| term(row, k)).sum::<f64>()).sum::<f64>() / n;
    let factor = if config.mmd == MmdScale::Plain { 1.0 } else { n * d as f64 };
    let mmd = factor * (kernel(&latent, &latent) + kernel(&prior, &prior) - 2.0 * kernel(&latent, &prior));
    total + (1.0 - alpha) * kl + (alpha + lambda - 1.0) * mmd
}

/// The mean of exp(-mean (x - y)^2) over all pairs.
fn kernel(x: &[Vec<f64>], y: &[Vec<f64>]) -> f64 {
    let one =
        |x: &[f64], y: &[f64]| (-x.iter().zip(y).map(|(x, y)| (x - y).powi(2)).sum::<f64>() / x.len() as f64).exp();
    x.iter().map(|x| y.iter().map(|y| one(x, y)).sum::<f64>()).sum::<f64>() / (x.len() * y.len()) as f64
}

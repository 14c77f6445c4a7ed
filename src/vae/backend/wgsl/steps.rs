//! Steps on their way to the device: what each needs to know, packed for one write of settings and one of numbers.

use super::plan::{SLOT, TILE};
use crate::vae::config::{MmdScale, VaeConfig};
use crate::vae::model_card::LossTerms;

/// Steps that one submission takes at most.
pub const MOST_STEPS: usize = 64;

/// Adam's decay rates, as in `vae::adam`.
const BETA1: f64 = 0.9;
const BETA2: f64 = 0.999;

/// What a step is given beside the weights.
#[derive(Debug, Clone, Copy)]
pub struct BatchInputs<'a> {
    /// Rows of the set.
    pub rows: &'a [u32],
    /// `[n * d]` standard normal draws; none makes the code the mean of q(z|x).
    pub noise: Option<&'a [f32]>,
    /// `[m * d]` draws of the prior.
    pub prior: &'a [f32],
}

/// Adam's factors of one step, for every weight alike.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Factors {
    /// Learning rate over 1 - beta1^t.
    pub step_size: f32,
    /// 1 / sqrt(1 - beta2^t).
    pub inverse_root: f32,
}

/// What waits to be submitted.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    /// [`SLOT`] bytes a step.
    pub settings: Vec<u8>,
    /// Row numbers, noise and prior draws, as the bits of 32-bit numbers.
    pub inputs: Vec<u32>,
    /// The steps, in order.
    pub each: Vec<Waiting>,
}

/// A step that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Spectra.
    pub spectra: usize,
    /// Whether it changes the weights.
    pub trains: bool,
}

impl Factors {
    /// Of step number `step`, from 1.
    pub fn new(learning_rate: f64, step: u32) -> Self {
        let step = i32::try_from(step).unwrap_or(i32::MAX);
        Self {
            step_size: (learning_rate / (1.0 - BETA1.powi(step))) as f32,
            inverse_root: (1.0 / (1.0 - BETA2.powi(step)).sqrt()) as f32,
        }
    }
}

impl Steps {
    /// Adds a step; `factors` make it one of training.
    pub fn push(&mut self, config: &VaeConfig, batch: BatchInputs<'_>, factors: Option<Factors>) {
        let spectra = batch.rows.len();
        let draws = batch.prior.len() / config.latents;
        let mut place = |values: &mut dyn Iterator<Item = u32>| {
            let at = self.inputs.len();
            self.inputs.extend(values);
            at as u32
        };
        let rows = place(&mut batch.rows.iter().copied());
        let noise = place(&mut batch.noise.unwrap_or_default().iter().map(|draw| draw.to_bits()));
        let prior = place(&mut batch.prior.iter().map(|draw| draw.to_bits()));
        let sampled = config.variational && batch.noise.is_some();
        let (kl_weight, mmd_weight) = weights(config, spectra);
        let Factors { step_size, inverse_root } = factors.unwrap_or_default();
        let words = [
            spectra as u32,
            draws as u32,
            rows,
            noise,
            prior,
            4 * self.each.len() as u32,
            u32::from(sampled),
            spectra.div_ceil(TILE) as u32,
            step_size.to_bits(),
            inverse_root.to_bits(),
            (kl_weight as f32).to_bits(),
            (mmd_weight as f32).to_bits(),
        ];
        self.each.push(Waiting { spectra, trains: factors.is_some() });
        self.settings.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        self.settings.resize(self.each.len() * SLOT, 0);
    }

    /// Numbers that a submission's `inputs` can have at most.
    pub fn most_inputs(config: &VaeConfig, rows: usize) -> usize {
        let draws = match config.mmd {
            MmdScale::Plain => config.batch,
            MmdScale::PublishedCode => 200,
        };
        MOST_STEPS * (rows + (config.batch + draws) * config.latents)
    }
}

/// The loss from what the kernels count: reconstruction, KL, and the MMD before its scale.
pub fn loss_terms(config: &VaeConfig, spectra: usize, counted: [f32; 3]) -> LossTerms {
    let [reconstruction, kl, plain_mmd] = counted.map(f64::from);
    if !config.variational {
        return LossTerms { total: reconstruction, reconstruction, ..LossTerms::default() };
    }
    let mmd = plain_mmd * mmd_scale(config, spectra);
    let (alpha, lambda) = (f64::from(config.alpha), f64::from(config.lambda));
    let total = reconstruction + (1.0 - alpha) * kl + (alpha + lambda - 1.0) * mmd;
    LossTerms { total, reconstruction, kl, mmd, head: 0.0 }
}

/// What the derivatives of KL and of the plain MMD are multiplied by.
fn weights(config: &VaeConfig, spectra: usize) -> (f64, f64) {
    if !config.variational {
        return (0.0, 0.0);
    }
    let (alpha, lambda) = (f64::from(config.alpha), f64::from(config.lambda));
    (1.0 - alpha, (alpha + lambda - 1.0) * mmd_scale(config, spectra))
}

fn mmd_scale(config: &VaeConfig, spectra: usize) -> f64 {
    match config.mmd {
        MmdScale::Plain => 1.0,
        MmdScale::PublishedCode => (spectra * config.latents) as f64,
    }
}

//! Steps on their way to the device: what each needs to know, packed for one write of settings and one of numbers.

use super::plan::{SLOT, TILE};
use crate::vae::adam::StepFactors;
use crate::vae::config::VaeConfig;
use crate::vae::objective::{MmdTerm, TermWeights};

/// Steps that one submission takes at most.
pub const MOST_STEPS: usize = 64;

/// The inputs of a step apart from the weights.
#[derive(Debug, Clone, Copy)]
pub struct BatchInputs<'a> {
    /// Rows of the set.
    pub rows: &'a [u32],
    /// `[n * d]` standard normal draws; without them the latents are the means of q(z|x).
    pub noise: Option<&'a [f32]>,
    /// `[m * d]` draws of the prior.
    pub prior: &'a [f32],
}

/// Steps that are not submitted yet.
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
    /// Whether the step changes the weights.
    pub trains: bool,
}

impl Steps {
    /// Adds a step; with `factors` it is one of training.
    pub fn push(&mut self, config: &VaeConfig, batch: BatchInputs<'_>, factors: Option<StepFactors>) {
        let spectra = batch.rows.len();
        let draws = batch.prior.len() / config.latents;
        let mut append = |values: &mut dyn Iterator<Item = u32>| {
            let at = self.inputs.len();
            self.inputs.extend(values);
            at as u32
        };
        let rows = append(&mut batch.rows.iter().copied());
        let noise = append(&mut batch.noise.unwrap_or_default().iter().map(|draw| draw.to_bits()));
        let prior = append(&mut batch.prior.iter().map(|draw| draw.to_bits()));
        let sampled = config.variational && batch.noise.is_some();
        let weights = TermWeights::new(config);
        let mmd_weight = weights.mmd * MmdTerm::new(config, spectra).scale;
        let StepFactors { step_size, inverse_root } = factors.unwrap_or_default();
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
            weights.kl.to_bits(),
            mmd_weight.to_bits(),
        ];
        self.each.push(Waiting { spectra, trains: factors.is_some() });
        self.settings.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        self.settings.resize(self.each.len() * SLOT, 0);
    }

    /// Returns how many numbers a submission's `inputs` can have at most.
    pub fn most_inputs(config: &VaeConfig, rows: usize) -> usize {
        let draws = MmdTerm::new(config, config.batch).draws;
        MOST_STEPS * (rows + (config.batch + draws) * config.latents)
    }
}

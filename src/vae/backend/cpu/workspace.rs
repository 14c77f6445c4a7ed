//! The memory that a step works in.

use super::gemm::{PANEL, SCRATCH, padded, panels};
use super::mmd;
use crate::vae::config::VaeConfig;

/// Activations of a batch and their derivatives, packed. Grows to the largest batch that it has held.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    /// The batch.
    pub spectra: usize,
    /// Rows of every panel.
    pub rows: usize,
    /// pixels
    pub x: Vec<f32>,
    /// h1, then h2: encoder.
    pub hidden1: Vec<f32>,
    pub hidden2: Vec<f32>,
    /// 2 d: mean and log variance; then their derivatives.
    pub posterior: Vec<f32>,
    /// d
    pub latent: Vec<f32>,
    /// h2, then h1: decoder.
    pub hidden3: Vec<f32>,
    pub hidden4: Vec<f32>,
    /// pixels; then the loss's derivative.
    pub decoded: Vec<f32>,
    /// Derivatives in the layers next to the spectrum (and in the latents), and in those next to the latents, in turns.
    pub d_hidden_wide: Vec<f32>,
    pub d_hidden_narrow: Vec<f32>,
    /// `[n * d]` derivatives of the MMD term in the latents; and the latents in rows for it.
    pub d_latent: Vec<f32>,
    pub rows_of_latents: Vec<f32>,
    /// A layer's bias gradient.
    pub bias: Vec<f32>,
    /// One for each thread: a block of rearranged weights, or a strip of a layer's gradient.
    pub scratch: Vec<Vec<f32>>,
    pub mmd: mmd::Workspace,
}

impl Workspace {
    /// Fits the buffers to a batch; what is there stays where it is enough.
    pub fn fit(&mut self, config: &VaeConfig, spectra: usize) {
        let &VaeConfig { pixels, hidden1, hidden2, latents, .. } = config;
        let rows = padded(spectra);
        if (self.spectra, self.rows) == (spectra, rows) {
            return;
        }
        (self.spectra, self.rows) = (spectra, rows);
        let panel = |width: usize| panels(width) * PANEL * rows;
        let widest = hidden1.max(hidden2).max(latents);
        for (buffer, width) in [
            (&mut self.x, pixels),
            (&mut self.hidden1, hidden1),
            (&mut self.hidden2, hidden2),
            (&mut self.posterior, 2 * latents),
            (&mut self.latent, latents),
            (&mut self.hidden3, hidden2),
            (&mut self.hidden4, hidden1),
            (&mut self.decoded, pixels),
            (&mut self.d_hidden_wide, widest),
            (&mut self.d_hidden_narrow, widest),
        ] {
            // Within the capacity of the largest batch this allocates nothing. Padding must be 0, whatever was there.
            buffer.clear();
            buffer.resize(panel(width), 0.0);
        }
        self.d_latent.resize(self.d_latent.len().max(spectra * latents), 0.0);
        self.rows_of_latents.resize(self.rows_of_latents.len().max(spectra * latents), 0.0);
        let widest = widest.max(pixels).max(2 * latents);
        self.bias.resize(panels(widest) * PANEL, 0.0);
        self.scratch.resize(self.scratch.len().max(1), Vec::new());
        for scratch in &mut self.scratch {
            scratch.resize(SCRATCH.max(panels(widest) * PANEL * PANEL), 0.0);
        }
    }

    /// Fits the scratch memory to as many threads; at least one.
    pub fn use_threads(&mut self, threads: usize) {
        let one = self.scratch.first().cloned().unwrap_or_default();
        self.scratch.resize(threads.max(1), one);
    }

    /// Returns where a number lies in packed values.
    pub fn at(&self, row: usize, column: usize) -> usize {
        (column / PANEL * self.rows + row) * PANEL + column % PANEL
    }

    /// Returns mean and log variance of one latent.
    pub fn posterior_of(&self, row: usize, latent: usize, latents: usize) -> (f32, f32) {
        (self.posterior[self.at(row, latent)], self.posterior[self.at(row, latents + latent)])
    }
}

//! The latents of every spectrum after an epoch, some of them at a time.

use super::backend::{Backend, BackendError};
use crate::vae::dataset::TrainingSet;
use crate::vae::posterior::Posterior;

/// Spectra encoded at once: a batch of training's worth of work, so that a pause is answered in between.
const AT_ONCE: usize = 256;

/// The latents of a set, as far as they are encoded.
#[derive(Debug, Clone, Default)]
pub struct EpochEncoder {
    /// `[encoded * d]` latent means so far.
    pub latents: Vec<f32>,
    /// `[d]` sum of the variances of q(z|x) so far.
    variance: Vec<f64>,
    encoded: usize,
}

impl EpochEncoder {
    /// Encodes some more; returns whether that was all of `total`.
    pub async fn advance<B: Backend>(
        &mut self,
        backend: &mut B,
        set: &TrainingSet,
        total: usize,
    ) -> Result<bool, BackendError> {
        let end = total.min(self.encoded + AT_ONCE);
        let rows: Vec<usize> = (self.encoded..end).collect();
        let Posterior { mut mean, log_var } = backend.encode(set, &rows).await?;
        let latents = mean.len() / rows.len().max(1);
        self.variance.resize(latents, 0.0);
        for spectrum in log_var.chunks_exact(latents.max(1)) {
            self.variance.iter_mut().zip(spectrum).for_each(|(sum, value)| *sum += f64::from(value.exp()));
        }
        self.latents.append(&mut mean);
        self.encoded = end;
        Ok(end == total)
    }

    /// Returns the `[d]` mean over the spectra of the variance of q(z|x).
    pub fn variance(&self) -> Vec<f32> {
        self.variance.iter().map(|sum| (sum / self.encoded.max(1) as f64) as f32).collect()
    }
}

//! The backends, which do the arithmetic of a training. Each one computes the terms of [`super::objective`] and [`super::adam`]'s step in its own
//! way; `tests/native/backends` and `tests/browser/gpu.test.mjs` hold all of them against one fixture.

#[cfg(feature = "engine")]
pub mod any_cpu;
mod block_on;
#[cfg(feature = "engine")]
pub mod burn;
pub mod cpu;
pub mod error;
pub mod step_time;
pub mod wgsl;

use std::ops::Range;

use crate::vae::config::VaeConfig;
use crate::vae::dataset::TrainingSet;
use crate::vae::learner_state::LearnerState;
use crate::vae::objective::LossTerms;
use crate::vae::posterior::Posterior;
use crate::vae::training::BatchPlan;
use crate::vae::training_job::TrainingJob;
pub use block_on::block_on;
pub use error::BackendError;

/// A model in training on some device. Batches are enqueued and their losses are read later, in order: a GPU is given many steps before it
/// is asked for anything.
#[expect(async_fn_in_trait, reason = "a worker has one thread: nothing here is sent to another")]
pub trait Backend: Sized + 'static {
    /// Returns what the page calls it: "CPU (one thread, SIMD)".
    fn name() -> &'static str;

    /// Returns the device that the arithmetic runs on, as a model's card records it: "CPU", "NVIDIA GeForce RTX 4090 (Vulkan)".
    fn device(&self) -> String {
        Self::name().to_owned()
    }

    /// Returns whether it trains models of this configuration.
    fn supports(config: &VaeConfig) -> bool;

    /// Opens the device and puts a state on it, for a training on `job`'s set.
    ///
    /// # Errors
    ///
    /// No such device, and a model or a set that is too large for it.
    async fn open(config: &VaeConfig, state: LearnerState, job: &TrainingJob) -> Result<Self, BackendError>;

    /// Returns whether every machine gets the same bits from it, in the page and natively.
    fn is_portable(&self) -> bool {
        false
    }

    /// Returns how many batches may be enqueued before their losses are read.
    fn max_in_flight(&self) -> usize;

    /// Takes rows of the set that have just been loaded.
    async fn on_rows_loaded(&mut self, set: &TrainingSet, rows: Range<usize>) -> Result<(), BackendError>;

    /// Enqueues a batch to train on or, without noise, to validate with.
    async fn enqueue(&mut self, set: &TrainingSet, batch: BatchPlan<'_>) -> Result<(), BackendError>;

    /// Returns the losses of all batches enqueued since the last call, in order.
    async fn losses(&mut self) -> Result<Vec<LossTerms>, BackendError>;

    /// Returns weights and moments after all enqueued batches.
    async fn state(&mut self) -> Result<LearnerState, BackendError>;

    /// Replaces the weights; the moments stay.
    async fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), BackendError>;

    /// Returns q(z|x), `[n * d]`, of rows of the set.
    async fn encode(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<Posterior, BackendError>;

    /// Returns the reconstructions of rows of the set from their latent means, `[n * pixels]` normalised flux.
    async fn reconstruct(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<Vec<f32>, BackendError>;
}

/// Adds the mean spectrum to decoded spectra.
fn add_mean(flux: &mut [f32], set: &TrainingSet) {
    for spectrum in flux.chunks_exact_mut(set.pixels()) {
        spectrum.iter_mut().zip(&set.mean.mean).for_each(|(flux, mean)| *flux += mean);
    }
}

//! What does a training's arithmetic: the CPU here, a GPU elsewhere.

#[cfg(feature = "engine")]
pub mod burn;
pub mod cpu;
pub mod wgsl;

use std::ops::Range;

use thiserror::Error;

use crate::vae::backend::cpu::{Learner, LearnerState};
use crate::vae::config::VaeConfig;
use crate::vae::dataset::{Batch, TrainingSet};
use crate::vae::model_card::LossTerms;
use crate::vae::training::BatchPlan;

/// Where a training's numbers are and change. Work is enqueued, and its losses are read later, in order: a GPU is told many steps
/// before it is asked for anything.
#[expect(async_fn_in_trait, reason = "a worker has one thread: nothing here is sent to another")]
pub trait Backend {
    /// In words: "CPU (one thread, SIMD)".
    fn name(&self) -> String;

    /// Batches that may be enqueued before their losses are read.
    fn max_in_flight(&self) -> usize;

    /// More rows of the set have come.
    async fn on_rows_loaded(&mut self, set: &TrainingSet, rows: Range<usize>) -> Result<(), BackendError>;

    /// A batch to train on or, without noise, to validate with.
    async fn enqueue(&mut self, set: &TrainingSet, work: BatchPlan<'_>) -> Result<(), BackendError>;

    /// The losses of all batches enqueued since the last call, in order.
    async fn losses(&mut self) -> Result<Vec<LossTerms>, BackendError>;

    /// Weights and moments as they are.
    async fn state(&mut self) -> Result<LearnerState, BackendError>;

    /// Puts other weights in the place of those there; the moments stay.
    async fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), BackendError>;

    /// Means and log variances of q(z|x), `[n * d]` each, of rows of the set.
    async fn encode(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<(Vec<f32>, Vec<f32>), BackendError>;

    /// Reconstructions of rows of the set from their latent means, `[n * pixels]` normalised flux.
    async fn reconstruct(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<Vec<f32>, BackendError>;
}

/// Why the arithmetic cannot go on.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum BackendError {
    /// The device is gone; what was saved can go on elsewhere.
    #[error("the GPU is gone ({reason}): training goes on from where it was saved")]
    Lost {
        /// What the browser says.
        reason: String,
    },
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

/// One thread of the CPU.
pub struct Cpu {
    learner: Learner,
    batch: Batch,
    losses: Vec<LossTerms>,
}

impl Cpu {
    /// With a state; of a configuration that `parameters::is_plain`.
    pub fn new(config: &VaeConfig, state: LearnerState) -> Result<Self, BackendError> {
        let learner = Learner::from_state(config, state).map_err(failed)?;
        Ok(Self { learner, batch: Batch::default(), losses: Vec::new() })
    }

    fn take(&mut self, set: &TrainingSet, rows: &[usize]) {
        let config = self.learner.config();
        set.batch_into(rows, config, &mut self.batch);
    }
}

impl Backend for Cpu {
    fn name(&self) -> String {
        "CPU (one thread, SIMD)".to_owned()
    }

    fn max_in_flight(&self) -> usize {
        1
    }

    async fn on_rows_loaded(&mut self, _: &TrainingSet, _: Range<usize>) -> Result<(), BackendError> {
        Ok(())
    }

    async fn enqueue(&mut self, set: &TrainingSet, work: BatchPlan<'_>) -> Result<(), BackendError> {
        self.take(set, work.rows);
        let Self { learner, batch, losses } = self;
        losses.push(match work.noise {
            Some(noise) => learner.train(&batch.x, &batch.weight, noise, work.prior, work.learning_rate),
            None => learner.evaluate(&batch.x, &batch.weight, work.prior),
        });
        Ok(())
    }

    async fn losses(&mut self) -> Result<Vec<LossTerms>, BackendError> {
        Ok(std::mem::take(&mut self.losses))
    }

    async fn state(&mut self) -> Result<LearnerState, BackendError> {
        Ok(self.learner.state())
    }

    async fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), BackendError> {
        self.learner.set_parameters(parameters).map_err(failed)
    }

    async fn encode(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<(Vec<f32>, Vec<f32>), BackendError> {
        self.take(set, rows);
        Ok(self.learner.encode(&self.batch.x))
    }

    async fn reconstruct(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<Vec<f32>, BackendError> {
        self.take(set, rows);
        let mut flux = self.learner.reconstruct(&self.batch.x);
        for spectrum in flux.chunks_exact_mut(set.pixels()) {
            spectrum.iter_mut().zip(&set.mean.mean).for_each(|(flux, mean)| *flux += mean);
        }
        Ok(flux)
    }
}

fn failed(error: impl std::error::Error) -> BackendError {
    BackendError::Failed(error.to_string())
}

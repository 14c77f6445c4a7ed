//! The fused step as a backend.

use std::ops::Range;

use super::learner::Learner;
use crate::numerics::simd::Rounding;
use crate::vae::backend::{Backend, BackendError, add_mean};
use crate::vae::config::VaeConfig;
use crate::vae::dataset::{Batch, TrainingSet};
use crate::vae::learner_state::{LearnerError, LearnerState};
use crate::vae::objective::LossTerms;
use crate::vae::parameters;
use crate::vae::posterior::Posterior;
use crate::vae::training::BatchPlan;
use crate::vae::training_job::TrainingJob;

/// The fused step on the CPU: trains the paper's network, two to three times as fast as Burn.
pub struct Cpu {
    learner: Learner,
    batch: Batch,
    losses: Vec<LossTerms>,
}

impl Cpu {
    /// Returns a backend with a state, on one thread.
    ///
    /// # Errors
    ///
    /// A state of another configuration.
    pub fn new(config: &VaeConfig, state: LearnerState) -> Result<Self, BackendError> {
        let learner = Learner::from_state(config, state)?;
        Ok(Self { learner, batch: Batch::default(), losses: Vec::new() })
    }

    /// Takes as many threads for every step. The numbers do not depend on it.
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.learner.use_threads(threads);
        self
    }

    /// Rounds products in that way; the fastest one to begin with.
    pub fn with_rounding(mut self, rounding: Rounding) -> Self {
        self.learner.use_rounding(rounding);
        self
    }

    fn load(&mut self, set: &TrainingSet, rows: &[usize]) {
        set.batch_into(rows, self.learner.config(), &mut self.batch);
    }
}

impl Backend for Cpu {
    fn name() -> &'static str {
        "CPU (one thread, SIMD)"
    }

    fn device(&self) -> String {
        "CPU".to_owned()
    }

    fn supports(config: &VaeConfig) -> bool {
        parameters::is_plain(config)
    }

    async fn open(config: &VaeConfig, state: LearnerState, _: &TrainingJob) -> Result<Self, BackendError> {
        Self::new(config, state)
    }

    fn is_portable(&self) -> bool {
        !self.learner.rounding().is_fused()
    }

    fn max_in_flight(&self) -> usize {
        1
    }

    async fn on_rows_loaded(&mut self, _: &TrainingSet, _: Range<usize>) -> Result<(), BackendError> {
        Ok(())
    }

    async fn enqueue(&mut self, set: &TrainingSet, plan: BatchPlan<'_>) -> Result<(), BackendError> {
        self.load(set, plan.rows);
        let Self { learner, batch, losses } = self;
        losses.push(match plan.noise {
            Some(noise) => learner.train(&batch.x, &batch.weight, noise, plan.prior, plan.learning_rate),
            None => learner.evaluate(&batch.x, &batch.weight, plan.prior),
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
        Ok(self.learner.set_parameters(parameters)?)
    }

    async fn encode(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<Posterior, BackendError> {
        self.load(set, rows);
        Ok(self.learner.encode(&self.batch.x))
    }

    async fn reconstruct(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<Vec<f32>, BackendError> {
        self.load(set, rows);
        let mut flux = self.learner.reconstruct(&self.batch.x);
        add_mean(&mut flux, set);
        Ok(flux)
    }
}

impl From<LearnerError> for BackendError {
    fn from(error: LearnerError) -> Self {
        Self::Failed(error.to_string())
    }
}

//! Training of any kind of model on the CPU: by the fused step where it supports the model, by Burn elsewhere.

use std::ops::Range;

use super::burn::Burn;
use super::cpu::Cpu;
use super::{Backend, BackendError};
use crate::vae::config::VaeConfig;
use crate::vae::dataset::TrainingSet;
use crate::vae::inference;
use crate::vae::learner_state::LearnerState;
use crate::vae::objective::LossTerms;
use crate::vae::posterior::Posterior;
use crate::vae::training::BatchPlan;
use crate::vae::training_job::TrainingJob;

/// The CPU, by whichever of its two backends trains the model.
pub enum AnyCpu {
    /// The fused step, of the paper's kind of model.
    Fused(Box<Cpu>),
    /// Burn, of models with a head or with weights as input.
    Burn(Box<Burn>),
}

/// Calls a method of the backend that there is.
macro_rules! either {
    ($self:ident, $backend:ident => $call:expr) => {
        match $self {
            Self::Fused($backend) => $call,
            Self::Burn($backend) => $call,
        }
    };
}

impl AnyCpu {
    /// Returns a backend with a state. The fused step takes as many threads; Burn has threads of its own.
    ///
    /// # Errors
    ///
    /// A state of another configuration.
    pub fn new(config: &VaeConfig, state: LearnerState, threads: usize) -> Result<Self, BackendError> {
        Ok(match Cpu::supports(config) {
            true => Self::Fused(Box::new(Cpu::new(config, state)?.with_threads(threads))),
            false => Self::Burn(Box::new(Burn::new(config, &state, &inference::device())?)),
        })
    }
}

impl Backend for AnyCpu {
    fn name() -> &'static str {
        Cpu::name()
    }

    fn device(&self) -> String {
        either!(self, backend => backend.device())
    }

    fn supports(config: &VaeConfig) -> bool {
        Cpu::supports(config) || Burn::supports(config)
    }

    async fn open(config: &VaeConfig, state: LearnerState, _: &TrainingJob) -> Result<Self, BackendError> {
        Self::new(config, state, 1)
    }

    fn is_portable(&self) -> bool {
        either!(self, backend => backend.is_portable())
    }

    fn max_in_flight(&self) -> usize {
        either!(self, backend => backend.max_in_flight())
    }

    async fn on_rows_loaded(&mut self, set: &TrainingSet, rows: Range<usize>) -> Result<(), BackendError> {
        either!(self, backend => backend.on_rows_loaded(set, rows).await)
    }

    async fn enqueue(&mut self, set: &TrainingSet, batch: BatchPlan<'_>) -> Result<(), BackendError> {
        either!(self, backend => backend.enqueue(set, batch).await)
    }

    async fn losses(&mut self) -> Result<Vec<LossTerms>, BackendError> {
        either!(self, backend => backend.losses().await)
    }

    async fn state(&mut self) -> Result<LearnerState, BackendError> {
        either!(self, backend => backend.state().await)
    }

    async fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), BackendError> {
        either!(self, backend => backend.set_parameters(parameters).await)
    }

    async fn encode(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<Posterior, BackendError> {
        either!(self, backend => backend.encode(set, rows).await)
    }

    async fn reconstruct(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<Vec<f32>, BackendError> {
        either!(self, backend => backend.reconstruct(set, rows).await)
    }
}

//! The fused step on a graphics processor as a backend.

use std::ops::Range;
use std::rc::Rc;

use crate::vae::backend::cpu::Cpu;
use crate::vae::backend::wgsl::plan::Plan;
use crate::vae::backend::wgsl::{GpuDevice, GpuError, GpuLearner, GpuSet, Pace};
use crate::vae::backend::{Backend, BackendError};
use crate::vae::config::VaeConfig;
use crate::vae::dataset::TrainingSet;
use crate::vae::learner_state::LearnerState;
use crate::vae::objective::LossTerms;
use crate::vae::posterior::Posterior;
use crate::vae::training::BatchPlan;
use crate::vae::training_job::TrainingJob;

/// Weights, optimiser and spectra on the device; this worker sends row numbers and draws, and reads losses.
pub struct Gpu {
    set: Rc<GpuSet>,
    learner: GpuLearner,
    /// CPU backend for the reconstructions of the few spectra watched, once an epoch, which are not worth a transfer.
    watched: Cpu,
    pace: Pace,
    started: Option<f64>,
    rows: Vec<u32>,
}

impl Backend for Gpu {
    fn name() -> &'static str {
        "GPU (WebGPU)"
    }

    fn supports(config: &VaeConfig) -> bool {
        Plan::new(config).is_ok()
    }

    async fn open(config: &VaeConfig, state: LearnerState, job: &TrainingJob) -> Result<Self, BackendError> {
        let device = GpuDevice::open().await?;
        let set = Rc::new(GpuSet::new(&device, config.pixels, job.total).await?);
        let watched = Cpu::new(config, state.clone())?;
        let learner = GpuLearner::new(&device, config, &state, set.clone(), &job.set.mean.mean).await?;
        Ok(Self { set, learner, watched, pace: Pace::default(), started: None, rows: Vec::new() })
    }

    fn max_in_flight(&self) -> usize {
        self.pace.steps()
    }

    async fn on_rows_loaded(&mut self, set: &TrainingSet, rows: Range<usize>) -> Result<(), BackendError> {
        let range = rows.start * set.pixels()..rows.end * set.pixels();
        Ok(self.set.push(&set.flux[range.clone()], &set.ivar[range])?)
    }

    async fn enqueue(&mut self, _: &TrainingSet, batch: BatchPlan<'_>) -> Result<(), BackendError> {
        self.started.get_or_insert_with(js_sys::Date::now);
        self.rows.clear();
        self.rows.extend(batch.rows.iter().map(|&row| row as u32));
        match batch.noise {
            Some(noise) => self.learner.train(&self.rows, noise, batch.prior, batch.learning_rate)?,
            None => self.learner.evaluate(&self.rows, batch.prior)?,
        }
        Ok(())
    }

    async fn losses(&mut self) -> Result<Vec<LossTerms>, BackendError> {
        let losses = self.learner.losses().await?;
        if let Some(started) = self.started.take() {
            self.pace.observe(losses.len(), js_sys::Date::now() - started);
        }
        Ok(losses)
    }

    async fn state(&mut self) -> Result<LearnerState, BackendError> {
        Ok(self.learner.state().await?)
    }

    async fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), BackendError> {
        let state = self.learner.state().await?;
        Ok(self.learner.restore(&LearnerState { parameters: parameters.to_vec(), ..state })?)
    }

    async fn encode(&mut self, _: &TrainingSet, rows: &[usize]) -> Result<Posterior, BackendError> {
        let rows: Vec<u32> = rows.iter().map(|&row| row as u32).collect();
        Ok(self.learner.encode(&rows).await?)
    }

    async fn reconstruct(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<Vec<f32>, BackendError> {
        self.watched.set_parameters(&self.learner.parameters().await?).await?;
        self.watched.reconstruct(set, rows).await
    }
}

impl From<GpuError> for BackendError {
    fn from(error: GpuError) -> Self {
        match error {
            GpuError::Lost { reason } => Self::Lost { reason },
            other => Self::Failed(other.to_string()),
        }
    }
}

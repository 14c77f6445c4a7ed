//! The graphics processor as a training's arithmetic.

use std::ops::Range;
use std::rc::Rc;

use crate::vae::backend::cpu::LearnerState;
use crate::vae::backend::wgsl::{GpuDevice, GpuError, GpuLearner, GpuSet, Pace};
use crate::vae::backend::{Backend, BackendError, Cpu};
use crate::vae::config::VaeConfig;
use crate::vae::dataset::TrainingSet;
use crate::vae::model_card::LossTerms;
use crate::vae::session::TrainingJob;
use crate::vae::training::BatchPlan;
use crate::workers::trainer::worker::Maker;

/// Weights, optimiser and spectra on the device; this worker sends row numbers and draws, and reads losses.
pub struct Gpu {
    set: Rc<GpuSet>,
    learner: GpuLearner,
    /// For what is done once an epoch and would not pay to be sent: reconstructions of the few spectra watched.
    beside: Cpu,
    pace: Pace,
    started: Option<f64>,
    rows: Vec<u32>,
}

/// Makes them.
pub struct GpuMaker;

impl Maker for GpuMaker {
    type Backend = Gpu;

    fn name(&self) -> String {
        "GPU (WebGPU)".to_owned()
    }

    async fn make(&self, config: &VaeConfig, state: LearnerState, ahead: &TrainingJob) -> Result<Gpu, BackendError> {
        let device = GpuDevice::open().await?;
        let set = Rc::new(GpuSet::new(&device, config.pixels, ahead.total).await?);
        let beside = Cpu::new(config, state.clone())?;
        let learner = GpuLearner::new(&device, config, &state, set.clone(), &ahead.set.mean.mean).await?;
        Ok(Gpu { set, learner, beside, pace: Pace::default(), started: None, rows: Vec::new() })
    }
}

impl Backend for Gpu {
    fn name(&self) -> String {
        "GPU (WebGPU)".to_owned()
    }

    fn max_in_flight(&self) -> usize {
        self.pace.steps()
    }

    async fn on_rows_loaded(&mut self, set: &TrainingSet, rows: Range<usize>) -> Result<(), BackendError> {
        let range = rows.start * set.pixels()..rows.end * set.pixels();
        Ok(self.set.push(&set.flux[range.clone()], &set.ivar[range])?)
    }

    async fn enqueue(&mut self, _: &TrainingSet, work: BatchPlan<'_>) -> Result<(), BackendError> {
        self.started.get_or_insert_with(crate::browser::messages::now);
        self.rows.clear();
        self.rows.extend(work.rows.iter().map(|&row| row as u32));
        match work.noise {
            Some(noise) => self.learner.train(&self.rows, noise, work.prior, work.learning_rate)?,
            None => self.learner.evaluate(&self.rows, work.prior)?,
        }
        Ok(())
    }

    async fn losses(&mut self) -> Result<Vec<LossTerms>, BackendError> {
        let losses = self.learner.losses().await?;
        if let Some(started) = self.started.take() {
            self.pace.observe(losses.len(), crate::browser::messages::now() - started);
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

    async fn encode(&mut self, _: &TrainingSet, rows: &[usize]) -> Result<(Vec<f32>, Vec<f32>), BackendError> {
        let rows: Vec<u32> = rows.iter().map(|&row| row as u32).collect();
        let places = self.learner.encode(&rows).await?;
        Ok((places.mean, places.log_var))
    }

    async fn reconstruct(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<Vec<f32>, BackendError> {
        self.beside.set_parameters(&self.learner.parameters().await?).await?;
        self.beside.reconstruct(set, rows).await
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

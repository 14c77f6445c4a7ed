//! Burn as a backend: every kind of model, on every device that Burn has.

use std::ops::Range;

use burn_tensor::{Device, Tensor};

use super::adam::Adam;
use super::head::BatchLabels;
use super::loss::{Loss, loss};
use super::model::{InfoVae, matrix, numbers};
use crate::vae::backend::{Backend, BackendError, add_mean};
use crate::vae::config::VaeConfig;
use crate::vae::dataset::TrainingSet;
use crate::vae::inference;
use crate::vae::learner_state::LearnerState;
use crate::vae::objective::LossTerms;
use crate::vae::posterior::Posterior;
use crate::vae::training::BatchPlan;
use crate::vae::training_job::TrainingJob;

/// A model in training in Burn's tensors, with its automatic derivatives.
pub struct Burn {
    device: Device,
    vae: InfoVae,
    adam: Adam,
    losses: Vec<LossTerms>,
}

impl Burn {
    /// Returns a backend with a state, on a device.
    ///
    /// # Errors
    ///
    /// A state of another configuration.
    pub fn new(config: &VaeConfig, state: &LearnerState, device: &Device) -> Result<Self, BackendError> {
        state.check(config)?;
        let vae = InfoVae::from_parameters(config, &state.parameters, device);
        Ok(Self { device: device.clone(), vae, adam: Adam::from_state(config, state), losses: Vec::new() })
    }

    /// Returns the spectra of `rows`, less the mean spectrum, and their weights, both `[n, pixels]`.
    fn load(&self, set: &TrainingSet, rows: &[usize]) -> (Tensor<2>, Tensor<2>) {
        let config = self.vae.config();
        let batch = set.batch(rows, config);
        let put = |values: Vec<f32>| matrix(values, batch.spectra, config.pixels, &self.device);
        (put(batch.x), put(batch.weight))
    }

    fn posterior(&self, set: &TrainingSet, rows: &[usize]) -> Posterior<Tensor<2>> {
        let (x, weight) = self.load(set, rows);
        self.vae.encode(self.vae.input(x, &weight))
    }
}

impl Backend for Burn {
    fn name() -> &'static str {
        "CPU (Burn)"
    }

    fn supports(_: &VaeConfig) -> bool {
        true
    }

    async fn open(config: &VaeConfig, state: LearnerState, _: &TrainingJob) -> Result<Self, BackendError> {
        Self::new(config, &state, &inference::device())
    }

    fn max_in_flight(&self) -> usize {
        1
    }

    async fn on_rows_loaded(&mut self, _: &TrainingSet, _: Range<usize>) -> Result<(), BackendError> {
        Ok(())
    }

    async fn enqueue(&mut self, set: &TrainingSet, plan: BatchPlan<'_>) -> Result<(), BackendError> {
        let BatchPlan { rows, noise, prior, learning_rate } = plan;
        let (x, weight) = self.load(set, rows);
        let Self { device, vae, adam, losses } = self;
        let latents = vae.config().latents;
        let labels = vae.config().head.as_ref().and(set.labels.as_ref());
        let labels = labels.map(|labels| BatchLabels::new(labels.batch(rows), device));
        let prior = matrix(prior.to_vec(), prior.len() / latents, latents, device);
        let Some(noise) = noise else {
            losses.push(loss(vae, x, weight, None, prior, labels).read());
            return Ok(());
        };
        let noise = matrix(noise.to_vec(), rows.len(), latents, device);
        let (terms, gradients) = gradients(vae, |tracked| loss(tracked, x, weight, Some(noise), prior, labels));
        if terms.total.is_finite() {
            adam.step(vae, gradients, learning_rate);
        }
        losses.push(terms);
        Ok(())
    }

    async fn losses(&mut self) -> Result<Vec<LossTerms>, BackendError> {
        Ok(std::mem::take(&mut self.losses))
    }

    async fn state(&mut self) -> Result<LearnerState, BackendError> {
        Ok(self.adam.to_state(&self.vae))
    }

    async fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), BackendError> {
        self.vae = InfoVae::from_parameters(self.vae.config(), parameters, &self.device);
        Ok(())
    }

    async fn encode(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<Posterior, BackendError> {
        let posterior = self.posterior(set, rows);
        Ok(Posterior { mean: numbers(posterior.mean), log_var: numbers(posterior.log_var) })
    }

    async fn reconstruct(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<Vec<f32>, BackendError> {
        let mut flux = numbers(self.vae.decode(self.posterior(set, rows).mean));
        add_mean(&mut flux, set);
        Ok(flux)
    }
}

/// Returns a loss and its derivatives: layer by layer, weight before bias, in the weights' own layout; none where the loss does
/// not depend on them.
pub fn gradients(vae: &InfoVae, loss: impl FnOnce(&InfoVae) -> Loss) -> (LossTerms, Vec<Option<Vec<f32>>>) {
    let tracked = vae.tracked();
    let loss = loss(&tracked);
    let terms = loss.read();
    let mut gradients = loss.total.backward();
    let mut all = Vec::with_capacity(16);
    for layer in tracked.layers() {
        all.push(layer.weight.grad_remove(&mut gradients).map(numbers));
        all.push(layer.bias.grad_remove(&mut gradients).map(numbers));
    }
    (terms, all)
}

//! Burn as a backend: every kind of model, on every device that Burn has.

use std::ops::Range;

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData, Transaction};

use super::adam::Adam;
use super::head::BatchLabels;
use super::loss::{Loss, loss, terms};
use super::model::{InfoVae, flat, floats, matrix};
use super::resident::ResidentSet;
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
    /// Name of the device, for the model's card.
    name: String,
    /// With derivatives.
    vae: InfoVae,
    adam: Adam,
    /// `[5]` each, of batches whose losses are not read yet.
    losses: Vec<Tensor<1>>,
    /// Batches that are enqueued before their losses are read: one on the CPU, where reading waits for nothing.
    in_flight: usize,
    /// The set on the device, where it stays there.
    resident: Option<ResidentSet>,
}

impl Burn {
    /// Returns a backend with a state, on a device from which every loss is read at once: the CPU.
    ///
    /// # Errors
    ///
    /// A state of another configuration.
    pub fn new(config: &VaeConfig, state: &LearnerState, device: &Device) -> Result<Self, BackendError> {
        state.check(config)?;
        Ok(Self {
            device: device.clone(),
            name: "CPU".to_owned(),
            vae: InfoVae::from_parameters(config, &state.parameters, &device.clone().autodiff()),
            adam: Adam::from_state(config, state, device),
            losses: Vec::new(),
            in_flight: 1,
            resident: None,
        })
    }

    /// Takes the name of its device, for the model's card.
    pub fn named(mut self, device: &str) -> Self {
        self.name = device.to_owned();
        self
    }

    /// Keeps the set on the device, where its spectra are no more than `most`, and enqueues many batches before it reads their losses:
    /// for a device that works on its own.
    pub fn with_resident_set(mut self, most: usize) -> Self {
        self.in_flight = IN_FLIGHT;
        self.resident = Some(ResidentSet::new(most));
        self
    }

    /// Returns the spectra of `rows`, less the mean spectrum, and their weights, both `[n, pixels]`.
    fn load(&mut self, set: &TrainingSet, rows: &[usize]) -> (Tensor<2>, Tensor<2>) {
        let config = self.vae.config();
        if let Some(batch) = self.resident.as_mut().and_then(|resident| resident.batch(set, config, rows, &self.device))
        {
            return batch;
        }
        let batch = set.batch(rows, config);
        let put = |values: Vec<f32>| matrix(values, batch.spectra, config.pixels, &self.device);
        (put(batch.x), put(batch.weight))
    }

    fn posterior(&mut self, set: &TrainingSet, rows: &[usize]) -> (InfoVae, Posterior<Tensor<2>>) {
        let (x, weight) = self.load(set, rows);
        let vae = self.vae.valid();
        let posterior = vae.encode(vae.input(x, &weight));
        (vae, posterior)
    }
}

/// Batches that a device which works on its own is given before it is asked for their losses.
const IN_FLIGHT: usize = 32;

impl Backend for Burn {
    fn name() -> &'static str {
        "CPU (Burn)"
    }

    fn device(&self) -> String {
        self.name.clone()
    }

    fn supports(_: &VaeConfig) -> bool {
        true
    }

    async fn open(config: &VaeConfig, state: LearnerState, _: &TrainingJob) -> Result<Self, BackendError> {
        Self::new(config, &state, &inference::device())
    }

    fn max_in_flight(&self) -> usize {
        self.in_flight
    }

    async fn on_rows_loaded(&mut self, _: &TrainingSet, _: Range<usize>) -> Result<(), BackendError> {
        Ok(())
    }

    async fn enqueue(&mut self, set: &TrainingSet, plan: BatchPlan<'_>) -> Result<(), BackendError> {
        let BatchPlan { rows, noise, prior, learning_rate } = plan;
        let (x, weight) = self.load(set, rows);
        let Self { device, vae, adam, losses, in_flight, .. } = self;
        let latents = vae.config().latents;
        let labels = vae.config().head.as_ref().and(set.labels.as_ref());
        let labels = labels.map(|labels| BatchLabels::new(labels.batch(rows), device));
        let prior = matrix(prior.to_vec(), prior.len() / latents, latents, device);
        let Some(noise) = noise else {
            losses.push(loss(&vae.valid(), x, weight, None, prior, labels).stacked());
            return Ok(());
        };
        let noise = matrix(noise.to_vec(), rows.len(), latents, device);
        let (loss, mut gradients) = gradients(vae, |vae| loss(vae, x, weight, Some(noise), prior, labels));
        // A loss that is no number ends the training when it is read; where that is at once, it leaves the weights alone.
        let diverged = *in_flight == 1 && !loss.read().total.is_finite();
        if !diverged {
            adam.step(vae, &mut gradients, learning_rate);
        }
        losses.push(loss.stacked());
        Ok(())
    }

    async fn losses(&mut self) -> Result<Vec<LossTerms>, BackendError> {
        if self.losses.is_empty() {
            return Ok(Vec::new());
        }
        let read = Tensor::cat(std::mem::take(&mut self.losses), 0).into_data_async().await;
        Ok(terms(&floats(read.map_err(failed)?)))
    }

    async fn state(&mut self) -> Result<LearnerState, BackendError> {
        let vae = self.vae.valid();
        let all = self.adam.register(vae.register(Transaction::default()), &vae);
        let mut read = all.execute_async().await.map_err(failed)?.into_iter();
        let tensors = read.len() / 3;
        let mut part = || flat(vae.config(), read.by_ref().take(tensors).collect::<Vec<TensorData>>());
        Ok(LearnerState { parameters: part(), first: part(), second: part(), step: self.adam.steps() })
    }

    async fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), BackendError> {
        self.vae = InfoVae::from_parameters(self.vae.config(), parameters, &self.vae.device());
        Ok(())
    }

    async fn encode(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<Posterior, BackendError> {
        let (_, Posterior { mean, log_var }) = self.posterior(set, rows);
        let both = Transaction::default().register(mean).register(log_var);
        let mut read = both.execute_async().await.map_err(failed)?.into_iter().map(floats);
        Ok(Posterior { mean: read.next().unwrap_or_default(), log_var: read.next().unwrap_or_default() })
    }

    async fn reconstruct(&mut self, set: &TrainingSet, rows: &[usize]) -> Result<Vec<f32>, BackendError> {
        let (vae, posterior) = self.posterior(set, rows);
        let mut flux = floats(vae.decode(posterior.mean).into_data_async().await.map_err(failed)?);
        add_mean(&mut flux, set);
        Ok(flux)
    }
}

/// Returns a loss of a model with derivatives, and its gradients.
pub fn gradients(vae: &InfoVae, loss: impl FnOnce(&InfoVae) -> Loss) -> (Loss, GradientsParams) {
    let loss = loss(vae);
    let gradients = GradientsParams::from_grads(loss.total.backward(), vae);
    (loss, gradients)
}

fn failed(error: impl std::fmt::Display) -> BackendError {
    BackendError::Failed(format!("the device does not give its numbers back ({error})"))
}

//! A training step of the plain model on the CPU, its gradient derived by hand: what the page trains with.
//!
//! The arithmetic is that of `model`, `loss` and `adam`, which are written in Burn and which tests hold this against; here it is
//! arranged for speed. Nothing is allocated in a step. Activations lie in panels (`kernel`), biases and activations are
//! applied to a panel as soon as its product is complete, and the weights' gradient never reaches memory: a strip of a few rows
//! of it is a whole sum over the batch, which Adam uses at once.

mod adam;
mod gemm;
mod mmd;
mod packing;
mod products;
mod reconstruction;
mod simd;
mod step;
mod threads;
mod weight_update;
mod workspace;

use thiserror::Error;

use crate::vae::config::VaeConfig;
use crate::vae::model_card::LossTerms;
use crate::vae::parameters::{self, Layout};
use packing::{from_panels, to_panels};
use step::Network;
use weight_update::WeightUpdate;
use workspace::Workspace;

/// A model in training: its numbers, Adam's, and room for a step.
///
/// ```
/// use spectrascape::vae::{VaeConfig, backend::cpu::Learner};
///
/// let config = VaeConfig { pixels: 16, hidden1: 8, hidden2: 4, latents: 2, batch: 2, ..VaeConfig::paper(2) };
/// let mut learner = Learner::new(&config);
/// let (x, weight) = ([0.5; 32], [1.0; 32]);
/// let (noise, prior) = ([0.1, -0.2, 0.3, 0.4], [1.0, -1.0, 0.5, 0.0]);
/// let before = learner.train(&x, &weight, &noise, &prior, config.learning_rate);
/// for _ in 0..300 {
///     learner.train(&x, &weight, &noise, &prior, config.learning_rate);
/// }
/// assert!(learner.evaluate(&x, &weight, &prior).reconstruction < before.reconstruction);
/// ```
#[derive(Debug, Clone)]
pub struct Learner {
    network: Network,
    state: LearnerState,
    workspace: Workspace,
}

/// All that a step changes: with the configuration, a learner.
#[derive(Debug, Clone, PartialEq)]
pub struct LearnerState {
    /// Weights and biases, as [`Layout`] has them.
    pub parameters: Vec<f32>,
    /// Adam's running mean of each one's gradient.
    pub first: Vec<f32>,
    /// Adam's running mean of each one's squared gradient.
    pub second: Vec<f32>,
    /// Steps done.
    pub step: u32,
}

/// Why numbers are not a learner's.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LearnerError {
    /// A buffer of another length.
    #[error("`{what}` has {found} numbers and the model needs {expected}: it belongs to a model of other sizes")]
    Length {
        /// Which buffer.
        what: &'static str,
        /// Its length.
        found: usize,
        /// What it should be.
        expected: usize,
    },
    /// A number that none can go on from.
    #[error("`{what}` has at {at} a value that no training can go on from: take an earlier state")]
    Value {
        /// Which buffer.
        what: &'static str,
        /// Where in it, from 0.
        at: usize,
    },
}

impl LearnerState {
    /// Before the first step: weights from the configuration's seed.
    pub fn new(config: &VaeConfig) -> Self {
        let parameters = parameters::initial(config);
        let (first, second) = (vec![0.0; parameters.len()], vec![0.0; parameters.len()]);
        Self { parameters, first, second, step: 0 }
    }

    /// Checks lengths, and that all are numbers and no mean of squares is below 0.
    pub fn check(&self, config: &VaeConfig) -> Result<(), LearnerError> {
        let buffers = [("parameters", &self.parameters), ("first", &self.first), ("second", &self.second)];
        for (what, buffer) in buffers {
            check(what, buffer, config)?;
        }
        match self.second.iter().position(|&square| square < 0.0) {
            Some(at) => Err(LearnerError::Value { what: "second", at }),
            None => Ok(()),
        }
    }
}

impl Learner {
    /// Before the first step, with weights from the configuration's seed. The configuration's activation must not fall below
    /// zero: `negative_slope` at least 0.
    pub fn new(config: &VaeConfig) -> Self {
        Self::with(config, LearnerState::new(config))
    }

    /// Goes on from a state; the numbers afterwards are those that an uninterrupted training gives.
    pub fn from_state(config: &VaeConfig, state: LearnerState) -> Result<Self, LearnerError> {
        state.check(config)?;
        Ok(Self::with(config, state))
    }

    /// Takes as many threads for the products of a step; 1 to begin with. The numbers do not depend on it. Without the feature
    /// `threads`, as in the page, the pieces are done one after another.
    pub fn use_threads(&mut self, threads: usize) {
        self.workspace.use_threads(threads);
    }

    /// A copy of all that a step changes.
    pub fn state(&self) -> LearnerState {
        self.state.clone()
    }

    /// All that a step changes.
    pub fn state_ref(&self) -> &LearnerState {
        &self.state
    }

    /// Its configuration.
    pub fn config(&self) -> &VaeConfig {
        &self.network.config
    }

    /// Where the layers lie in [`Learner::parameters`].
    pub fn layout(&self) -> &Layout {
        &self.network.layout
    }

    /// Weights and biases, as [`Layout`] has them.
    pub fn parameters(&self) -> &[f32] {
        &self.state.parameters
    }

    /// Other weights and biases; Adam's state stays.
    pub fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), LearnerError> {
        check("parameters", parameters, &self.network.config)?;
        self.state.parameters.copy_from_slice(parameters);
        Ok(())
    }

    /// One step on spectra less the mean spectrum, `x`, with their weights, both `[n * pixels]`; n up to the configuration's batch
    /// takes no memory. `noise` `[n * d]` draws the codes, `prior` [m * d] are draws from the prior. Returns the loss before the
    /// step. Where it is not a number, nothing changes: training has diverged.
    pub fn train(&mut self, x: &[f32], weight: &[f32], noise: &[f32], prior: &[f32], learning_rate: f64) -> LossTerms {
        let Self { network, state, workspace } = self;
        let terms = network.forward(&state.parameters, x, weight, Some(noise), prior, workspace);
        if !terms.total.is_finite() {
            return terms;
        }
        state.step = state.step.saturating_add(1);
        let factors = adam::Factors::new(state.step, learning_rate);
        let LearnerState { parameters, first, second, .. } = state;
        network.backward(&mut WeightUpdate::Adam { parameters, first, second, factors }, Some(noise), workspace);
        terms
    }

    /// The loss of spectra that train nothing: the code is the mean of q(z|x).
    pub fn evaluate(&mut self, x: &[f32], weight: &[f32], prior: &[f32]) -> LossTerms {
        let Self { network, state, workspace } = self;
        network.forward(&state.parameters, x, weight, None, prior, workspace)
    }

    /// The loss, and its derivatives in all parameters: what a step would use. Without `noise` the code is the mean.
    pub fn gradient(
        &mut self,
        x: &[f32],
        weight: &[f32],
        noise: Option<&[f32]>,
        prior: &[f32],
    ) -> (LossTerms, Vec<f32>) {
        let Self { network, state, workspace } = self;
        let terms = network.forward(&state.parameters, x, weight, noise, prior, workspace);
        let mut gradient = vec![0.0; state.parameters.len()];
        let target = &mut WeightUpdate::Gradient { parameters: &state.parameters, gradient: &mut gradient };
        network.backward(target, noise, workspace);
        (terms, gradient)
    }

    /// Mean and log variance of q(z|x), both `[n * d]`, of spectra less the mean spectrum, `[n * pixels]`.
    pub fn encode(&mut self, x: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let Self { network, state, workspace } = self;
        let (mut mean, mut log_var) = (Vec::new(), Vec::new());
        for x in x.chunks(network.chunk()) {
            let spectra = network.encode(&state.parameters, x, workspace);
            for row in from_panels(&workspace.code, spectra, 2 * network.config.latents)
                .chunks_exact(2 * network.config.latents)
            {
                let (a, b) = row.split_at(network.config.latents);
                mean.extend_from_slice(a);
                log_var.extend_from_slice(b);
            }
        }
        (mean, log_var)
    }

    /// Spectra less the mean spectrum, `[n * pixels]`, from places in latent space, `[n * d]`.
    pub fn decode(&mut self, latent: &[f32]) -> Vec<f32> {
        let Self { network, state, workspace } = self;
        let (latents, pixels, batch) = (network.config.latents, network.config.pixels, network.config.batch.max(1));
        let mut all = Vec::with_capacity(latent.len() / latents * pixels);
        for latent in latent.chunks(batch * latents) {
            let spectra = latent.len() / latents;
            workspace.fit(&network.config, spectra);
            to_panels(latent, latents, &mut workspace.latent);
            network.decode(&state.parameters, workspace);
            all.extend(from_panels(&workspace.decoded, spectra, pixels));
        }
        all
    }

    /// The spectra as the model has them, `[n * pixels]`, decoded from the mean of q(z|x).
    pub fn reconstruct(&mut self, x: &[f32]) -> Vec<f32> {
        let (mean, _) = self.encode(x);
        self.decode(&mean)
    }

    fn with(config: &VaeConfig, state: LearnerState) -> Self {
        let network = Network { config: config.clone(), layout: Layout::new(config) };
        let mut workspace = Workspace::default();
        workspace.fit(config, config.batch.max(1));
        workspace.mmd.reserve(config.batch, network.draws(config.batch), config.latents);
        Self { network, state, workspace }
    }
}

fn check(what: &'static str, values: &[f32], config: &VaeConfig) -> Result<(), LearnerError> {
    let expected = Layout::new(config).len;
    if values.len() != expected {
        return Err(LearnerError::Length { what, found: values.len(), expected });
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(at) => Err(LearnerError::Value { what, at }),
        None => Ok(()),
    }
}

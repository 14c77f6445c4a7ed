//! A model in training by the fused step.

use super::gemm::{pack_rows, unpack_rows};
use super::step::Network;
use super::weight_update::WeightUpdate;
use super::workspace::Workspace;
use crate::numerics::simd::Rounding;
use crate::vae::adam::StepFactors;
use crate::vae::config::VaeConfig;
use crate::vae::learner_state::{LearnerError, LearnerState, check_values};
use crate::vae::objective::{LossTerms, MmdTerm};
use crate::vae::parameters::Layout;
use crate::vae::posterior::Posterior;

/// A model in training: its weights, Adam's moments, and the memory of a step.
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

impl Learner {
    /// Returns a learner before the first step, with weights from the configuration's seed. The configuration's activation must not fall below
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
    /// `cli`, as in the page, the pieces are done one after another.
    pub fn use_threads(&mut self, threads: usize) {
        self.workspace.use_threads(threads);
    }

    /// Rounds products in that way; the fastest one to begin with.
    pub fn use_rounding(&mut self, rounding: Rounding) {
        self.network.rounding = rounding;
    }

    /// Returns how products are rounded.
    pub fn rounding(&self) -> Rounding {
        self.network.rounding
    }

    /// Returns a copy of all that a step changes.
    pub fn state(&self) -> LearnerState {
        self.state.clone()
    }

    /// Returns all that a step changes.
    pub fn state_ref(&self) -> &LearnerState {
        &self.state
    }

    /// Returns its configuration.
    pub fn config(&self) -> &VaeConfig {
        &self.network.config
    }

    /// Returns where the layers lie in [`Learner::parameters`].
    pub fn layout(&self) -> &Layout {
        &self.network.layout
    }

    /// Returns weights and biases, as [`Layout`] has them.
    pub fn parameters(&self) -> &[f32] {
        &self.state.parameters
    }

    /// Replaces weights and biases; Adam's moments stay.
    pub fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), LearnerError> {
        check_values("parameters", parameters, &self.network.config)?;
        self.state.parameters.copy_from_slice(parameters);
        Ok(())
    }

    /// Does one step on spectra less the mean spectrum, `x`, with their weights, both `[n * pixels]`; n up to the configuration's batch
    /// takes no memory. `noise` `[n * d]` draws the latents, `prior` [m * d] are draws from the prior. Returns the loss before the
    /// step. Where it is not a number, nothing changes: training has diverged.
    pub fn train(&mut self, x: &[f32], weight: &[f32], noise: &[f32], prior: &[f32], learning_rate: f64) -> LossTerms {
        let Self { network, state, workspace } = self;
        let terms = network.forward(&state.parameters, x, weight, Some(noise), prior, workspace);
        if !terms.total.is_finite() {
            return terms;
        }
        state.step = state.step.saturating_add(1);
        let factors = StepFactors::new(learning_rate, state.step);
        let LearnerState { parameters, first, second, .. } = state;
        network.backward(&mut WeightUpdate::Adam { parameters, first, second, factors }, Some(noise), workspace);
        terms
    }

    /// Returns the loss of spectra that train nothing: the latents are the means of q(z|x).
    pub fn evaluate(&mut self, x: &[f32], weight: &[f32], prior: &[f32]) -> LossTerms {
        let Self { network, state, workspace } = self;
        network.forward(&state.parameters, x, weight, None, prior, workspace)
    }

    /// Returns the loss and its derivatives in all parameters, which a step would use. Without `noise` the latents are the means.
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
        let update = &mut WeightUpdate::Gradient { parameters: &state.parameters, gradient: &mut gradient };
        network.backward(update, noise, workspace);
        (terms, gradient)
    }

    /// Returns q(z|x), `[n * d]`, of spectra less the mean spectrum, `[n * pixels]`.
    pub fn encode(&mut self, x: &[f32]) -> Posterior {
        let Self { network, state, workspace } = self;
        let mut posterior: Posterior = Posterior::default();
        for x in x.chunks(network.chunk()) {
            let spectra = network.encode(&state.parameters, x, workspace);
            for row in unpack_rows(&workspace.posterior, spectra, 2 * network.config.latents)
                .chunks_exact(2 * network.config.latents)
            {
                let (mean, log_var) = row.split_at(network.config.latents);
                posterior.mean.extend_from_slice(mean);
                posterior.log_var.extend_from_slice(log_var);
            }
        }
        posterior
    }

    /// Decodes latents `[n * d]` to spectra less the mean spectrum, `[n * pixels]`.
    pub fn decode(&mut self, latent: &[f32]) -> Vec<f32> {
        let Self { network, state, workspace } = self;
        let (latents, pixels, batch) = (network.config.latents, network.config.pixels, network.config.batch.max(1));
        let mut all = Vec::with_capacity(latent.len() / latents * pixels);
        for latent in latent.chunks(batch * latents) {
            let spectra = latent.len() / latents;
            workspace.fit(&network.config, spectra);
            pack_rows(latent, latents, &mut workspace.latent);
            network.decode(&state.parameters, workspace);
            all.extend(unpack_rows(&workspace.decoded, spectra, pixels));
        }
        all
    }

    /// Returns the reconstructions of spectra less the mean spectrum, `[n * pixels]` each, decoded from the mean of q(z|x).
    pub fn reconstruct(&mut self, x: &[f32]) -> Vec<f32> {
        let posterior = self.encode(x);
        self.decode(&posterior.mean)
    }

    fn with(config: &VaeConfig, state: LearnerState) -> Self {
        let network = Network { config: config.clone(), layout: Layout::new(config), rounding: Rounding::default() };
        let mut workspace = Workspace::default();
        workspace.fit(config, config.batch.max(1));
        workspace.mmd.reserve(config.batch, MmdTerm::new(config, config.batch).draws, config.latents);
        Self { network, state, workspace }
    }
}

//! The GPU learner by itself, for tests and `cargo xtask bench`: callable from a script.

#[cfg(target_arch = "wasm32")]
mod script {
    use std::rc::Rc;

    use half::f16;
    use spectrascape::vae::backend::wgsl::{GpuDevice, GpuLearner, GpuSet};
    use spectrascape::vae::learner_state::LearnerState;
    use spectrascape::vae::{VaeConfig, parameters};
    use wasm_bindgen::JsError;
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Returns the browser's description of its graphics processor as JSON.
    #[wasm_bindgen]
    pub async fn probe() -> Result<String, JsError> {
        Ok(serde_json::to_string(&spectrascape::vae::backend::wgsl::probe().await)?)
    }

    /// Returns the configuration of the paper, or of the published code, as JSON.
    #[wasm_bindgen]
    pub fn configuration(latents: usize, published: bool) -> Result<String, JsError> {
        let config = if published { VaeConfig::published_code(latents) } else { VaeConfig::paper(latents) };
        Ok(serde_json::to_string(&config)?)
    }

    /// Returns the initial weights, in the layout of `vae::parameters`.
    #[wasm_bindgen]
    pub fn initial(config: &str) -> Result<Vec<f32>, JsError> {
        Ok(parameters::initial(&serde_json::from_str(config)?))
    }

    /// A model in training.
    #[wasm_bindgen]
    pub struct Learner {
        device: GpuDevice,
        learner: GpuLearner,
    }

    #[wasm_bindgen]
    impl Learner {
        /// Opens a learner of a configuration as JSON, its weights, and a set as half-precision bits, `[n * pixels]` each.
        pub async fn open(
            config: &str,
            parameters: Vec<f32>,
            flux: Vec<u16>,
            ivar: Vec<u16>,
            mean: Vec<f32>,
        ) -> Result<Learner, JsError> {
            console_error_panic_hook::set_once();
            let config: VaeConfig = serde_json::from_str(config)?;
            let device = GpuDevice::open().await?;
            let [flux, ivar] = [flux, ivar].map(|bits| bits.into_iter().map(f16::from_bits).collect::<Vec<f16>>());
            let set = GpuSet::new(&device, config.pixels, flux.len() / config.pixels).await?;
            set.push(&flux, &ivar)?;
            let state = LearnerState::with_parameters(parameters);
            let learner = GpuLearner::new(&device, &config, &state, Rc::new(set), &mean).await?;
            Ok(Self { device, learner })
        }

        /// Enqueues a step.
        pub fn train(&mut self, rows: &[u32], noise: &[f32], prior: &[f32], rate: f64) -> Result<(), JsError> {
            Ok(self.learner.train(rows, noise, prior, rate)?)
        }

        /// Enqueues the loss of a batch.
        pub fn evaluate(&mut self, rows: &[u32], prior: &[f32]) -> Result<(), JsError> {
            Ok(self.learner.evaluate(rows, prior)?)
        }

        /// Submits the enqueued steps.
        pub fn submit(&mut self) -> Result<(), JsError> {
            Ok(self.learner.submit()?)
        }

        /// Returns total, reconstruction, KL and MMD of every step since the last call, one after the other.
        pub async fn losses(&mut self) -> Result<Vec<f64>, JsError> {
            let terms = self.learner.losses().await?;
            Ok(terms.iter().flat_map(|t| [t.total, t.reconstruction, t.kl, t.mmd]).collect())
        }

        /// Encodes rows; returns the posterior means, then the log variances.
        pub async fn encode(&mut self, rows: Vec<u32>) -> Result<Vec<f32>, JsError> {
            let posterior = self.learner.encode(&rows).await?;
            Ok([posterior.mean, posterior.log_var].concat())
        }

        /// Returns the parameters, then the first and second moments of Adam.
        pub async fn state(&mut self) -> Result<Vec<f32>, JsError> {
            let state = self.learner.state().await?;
            Ok([state.parameters, state.first, state.second].concat())
        }

        /// Restores a state of [`Learner::state`] after `step` steps.
        pub fn restore(&mut self, state: &[f32], step: u32) -> Result<(), JsError> {
            let mut parts = state.chunks_exact(state.len() / 3).map(<[f32]>::to_vec);
            let mut next = || parts.next().unwrap_or_default();
            let state = LearnerState { parameters: next(), first: next(), second: next(), step };
            Ok(self.learner.restore(&state)?)
        }

        /// Destroys the device, as if it were lost.
        pub fn lose(&self) {
            self.device.destroy();
        }
    }
}

fn main() {}

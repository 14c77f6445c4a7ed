//! A model in training on the graphics processor: the arithmetic of `vae::{objective, adam, activation}`, in a dozen kernels a step.
//!
//! A step sends row numbers and random draws and reads nothing: up to [`MOST_STEPS`] steps go in one submission, and their
//! losses come back in one read. Weights, optimiser and spectra stay on the device.

use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Array, Uint32Array};
use wasm_bindgen::JsValue;

use super::device::GpuDevice;
use super::error::GpuError;
use super::kernels::Pipelines;
use super::plan::{Call, Groups, Plan, SLOT};
use super::set::GpuSet;
use super::steps::{BatchInputs, MOST_STEPS, Steps, Waiting};
use super::webgpu::{Buffer, Encoder, object, usage};
use crate::vae::VaeConfig;
use crate::vae::adam::StepFactors;
use crate::vae::learner_state::LearnerState;
use crate::vae::objective::LossTerms;
use crate::vae::parameters::Layout;
use crate::vae::posterior::Posterior;

/// Submissions whose losses nobody has read yet.
const MOST_SUBMISSIONS: usize = 2;
/// Batches encoded between two reads.
const ENCODED_BETWEEN_READS: usize = 16;

/// A model in training on the graphics processor.
pub struct GpuLearner {
    device: GpuDevice,
    config: VaeConfig,
    plan: Plan,
    set: Rc<GpuSet>,
    pipelines: Pipelines,
    group: JsValue,
    /// Offsets of every step's and every call's settings, in pairs.
    offsets: Uint32Array,
    settings: Buffer,
    ops: Buffer,
    /// Parameters, first and second moments, padded.
    weights: [Buffer; 3],
    work: Buffer,
    inputs: Buffer,
    losses: Buffer,
    step: u32,
    steps: Steps,
    submitted: VecDeque<(Buffer, Vec<Waiting>)>,
}

impl GpuLearner {
    /// Puts a model on the device, with a set whose mean spectrum is `mean`, and compiles its kernels.
    pub async fn new(
        device: &GpuDevice,
        config: &VaeConfig,
        state: &LearnerState,
        set: Rc<GpuSet>,
        mean: &[f32],
    ) -> Result<Self, GpuError> {
        let plan = Plan::new(config).map_err(|reason| GpuError::Refused { reason })?;
        if set.pixels() != config.pixels || mean.len() != config.pixels {
            let (model, spectra) = (config.pixels, set.pixels());
            let reason =
                format!("the model takes {model} pixels and the spectra have {spectra}: use one grid for both");
            return Err(GpuError::Refused { reason });
        }
        let what = "taking memory for the model";
        device.push_error_scopes();
        let memory = Memory::new(device, config, &plan);
        let compiled = Pipelines::new(device).await;
        device.pop_error_scopes(what).await?;
        let (memory, pipelines) = (memory?, compiled?);
        let group = memory.group(device, &pipelines, &set);
        let mut learner = Self {
            device: device.clone(),
            config: config.clone(),
            offsets: offsets(plan.ops.len() / SLOT),
            set,
            pipelines,
            group,
            settings: memory.settings,
            ops: memory.ops,
            weights: memory.weights,
            work: memory.work,
            inputs: memory.inputs,
            losses: memory.losses,
            step: 0,
            steps: Steps::default(),
            submitted: VecDeque::new(),
            plan,
        };
        let sent = device.queue.write_bytes(&learner.ops, 0.0, &learner.plan.ops);
        sent.map_err(|thrown| device.failed(what, &thrown))?;
        let sent = device.queue.write_numbers(&learner.work, 4.0 * learner.plan.mean as f64, mean);
        sent.map_err(|thrown| device.failed(what, &thrown))?;
        learner.restore(state)?;
        Ok(learner)
    }

    /// Enqueues a step of training on the set's `rows`, with standard normal draws `noise` `[n * d]` and `prior` `[m * d]`.
    /// Reads nothing and waits for nothing; fails with [`GpuError::Full`] where too many steps wait already.
    pub fn train(&mut self, rows: &[u32], noise: &[f32], prior: &[f32], learning_rate: f64) -> Result<(), GpuError> {
        self.enqueue(BatchInputs { rows, noise: Some(noise), prior }, Some(learning_rate))
    }

    /// Enqueues the loss of a batch, its latents the means of q(z|x), as in validation.
    pub fn evaluate(&mut self, rows: &[u32], prior: &[f32]) -> Result<(), GpuError> {
        self.enqueue(BatchInputs { rows, noise: None, prior }, None)
    }

    /// Steps enqueued or submitted whose losses have not been read.
    pub fn waiting(&self) -> usize {
        self.steps.each.len() + self.submitted.iter().map(|(_, steps)| steps.len()).sum::<usize>()
    }

    /// Submits what is enqueued, so that the device works while the losses of an earlier submission are awaited. Two
    /// submissions can be under way.
    pub fn submit(&mut self) -> Result<(), GpuError> {
        if self.steps.each.is_empty() {
            return Ok(());
        }
        if self.submitted.len() == MOST_SUBMISSIONS {
            return Err(GpuError::Full { waiting: self.waiting() });
        }
        let what = "training";
        self.device.check(what)?;
        let steps = std::mem::take(&mut self.steps);
        self.send(&steps, what)?;
        let bytes = steps.each.len() * 16;
        let read = self.device.buffer(bytes, usage::MAP_READ | usage::COPY_TO)?;
        let encoder = self.device.device.create_command_encoder();
        let pass = encoder.begin_compute_pass();
        for (slot, waiting) in steps.each.iter().enumerate() {
            let calls = if waiting.trains { &self.plan.train } else { &self.plan.evaluate };
            self.record(&pass, calls, slot, waiting.spectra);
        }
        pass.end();
        encoder.copy(&self.losses, 0.0, &read, 0.0, bytes as f64);
        self.device.submit(encoder);
        self.submitted.push_back((read, steps.each));
        Ok(())
    }

    /// Waits for the submission that is longest under way; its losses, in order. Empty when none is.
    pub async fn next_losses(&mut self) -> Result<Vec<LossTerms>, GpuError> {
        let Some((buffer, steps)) = self.submitted.pop_front() else { return Ok(Vec::new()) };
        let counted = self.device.read(&buffer).await?;
        let each = counted.chunks_exact(4).zip(&steps);
        let terms = |c: &[f32], spectra: usize| {
            let [reconstruction, kl, mmd] = [c[0], c[1], c[2]].map(f64::from);
            LossTerms::of_batch(&self.config, spectra, reconstruction, kl, mmd)
        };
        Ok(each.map(|(c, step)| terms(c, step.spectra)).collect())
    }

    /// Submits what is enqueued and waits for all; the losses since the last call, in order.
    pub async fn losses(&mut self) -> Result<Vec<LossTerms>, GpuError> {
        let mut all = Vec::new();
        if self.submitted.len() == MOST_SUBMISSIONS {
            all.extend(self.next_losses().await?);
        }
        self.submit()?;
        while !self.submitted.is_empty() {
            all.extend(self.next_losses().await?);
        }
        Ok(all)
    }

    /// Returns q(z|x) of spectra, `[n * d]`, after all steps that were enqueued.
    pub async fn encode(&mut self, rows: &[u32]) -> Result<Posterior, GpuError> {
        self.submit()?;
        let mut posterior: Posterior = Posterior::default();
        for rows in rows.chunks(self.plan.rows * ENCODED_BETWEEN_READS) {
            self.encode_some(rows, &mut posterior).await?;
        }
        Ok(posterior)
    }

    /// The weights, after all steps that were enqueued.
    pub async fn parameters(&mut self) -> Result<Vec<f32>, GpuError> {
        self.submit()?;
        let padded = self.read_weights(1).await?;
        Ok(self.plan.flat(&padded))
    }

    /// Everything that training changes, after all steps that were enqueued: what a checkpoint keeps.
    pub async fn state(&mut self) -> Result<LearnerState, GpuError> {
        self.submit()?;
        let padded = self.read_weights(3).await?;
        let mut parts = padded.chunks_exact(self.plan.weights).map(|part| self.plan.flat(part));
        let mut next = || parts.next().unwrap_or_default();
        Ok(LearnerState { parameters: next(), first: next(), second: next(), step: self.step })
    }

    /// Goes back to a state, or on from it.
    pub fn restore(&mut self, state: &LearnerState) -> Result<(), GpuError> {
        let len = Layout::new(&self.config).len;
        let parts = [&state.parameters, &state.first, &state.second];
        if let Some(other) = parts.iter().find(|part| part.len() != len) {
            let reason = format!("the state has {} numbers and the model {len}: it is of another model", other.len());
            return Err(GpuError::Refused { reason });
        }
        self.submit()?;
        for (buffer, part) in self.weights.iter().zip(parts) {
            let sent = self.device.queue.write_numbers(buffer, 0.0, &self.plan.padded(&self.config, part));
            sent.map_err(|thrown| self.device.failed("sending the model", &thrown))?;
        }
        self.step = state.step;
        Ok(())
    }

    fn enqueue(&mut self, batch: BatchInputs<'_>, learning_rate: Option<f64>) -> Result<(), GpuError> {
        if self.steps.each.len() == MOST_STEPS {
            return Err(GpuError::Full { waiting: self.waiting() });
        }
        self.refuse(&batch)?;
        let factors = learning_rate.map(|rate| {
            self.step += 1;
            StepFactors::new(rate, self.step)
        });
        self.steps.push(&self.config, batch, factors);
        Ok(())
    }

    /// Kernels trust what they are given: so it is looked at here.
    fn refuse(&self, batch: &BatchInputs<'_>) -> Result<(), GpuError> {
        let (spectra, latents) = (batch.rows.len(), self.config.latents);
        let refused = |reason: String| Err(GpuError::Refused { reason });
        if spectra == 0 || spectra > self.config.batch {
            return refused(format!("a batch of {spectra} spectra is not between 1 and {}", self.config.batch));
        }
        if let Some(row) = batch.rows.iter().find(|&&row| row as usize >= self.set.len()) {
            return refused(format!("row {row} is not in the set of {} spectra", self.set.len()));
        }
        let draws = batch.prior.len() / latents;
        let noise_fits = batch.noise.is_none_or(|noise| noise.len() == spectra * latents || !self.config.variational);
        let most = Steps::most_inputs(&self.config, self.plan.rows) / MOST_STEPS;
        let prior_fits = batch.prior.len() == draws * latents && (draws > 0 || !self.config.variational);
        if !noise_fits || !prior_fits || spectra + (spectra + draws) * latents > most {
            return refused("noise and prior draws do not fit the batch and the model's latents".to_owned());
        }
        Ok(())
    }

    fn send(&self, steps: &Steps, what: &'static str) -> Result<(), GpuError> {
        let queue = &self.device.queue;
        let sent = queue.write_bytes(&self.settings, 0.0, &steps.settings);
        let sent = sent.and_then(|()| queue.write_words(&self.inputs, 0.0, &steps.inputs));
        sent.map_err(|thrown| self.device.failed(what, &thrown))
    }

    fn record(&self, pass: &super::webgpu::Pass, calls: &[Call], slot: usize, spectra: usize) {
        let tiles = spectra.div_ceil(super::plan::TILE) as u32;
        let ops = self.plan.ops.len() / SLOT;
        for call in calls {
            pass.set_pipeline(self.pipelines.of(call.kernel));
            pass.set_bind_group(0, &self.group, &self.offsets, 2 * (slot * ops + call.op) as u32, 2);
            let rows = tiles * super::plan::TILE as u32;
            let (x, y) = match call.groups {
                Groups::Tiles(across) => (across, tiles),
                Groups::Rows(across) => (across, rows),
                Groups::Spectra => (rows, 1),
                Groups::Fixed(count) => (count, 1),
            };
            pass.dispatch(x, y);
        }
    }

    async fn encode_some(&self, rows: &[u32], posterior: &mut Posterior) -> Result<(), GpuError> {
        let what = "encoding";
        self.device.check(what)?;
        let (latents, stride) = (self.config.latents, self.plan.head_stride);
        let mut steps = Steps::default();
        for rows in rows.chunks(self.plan.rows) {
            if let Some(row) = rows.iter().find(|&&row| row as usize >= self.set.len()) {
                let reason = format!("row {row} is not in the set of {} spectra", self.set.len());
                return Err(GpuError::Refused { reason });
            }
            steps.push(&self.config, BatchInputs { rows, noise: None, prior: &[] }, None);
        }
        self.send(&steps, what)?;
        let read = self.device.buffer(rows.len() * stride * 4, usage::MAP_READ | usage::COPY_TO)?;
        let mut done = 0;
        for (slot, waiting) in steps.each.iter().enumerate() {
            let encoder = self.device.device.create_command_encoder();
            let pass = encoder.begin_compute_pass();
            self.record(&pass, &self.plan.encode, slot, waiting.spectra);
            pass.end();
            let bytes = (waiting.spectra * stride * 4) as f64;
            encoder.copy(&self.work, 4.0 * self.plan.heads as f64, &read, (done * stride * 4) as f64, bytes);
            self.device.submit(encoder);
            done += waiting.spectra;
        }
        for heads in self.device.read(&read).await?.chunks_exact(stride).take(rows.len()) {
            posterior.mean.extend_from_slice(&heads[..latents]);
            posterior.log_var.extend_from_slice(&heads[latents..2 * latents]);
        }
        Ok(())
    }

    async fn read_weights(&self, parts: usize) -> Result<Vec<f32>, GpuError> {
        self.device.check("reading the model")?;
        let bytes = self.plan.weights * 4;
        let read = self.device.buffer(parts * bytes, usage::MAP_READ | usage::COPY_TO)?;
        let encoder: Encoder = self.device.device.create_command_encoder();
        for (index, buffer) in self.weights.iter().take(parts).enumerate() {
            encoder.copy(buffer, 0.0, &read, (index * bytes) as f64, bytes as f64);
        }
        self.device.submit(encoder);
        self.device.read(&read).await
    }
}

impl Drop for GpuLearner {
    fn drop(&mut self) {
        let [parameters, first, second] = &self.weights;
        for buffer in [&self.settings, &self.ops, parameters, first, second, &self.work, &self.inputs, &self.losses] {
            buffer.destroy();
        }
    }
}

/// The buffers of a learner.
struct Memory {
    settings: Buffer,
    ops: Buffer,
    weights: [Buffer; 3],
    work: Buffer,
    inputs: Buffer,
    losses: Buffer,
}

impl Memory {
    fn new(device: &GpuDevice, config: &VaeConfig, plan: &Plan) -> Result<Self, GpuError> {
        let model = || device.storage("the model's weights", plan.weights * 4);
        let settings = usage::UNIFORM | usage::COPY_TO;
        Ok(Self {
            settings: device.buffer(MOST_STEPS * SLOT, settings)?,
            ops: device.buffer(plan.ops.len(), settings)?,
            weights: [model()?, model()?, model()?],
            work: device.storage("the batch's layers", plan.work * 4)?,
            inputs: device.storage("the batch's draws", Steps::most_inputs(config, plan.rows) * 4)?,
            losses: device.storage("the losses", MOST_STEPS * 16)?,
        })
    }

    fn group(&self, device: &GpuDevice, pipelines: &Pipelines, set: &GpuSet) -> JsValue {
        let [parameters, first, second] = &self.weights;
        let storage = [parameters, first, second, &self.work, &set.flux, &set.ivar, &self.inputs, &self.losses];
        let whole = |buffer: &Buffer| object(&[("buffer", buffer.into())]);
        let slot = |buffer: &Buffer| object(&[("buffer", buffer.into()), ("size", (SLOT as u32).into())]);
        let resources = [slot(&self.settings), slot(&self.ops)].into_iter().chain(storage.into_iter().map(whole));
        let entries = Array::new();
        for (binding, resource) in resources.enumerate() {
            entries.push(&object(&[("binding", (binding as u32).into()), ("resource", resource.into())]));
        }
        let descriptor = object(&[("layout", pipelines.layout.clone()), ("entries", entries.into())]);
        device.device.create_bind_group(&descriptor)
    }
}

/// Offsets of the settings of each step and each call: one array, of which every dispatch names two numbers.
fn offsets(ops: usize) -> Uint32Array {
    let pairs = (0..MOST_STEPS).flat_map(|step| (0..ops).flat_map(move |op| [step * SLOT, op * SLOT]));
    let all: Vec<u32> = pairs.map(|offset| offset as u32).collect();
    Uint32Array::from(all.as_slice())
}

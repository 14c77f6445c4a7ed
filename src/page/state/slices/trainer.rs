//! The worker that trains: which one it is, why, and what it is sent.

use std::collections::BTreeSet;

use super::explorer::Engine;
use crate::protocol::{Request, TrainCommand};
use crate::vae::backend::wgsl::Probe;
use crate::vae::config::VaeConfig;

/// The worker that trains.
#[derive(Debug, Clone, Default)]
pub struct Trainer {
    kind: TrainerKind,
    engine: Option<Engine>,
    why: String,
    gpu: Option<Probe>,
    /// Milliseconds a step as measured: CPU, GPU.
    measured: (Option<f64>, Option<f64>),
    /// Counts the workers, so that the page knows when another is wanted.
    generation: u32,
    restarts: u32,
    /// Whether this worker has done a batch.
    has_worked: bool,
    set_url: String,
    /// The worker that the training moves to once it is saved, and whether it runs there or waits.
    moving_to: Option<(TrainerKind, bool)>,
    /// The plan that waits for the measurement.
    unmeasured: Option<VaeConfig>,
    /// Whether the user has chosen the worker.
    chosen: bool,
    /// Whether the model in training is one that the CPU alone trains.
    is_cpu_alone: bool,
    /// Whether the GPU trains again once a model is one that it can train.
    gpu_waits: bool,
    outbox: Vec<Request<TrainCommand>>,
    /// Requests about what is kept, and for files, that are not answered yet.
    unanswered: BTreeSet<u32>,
    /// Tells that the worker is let go of once all is answered.
    leaves: bool,
    last_id: u32,
}

/// What does the arithmetic of training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TrainerKind {
    /// One thread of the CPU.
    #[default]
    Cpu,
    /// WebGPU.
    Gpu,
}

/// Times in a row that a trainer that died is started again.
const RESTARTS: u32 = 3;

impl TrainerKind {
    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "CPU",
            Self::Gpu => "GPU",
        }
    }
}

impl Trainer {
    /// Returns which worker trains, or will.
    pub fn kind(&self) -> TrainerKind {
        self.kind
    }

    /// Returns the state of the worker; `None` before one is wanted.
    pub fn engine(&self) -> Option<&Engine> {
        self.engine.as_ref()
    }

    /// Returns why this worker trains, in a sentence.
    pub fn why(&self) -> &str {
        match self.is_cpu_alone {
            true => "The GPU’s engine trains the paper’s kind of model alone, so the CPU trains this one.",
            false => &self.why,
        }
    }

    /// Returns what the browser says of its GPU; `None` until it has been asked.
    pub fn gpu(&self) -> Option<&Probe> {
        self.gpu.as_ref()
    }

    /// Returns the milliseconds a step as measured, on CPU and GPU.
    pub fn measured(&self) -> (Option<f64>, Option<f64>) {
        self.measured
    }

    /// Returns the number of the worker.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// Returns whether the worker listens.
    pub fn is_ready(&self) -> bool {
        matches!(self.engine, Some(Engine::Ready(_)))
    }

    /// Returns the address of the set that is trained on.
    pub fn set_url(&self) -> &str {
        &self.set_url
    }

    /// Sets the address of the set that is trained on.
    pub fn set_set_url(&mut self, set_url: String) {
        self.set_url = set_url;
    }

    /// Returns the requests to send since this was last called; none before the worker listens.
    pub fn take_outbox(&mut self) -> Vec<Request<TrainCommand>> {
        if self.is_ready() { std::mem::take(&mut self.outbox) } else { Vec::new() }
    }

    /// Sends a command and returns its request; a worker is started where none runs.
    pub fn send(&mut self, command: TrainCommand) -> u32 {
        if !matches!(self.engine, Some(Engine::Starting | Engine::Ready(_))) {
            self.start();
        }
        self.last_id += 1;
        use TrainCommand::{ClearStorage, Export, ForgetRun, ListRuns};
        match command {
            ListRuns | ForgetRun { .. } | ClearStorage | Export { .. } => {
                self.unanswered.insert(self.last_id);
            }
            _ => self.leaves = false,
        }
        self.outbox.push(Request { id: self.last_id, command });
        self.last_id
    }

    /// Lets the worker go once it has nothing to do: memory of WebAssembly only comes back with its end.
    pub fn rest(&mut self) {
        self.leaves = true;
        self.leave_if_done();
    }

    /// Takes in that a request is answered.
    pub fn on_answered(&mut self, id: u32) {
        self.unanswered.remove(&id);
        self.leave_if_done();
    }

    fn leave_if_done(&mut self) {
        if self.leaves && self.is_ready() && self.outbox.is_empty() && self.unanswered.is_empty() {
            (self.engine, self.leaves) = (None, false);
        }
    }

    /// Takes in that the worker listens.
    pub fn on_ready(&mut self, name: String) {
        self.engine = Some(Engine::Ready(name));
    }

    /// Takes in what the browser says of its GPU.
    pub fn on_gpu_probed(&mut self, gpu: Probe) {
        self.why = match (gpu.available, gpu.fallback) {
            (false, _) => format!("This browser offers no GPU to compute on ({}), so the CPU trains.", gpu.reason),
            (true, true) => "The browser's GPU is imitated by the CPU, so the CPU itself is faster.".to_owned(),
            (true, false) => format!("Not measured yet: there is also {}.", gpu.name()),
        };
        self.gpu = Some(gpu);
    }

    /// Notes that the user has chosen the worker.
    pub fn choose(&mut self) {
        self.chosen = true;
    }

    /// Moves to another worker once the training is saved.
    pub fn move_to(&mut self, kind: TrainerKind, runs: bool) {
        self.moving_to = Some((kind, runs));
    }

    /// Returns whether the training is to move to another worker.
    pub fn is_moving(&self) -> bool {
        self.moving_to.is_some()
    }

    /// Takes the worker that the training moves to, and whether it runs there.
    pub fn take_move(&mut self) -> Option<(TrainerKind, bool)> {
        self.moving_to.take()
    }

    /// Changes to another worker, with nothing to do yet, because the user chose it.
    pub fn switch_by_choice(&mut self, kind: TrainerKind) {
        self.switch(kind);
        (self.gpu_waits, self.is_cpu_alone) = (false, false);
        self.why = match (self.kind, &self.gpu) {
            (TrainerKind::Gpu, Some(gpu)) if gpu.fallback => {
                "Your choice. This GPU is imitated by the CPU: right numbers, slowly.".to_owned()
            }
            (TrainerKind::Gpu, Some(gpu)) => format!("Your choice: {}.", gpu.name()),
            _ => "Your choice.".to_owned(),
        };
    }

    /// Changes to the CPU for a model that the GPU's engine does not train, and back to the GPU for the next one that it does.
    pub fn suit_model(&mut self, is_plain: bool) {
        match (is_plain, self.kind) {
            (false, TrainerKind::Gpu) => {
                self.switch(TrainerKind::Cpu);
                self.gpu_waits = true;
            }
            (true, TrainerKind::Cpu) if self.gpu_waits => {
                self.switch(TrainerKind::Gpu);
                self.gpu_waits = false;
            }
            _ => {}
        }
        self.is_cpu_alone = !is_plain;
    }

    /// Changes to the CPU, because the GPU was lost.
    pub fn on_gpu_lost(&mut self) {
        self.switch(TrainerKind::Cpu);
        self.gpu_waits = false;
        self.why = "The GPU was lost, so the CPU trains.".to_owned();
    }

    /// Returns whether both engines are to be measured before a training begins: where there is a real GPU, once, unless the user has
    /// chosen.
    pub fn needs_measurement(&self) -> bool {
        self.gpu.as_ref().is_some_and(Probe::is_real) && !self.chosen && self.measured.1.is_none()
    }

    /// Measures the engines for a plan, the CPU first.
    pub fn measure(&mut self, set_url: String, config: VaeConfig) {
        self.set_url = set_url;
        self.unmeasured = Some(config.clone());
        self.kind = TrainerKind::Cpu;
        self.send(TrainCommand::Measure { config: Box::new(config) });
    }

    /// Returns whether a plan waits for the measurement.
    pub fn is_measuring(&self) -> bool {
        self.unmeasured.is_some()
    }

    /// Takes in how long a step takes on the worker that was asked. Returns the plan to train, once both are known.
    pub fn on_measured(&mut self, ms_per_step: f64) -> Option<VaeConfig> {
        let config = self.unmeasured.clone()?;
        match self.kind {
            TrainerKind::Cpu => {
                self.measured.0 = Some(ms_per_step);
                self.switch(TrainerKind::Gpu);
                self.send(TrainCommand::Measure { config: Box::new(config) });
                None
            }
            TrainerKind::Gpu => {
                self.measured.1 = Some(ms_per_step);
                self.choose_by_measurement()
            }
        }
    }

    /// Chooses the faster worker, as far as both were measured. Returns the plan that waited.
    pub fn choose_by_measurement(&mut self) -> Option<VaeConfig> {
        let config = self.unmeasured.take()?;
        let (cpu, gpu) = (self.measured.0.unwrap_or(f64::INFINITY), self.measured.1.unwrap_or(f64::INFINITY));
        let kind = if gpu < cpu { TrainerKind::Gpu } else { TrainerKind::Cpu };
        if self.kind != kind {
            self.switch(kind);
        }
        self.why = match gpu.is_finite() {
            true => format!("Measured: {cpu:.1} ms a step on the CPU, {gpu:.1} ms on the GPU."),
            false => "The GPU engine did not work here, so the CPU trains.".to_owned(),
        };
        Some(config)
    }

    /// Takes in that batches are done, or a whole epoch: the worker works.
    pub fn on_batches(&mut self, whole_epoch: bool) {
        self.has_worked = true;
        if whole_epoch {
            self.restarts = 0;
        }
    }

    /// Returns whether this worker has done a batch.
    pub fn has_worked(&self) -> bool {
        self.has_worked
    }

    /// Takes in that the worker has stopped. Returns whether it may be started again: once only, where it has done nothing.
    pub fn on_died(&mut self, sentence: String) -> bool {
        let loading = matches!(self.engine, Some(Engine::Starting));
        self.outbox.clear();
        self.engine = Some(Engine::Dead(sentence));
        self.restarts += 1;
        if loading && self.kind == TrainerKind::Gpu {
            self.kind = TrainerKind::Cpu;
            self.why = "The GPU engine could not be started, so the CPU trains.".to_owned();
        }
        self.restarts <= if self.has_worked { RESTARTS } else { 1 }
    }

    /// Changes to another worker, with nothing to do yet.
    fn switch(&mut self, kind: TrainerKind) {
        self.kind = kind;
        self.outbox.clear();
        if self.engine.is_some() {
            self.start();
        }
    }

    fn start(&mut self) {
        self.generation += 1;
        (self.has_worked, self.leaves) = (false, false);
        self.unanswered.clear();
        self.engine = Some(Engine::Starting);
    }
}

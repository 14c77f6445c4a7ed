//! Which worker trains, and what becomes of a training when it dies or another is to go on.

use super::{AppState, Engine};
use crate::protocol::{Origin, Request, TrainCommand, TrainingState};
use crate::vae::backend::wgsl::Probe;
use crate::vae::config::VaeConfig;

/// The worker that trains.
#[derive(Debug, Clone, Default)]
pub struct Trainer {
    /// Which one it is or will be.
    pub kind: TrainerKind,
    /// Whether it runs.
    pub engine: Option<Engine>,
    /// Why this one, in a sentence.
    pub why: String,
    /// What the browser says of its GPU; none until it has been asked.
    pub gpu: Option<Probe>,
    /// Milliseconds a step as measured: CPU, GPU.
    pub measured: (Option<f64>, Option<f64>),
    /// Counts the workers, so that the page knows when another is wanted.
    pub generation: u32,
    pub(super) restarts: u32,
    pub(super) set_url: String,
    pub(super) switch_to: Option<TrainerKind>,
    /// Whether a training that is moved to another worker runs there, and does not wait.
    pub(super) run_after: bool,
    /// A training that waits for the measurement.
    pub(super) waiting: Option<VaeConfig>,
    /// Whether the user has chosen the worker.
    pub(super) chosen: bool,
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
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "CPU",
            Self::Gpu => "GPU",
        }
    }
}

impl AppState {
    /// Requests to the trainer since this was last called; none before it listens.
    pub fn take_trainer_outbox(&mut self) -> Vec<Request<TrainCommand>> {
        match self.trainer.engine {
            Some(Engine::Ready(_)) => std::mem::take(&mut self.trainer_outbox),
            _ => Vec::new(),
        }
    }

    /// Whether a trainer is to be started: which one, and its number.
    pub fn trainer_wanted(&self) -> Option<(TrainerKind, u32)> {
        self.trainer.engine.as_ref().map(|_| (self.trainer.kind, self.trainer.generation))
    }

    /// Whether explorer and trainer both listen, so that a channel can be opened between them: the trainer's number.
    pub fn workers_to_connect(&self) -> Option<u32> {
        let both = matches!((&self.engine, &self.trainer.engine), (Engine::Ready(_), Some(Engine::Ready(_))));
        both.then_some(self.trainer.generation)
    }

    /// What the browser says of its GPU.
    pub fn on_gpu_probed(&mut self, gpu: Probe) {
        self.trainer.why = match (gpu.available, gpu.fallback) {
            (false, _) => format!("This browser offers no GPU to compute on ({}), so the CPU trains.", gpu.reason),
            (true, true) => "The browser's GPU is imitated by the CPU, so the CPU itself is faster.".to_owned(),
            (true, false) => format!("Not measured yet: there is also {}.", gpu.name()),
        };
        self.trainer.gpu = Some(gpu);
    }

    /// Trains with another worker from now on; a training that runs is saved and goes on there.
    pub fn use_trainer(&mut self, kind: TrainerKind) {
        if self.trainer.kind == kind {
            return;
        }
        self.trainer.chosen = true;
        let live = self.training.is_on() && self.training.state != Some(TrainingState::Finished);
        if live && self.training.run.is_some() {
            self.trainer.switch_to = Some(kind);
            self.trainer.run_after = self.training.is_busy();
            if self.training.is_busy() {
                self.tell_trainer(TrainCommand::Pause);
            } else {
                self.switch_now();
            }
            return;
        }
        self.switch(kind);
        self.trainer.why = self.why_chosen();
    }

    /// The training is on the disk: if another worker is to go on with it, it does.
    pub(super) fn saved_before_switch(&mut self) {
        if self.trainer.switch_to.is_some() && self.training.state == Some(TrainingState::Paused) {
            self.switch_now();
        }
    }

    fn why_chosen(&self) -> String {
        match (self.trainer.kind, &self.trainer.gpu) {
            (TrainerKind::Gpu, Some(gpu)) if gpu.fallback => {
                "Your choice. This GPU is imitated by the CPU: right numbers, slowly.".to_owned()
            }
            (TrainerKind::Gpu, Some(gpu)) => format!("Your choice: {}.", gpu.name()),
            _ => "Your choice.".to_owned(),
        }
    }

    fn switch_now(&mut self) {
        let Some(kind) = self.trainer.switch_to.take() else { return };
        self.switch(kind);
        self.trainer.why = self.why_chosen();
        self.go_on_from_disk(!self.trainer.run_after);
    }

    /// Trains as the form says, on whatever is faster here: where there is a real GPU, both are measured first, once.
    pub fn train(&mut self, set_url: String) {
        let config = self.plan.clone();
        let real = self.trainer.gpu.as_ref().is_some_and(Probe::is_real);
        if !real || self.trainer.chosen || self.trainer.measured.1.is_some() {
            return self.train_start(set_url, config);
        }
        self.trainer.set_url = set_url;
        self.trainer.waiting = Some(config.clone());
        self.training = super::Training { state: Some(TrainingState::Loading), ..Default::default() };
        self.trainer.kind = TrainerKind::Cpu;
        self.tell_trainer(TrainCommand::Measure { config: Box::new(config) });
    }

    /// How long a step takes on the worker that was asked.
    pub(super) fn measured(&mut self, ms_per_step: f64, _first: f64) {
        let Some(config) = self.trainer.waiting.clone() else { return };
        match self.trainer.kind {
            TrainerKind::Cpu => {
                self.trainer.measured.0 = Some(ms_per_step);
                self.switch(TrainerKind::Gpu);
                self.tell_trainer(TrainCommand::Measure { config: Box::new(config) });
            }
            TrainerKind::Gpu => {
                self.trainer.measured.1 = Some(ms_per_step);
                self.choose_by_measurement();
            }
        }
    }

    fn choose_by_measurement(&mut self) {
        let Some(config) = self.trainer.waiting.take() else { return };
        let (cpu, gpu) = self.trainer.measured;
        let (cpu, gpu) = (cpu.unwrap_or(f64::INFINITY), gpu.unwrap_or(f64::INFINITY));
        let kind = if gpu < cpu { TrainerKind::Gpu } else { TrainerKind::Cpu };
        if self.trainer.kind != kind {
            self.switch(kind);
        }
        self.trainer.why = match gpu.is_finite() {
            true => format!("Measured: {cpu:.1} ms a step on the CPU, {gpu:.1} ms on the GPU."),
            false => "The GPU engine did not work here, so the CPU trains.".to_owned(),
        };
        self.train_start(self.trainer.set_url.clone(), config);
    }

    /// Another worker, with nothing to do yet.
    fn switch(&mut self, kind: TrainerKind) {
        self.trainer.kind = kind;
        self.trainer_outbox.clear();
        if self.trainer.engine.is_some() {
            self.start_trainer();
        }
    }

    fn start_trainer(&mut self) {
        self.trainer.generation += 1;
        self.trainer.engine = Some(Engine::Starting);
    }

    pub(super) fn tell_trainer(&mut self, command: TrainCommand) -> u32 {
        if !matches!(self.trainer.engine, Some(Engine::Starting | Engine::Ready(_))) {
            self.start_trainer();
        }
        self.last_id += 1;
        self.trainer_outbox.push(Request { id: self.last_id, command });
        self.last_id
    }

    pub(super) fn trainer_ready(&mut self, name: String) {
        self.trainer.engine = Some(Engine::Ready(name));
    }

    /// The trainer is gone. What it has saved goes on in a new one, unless it dies again and again.
    pub fn trainer_died(&mut self, sentence: String) {
        let loading = matches!(self.trainer.engine, Some(Engine::Starting));
        self.trainer_outbox.clear();
        // It was to say whether there is one: nobody waits for that any more.
        self.resume_wanted = None;
        self.trainer.engine = Some(Engine::Dead(sentence.clone()));
        let live = self.training.is_on() && self.training.state != Some(TrainingState::Finished);
        self.trainer.restarts += 1;
        if loading && self.trainer.kind == TrainerKind::Gpu {
            self.trainer.kind = TrainerKind::Cpu;
            self.trainer.why = "The GPU engine could not be started, so the CPU trains.".to_owned();
        }
        if self.trainer.waiting.is_some() {
            return self.choose_by_measurement();
        }
        if live && self.training.run.is_some() && self.trainer.restarts <= RESTARTS {
            let at = self.training.saved.map_or(0, |(epochs, _)| epochs);
            self.fail(format!("The trainer stopped and was started again: training goes on after epoch {at}."));
            self.go_on_from_disk(self.training.state == Some(TrainingState::Paused));
            return;
        }
        self.fail(sentence);
        if self.training.is_on() {
            self.training_changed(TrainingState::Idle);
        }
    }

    /// The GPU is gone: the CPU goes on from what was saved.
    pub(super) fn device_lost(&mut self, run: Option<String>, message: String) {
        self.switch(TrainerKind::Cpu);
        self.trainer.why = "The GPU was lost, so the CPU trains.".to_owned();
        self.training.run = run.or(self.training.run.take());
        if self.training.run.is_some() {
            let at = self.training.saved.map_or(0, |(epochs, _)| epochs);
            self.fail(format!("{message} Training goes on after epoch {at} on the CPU."));
            self.go_on_from_disk(self.training.state == Some(TrainingState::Paused));
        } else {
            self.fail(format!("{message} This training was not saved: start it again."));
            self.training_changed(TrainingState::Idle);
        }
    }

    /// Goes on with this page's training from where it was saved last.
    fn go_on_from_disk(&mut self, paused: bool) {
        let Some(run) = self.training.run.clone() else { return };
        let Some(config) = self.training.config.clone() else { return };
        self.continue_training(self.trainer.set_url.clone(), config, Origin::Run { run }, paused);
    }
}

//! Which worker trains, and what becomes of a training when it dies or another is to go on.

use super::{AppState, TrainerKind};
use crate::protocol::{Origin, TrainCommand, TrainEvent, TrainingState};
use crate::vae::backend::wgsl::Probe;
use crate::vae::config::VaeConfig;
use crate::vae::parameters::is_plain;

impl AppState {
    /// Returns the worker to start, if one is wanted: its kind and its number.
    pub fn trainer_wanted(&self) -> Option<(TrainerKind, u32)> {
        self.trainer.engine().map(|_| (self.trainer.kind(), self.trainer.generation()))
    }

    /// Returns the number of the explorer to run.
    pub fn explorer_wanted(&self) -> u32 {
        self.explorer.generation()
    }

    /// Returns the explorer's and the trainer's number once both listen, so that a channel can be opened between them.
    pub fn workers_to_connect(&self) -> Option<(u32, u32)> {
        let both = self.explorer.is_ready() && self.trainer.is_ready();
        both.then_some((self.explorer.generation(), self.trainer.generation()))
    }

    /// Takes in what the browser says of its GPU.
    pub fn on_gpu_probed(&mut self, gpu: Probe) {
        self.trainer.on_gpu_probed(gpu);
    }

    /// Trains with another worker from now on; a training in progress is saved and goes on there.
    pub fn use_trainer(&mut self, kind: TrainerKind) {
        if self.trainer.kind() == kind {
            return;
        }
        let live = self.training.training().config.as_ref().filter(|_| self.training.training().is_live());
        if kind == TrainerKind::Gpu && !is_plain(live.unwrap_or_else(|| self.training.plan())) {
            return self.trainer.suit_model(false);
        }
        self.trainer.choose();
        let training = self.training.training();
        if !training.is_live() || training.run.is_none() {
            return self.trainer.switch_by_choice(kind);
        }
        let busy = training.is_busy();
        self.trainer.move_to(kind, busy);
        if busy {
            self.trainer.send(TrainCommand::Pause);
        } else {
            self.move_training();
        }
    }

    /// Moves the training to another worker if it is to move, now that it is paused and on the disk.
    pub(super) fn move_saved_training(&mut self) {
        if self.trainer.is_moving() && self.training.training().state == Some(TrainingState::Paused) {
            self.move_training();
        }
    }

    fn move_training(&mut self) {
        let Some((kind, runs)) = self.trainer.take_move() else { return };
        self.trainer.switch_by_choice(kind);
        self.go_on_from_disk(!runs);
    }

    /// Trains as planned, on whatever is faster here: where there is a real GPU, both engines are measured first, once.
    pub fn train(&mut self, set_url: String) {
        let config = self.training.plan().clone();
        if is_plain(&config) && self.trainer.needs_measurement() {
            self.training.wait_for_measurement();
            self.trainer.measure(set_url, config);
        } else {
            self.train_start(set_url, config);
        }
    }

    /// Takes in how long a step takes on the worker that was asked.
    pub(super) fn on_measured(&mut self, ms_per_step: f64) {
        if let Some(config) = self.trainer.on_measured(ms_per_step) {
            self.train_measured(config);
        }
    }

    fn train_measured(&mut self, config: VaeConfig) {
        self.train_start(self.trainer.set_url().to_owned(), config);
    }

    /// Takes in that the trainer has stopped. What it has saved goes on in a new one, unless that stops again and again.
    pub fn trainer_died(&mut self, sentence: String) {
        let asked = self.training.training().state.is_some_and(|state| state != TrainingState::Idle);
        // It was to say whether there is a training to resume.
        let asked = self.archive.stop_resuming() || asked;
        let chosen = self.trainer.kind();
        let may_restart = self.trainer.on_died(sentence.clone());
        if let Some(config) = self.trainer.choose_by_measurement() {
            return self.train_measured(config);
        }
        let training = self.training.training();
        if training.is_live() && training.run.is_some() && may_restart {
            let (at, paused) = (training.saved_epochs(), training.state == Some(TrainingState::Paused));
            self.training_failed(format!(
                "The trainer stopped and was started again: training goes on after epoch {at}."
            ));
            return self.go_on_from_disk(paused);
        }
        let tried = training.is_busy() && training.run.is_some();
        let set_aside = tried && !self.trainer.has_worked();
        if !asked {
            // Nobody waits for it, and the next act starts another.
            return;
        }
        self.training_failed(match set_aside {
            true => {
                "The trainer stopped before a batch was done, and again when it was started anew. This training is set \
                     aside: change a setting, press Train, and please report the settings."
                    .to_owned()
            }
            false if chosen != self.trainer.kind() => {
                "The GPU’s engine could not be loaded, and the CPU is chosen in its place: press Train again."
                    .to_owned()
            }
            false => sentence,
        });
        if self.training.training().is_on() {
            self.on_training_state(TrainingState::Idle);
        }
    }

    /// Says in the lab why training does not go on.
    pub(super) fn training_failed(&mut self, sentence: String) {
        self.training.training_mut().problem = Some(sentence);
    }

    /// Takes in that the GPU is gone: the CPU goes on from what was saved.
    pub(super) fn on_device_lost(&mut self, run: Option<String>, message: String) {
        self.trainer.on_gpu_lost();
        let training = self.training.training_mut();
        training.run = run.or(training.run.take());
        let (at, paused) = (training.saved_epochs(), training.state == Some(TrainingState::Paused));
        if training.run.is_some() {
            self.training_failed(format!("{message} Training goes on after epoch {at} on the CPU."));
            self.go_on_from_disk(paused);
        } else {
            self.training_failed(format!("{message} This training was not saved: start it again."));
            self.on_training_state(TrainingState::Idle);
        }
    }

    /// Goes on with this page's training from where it was saved last.
    fn go_on_from_disk(&mut self, paused: bool) {
        let training = self.training.training();
        let (Some(run), Some(config)) = (training.run.clone(), training.config.clone()) else { return };
        self.continue_training(self.trainer.set_url().to_owned(), config, Origin::Run { run }, paused);
    }

    /// Takes in a state of the training. Once it is idle, the shipped model comes back.
    pub(super) fn on_training_state(&mut self, state: TrainingState) {
        let was_on = self.training.training().is_on();
        self.training.training_mut().apply(TrainEvent::State { state });
        if state == TrainingState::Idle {
            self.training.forget_epochs(&mut self.explorer);
            // Map and bars are those of a model that is gone; its curve stays.
            self.training.training_mut().seen = None;
            if was_on {
                self.show_shipped();
                self.trainer.rest();
            }
        }
    }
}

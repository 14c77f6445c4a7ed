//! The training in this page.

use std::sync::Arc;

use super::{AppState, Asked};
use crate::app::cloud::Cloud;
use crate::app::permalink::View;
use crate::protocol::{Command, TrainingState};
use crate::vae::card::EpochReport;
use crate::vae::config::VaeConfig;

/// A long job.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// In words.
    pub what: String,
    /// Done, in `unit`.
    pub done: u64,
    /// Of.
    pub total: u64,
    /// "spectra", "bytes", "steps".
    pub unit: String,
}

/// The training in this page.
#[derive(Debug, Clone, Default)]
pub struct Training {
    /// What it does; none while nothing is or was trained.
    pub state: Option<TrainingState>,
    /// Its configuration.
    pub config: Option<VaeConfig>,
    /// Epochs done.
    pub history: Vec<EpochReport>,
    /// The best of them on validation, from 1.
    pub best: Option<usize>,
    /// Milliseconds a step in the last epoch.
    pub ms_per_step: Option<f64>,
    /// How far the running job is.
    pub progress: Option<Progress>,
}

impl Training {
    /// Whether a model of this page's own decodes, or is about to.
    pub fn is_on(&self) -> bool {
        self.state.is_some_and(|state| state != TrainingState::Idle)
    }
}

impl AppState {
    /// Starts training from scratch.
    pub fn train_start(&mut self, set_url: String, config: VaeConfig) {
        self.training =
            Training { state: Some(TrainingState::Loading), config: Some(config.clone()), ..Training::default() };
        self.link.view = View::Train;
        self.training_request = self.ask_for(Command::TrainStart { set_url, config }, Asked::Steer);
        // The model of a training before is gone, and the shipped one decodes until this one's first epoch.
        self.show_shipped();
    }

    /// Pauses, or goes on after a pause.
    pub fn train_pause(&mut self) {
        match self.training.state {
            Some(TrainingState::Paused) => self.ask_for(Command::TrainResume, Asked::Steer),
            Some(TrainingState::Running | TrainingState::Loading) => self.ask_for(Command::TrainPause, Asked::Steer),
            _ => return,
        };
    }

    /// Runs one epoch, then pauses.
    pub fn train_step(&mut self) {
        self.ask_for(Command::TrainStep, Asked::Steer);
    }

    /// Ends training; the shipped model comes back.
    pub fn train_stop(&mut self) {
        self.ask_for(Command::TrainStop, Asked::Steer);
    }

    pub(super) fn training_changed(&mut self, state: TrainingState) {
        let was_between = self.between_models();
        self.training.state = Some(state);
        if self.between_models() && !was_between {
            self.forget_asked();
        }
        match state {
            TrainingState::Loading | TrainingState::Running => {}
            TrainingState::Paused | TrainingState::Finished => self.training.progress = None,
            TrainingState::Idle => {
                self.training.progress = None;
                self.show_shipped();
            }
        }
    }

    /// Shows where the spectra lie under the shipped model, and asks for what is missing there.
    fn show_shipped(&mut self) {
        if let Some(shipped) = self.shipped.clone() {
            self.show(shipped);
        }
        self.ask_all();
    }

    /// Whether an answer speaks for the training in this page, or for the engine itself.
    pub(super) fn is_of_training(&self, id: u32) -> bool {
        id == 0 || id == self.training_request
    }

    /// Whether an answer is about a training before the newest one.
    pub(super) fn is_of_training_before(&self, id: u32) -> bool {
        id != 0 && id < self.training_request
    }

    /// Every spectrum has moved: training has gone on.
    pub(super) fn latents_moved(&mut self, latents: Vec<f32>) {
        let Some(old) = self.cloud.clone().filter(|old| !old.is_empty()) else { return };
        let dims = latents.len() / old.len();
        if dims == 0 || latents.len() != dims * old.len() {
            self.fail("The engine sent latents of another set: reload the page.".to_owned());
            return;
        }
        let serial = self.next_serial();
        self.show(Arc::new(Cloud::new(serial, dims, latents, old.class.clone())));
        self.ask_all();
    }
}

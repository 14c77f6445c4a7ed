//! The training in this page: how it is steered, and routing of the trainer's answers.

use std::sync::Arc;

use super::AppState;
use super::slices::runs::Runs;
use crate::formats::set::writer::MeanSpectrum;
use crate::page::permalink::View;
use crate::preprocess::InfillBasis;
use crate::protocol::{Origin, Response, SavedRun, TrainCommand, TrainEvent, TrainingPlan, TrainingState};
use crate::spectrum::PIXELS;
use crate::vae::config::VaeConfig;
use crate::vae::initial_weights;
use crate::vae::parameters::is_plain;

impl AppState {
    /// Starts training from scratch.
    pub fn train_start(&mut self, set_url: String, config: VaeConfig) {
        self.begin_training(set_url, config, Origin::Scratch, false);
    }

    /// Starts with a model file's weights, paused, so that they can be looked at first.
    pub fn train_from_file(&mut self, set_url: String, name: String, bytes: Vec<u8>) {
        // Looked at before anything is let go of; a file without a mean spectrum gets the set's, which its reader has.
        let nothing = InfillBasis { mean: Vec::new(), components: Vec::new(), eigenvalues: Vec::new() };
        let mean = MeanSpectrum { mean: vec![0.0; PIXELS], infill: nothing };
        let manifest = self.set.manifest().cloned();
        let set = manifest.as_ref().map(|manifest| (manifest.name.as_str(), manifest.recipe));
        match initial_weights::open(&name, &bytes, self.training.plan(), &mean, set) {
            Ok((config, _)) => {
                self.training.refuse(None);
                self.begin_training(set_url, config, Origin::Weights { name, bytes }, true);
                self.training.training_mut().opened = true;
            }
            Err(reason) => {
                let untouched =
                    if self.training.training().is_on() { " The training here goes on untouched." } else { "" };
                let sentence = format!("No weights were opened: {reason}.{untouched}");
                self.training.refuse(Some(sentence.clone()));
                self.fail(sentence);
            }
        }
    }

    /// Opens a saved training: one that was paused stays so, others go on.
    pub fn train_from_run(&mut self, set_url: String, saved: SavedRun) {
        let SavedRun { run, config, paused, finished, .. } = saved;
        self.begin_training(set_url, config, Origin::Run { run }, paused && !finished);
    }

    /// Starts a training; the shipped model decodes until its first epoch.
    fn begin_training(&mut self, set_url: String, config: VaeConfig, from: Origin, paused: bool) {
        self.training.forget_epochs(&mut self.explorer);
        self.training.begin(self.watch_rows());
        self.continue_training(set_url, config, from, paused);
        // The model of a training before is gone.
        self.show_shipped();
    }

    /// Starts a training, or goes on with one in another worker: what is on screen of it stays.
    pub(super) fn continue_training(&mut self, set_url: String, config: VaeConfig, from: Origin, paused: bool) {
        let class_of = match (config.classes.is_empty(), self.set.shipped()) {
            (false, Some(shipped)) => shipped.class.to_vec(),
            _ => Vec::new(),
        };
        self.trainer.suit_model(is_plain(&config));
        self.training.training_mut().load(config.clone());
        // The form shows what is trained, and the next training begins with it.
        *self.training.plan_mut() = config.clone();
        self.link.view = View::Train;
        let watch = self.training.training().watch.iter().map(|&row| row as u32).collect();
        let plan = TrainingPlan { set_url: set_url.clone(), config, class_of, watch, from, paused };
        self.trainer.set_set_url(set_url);
        let request = self.trainer.send(TrainCommand::Start(Box::new(plan)));
        self.training.on_started(request);
    }

    /// Pauses, or goes on after a pause.
    pub fn train_pause(&mut self) {
        match self.training.training().state {
            Some(TrainingState::Paused) => self.trainer.send(TrainCommand::Resume),
            Some(TrainingState::Running | TrainingState::Loading) => self.trainer.send(TrainCommand::Pause),
            _ => return,
        };
    }

    /// Runs one epoch, then pauses.
    pub fn train_step(&mut self) {
        self.trainer.send(TrainCommand::RunEpoch);
    }

    /// Runs one batch, then pauses.
    pub fn train_batch(&mut self) {
        self.trainer.send(TrainCommand::RunStep);
    }

    /// Ends training; the shipped model comes back.
    pub fn train_stop(&mut self) {
        self.trainer.send(TrainCommand::Stop);
    }

    /// Returns the saved training that runs in this tab, for a reload to go on with, and whether any training was saved here.
    pub fn running_run(&self) -> (Option<&String>, bool) {
        let training = self.training.training();
        let saved = training.saved.is_some();
        (training.run.as_ref().filter(|_| training.is_busy() && saved), saved)
    }

    /// Takes in an answer of the trainer. What is about a training before the newest one is dropped.
    pub fn apply_trainer(&mut self, response: Response<TrainEvent>) {
        let Response { id, event } = response;
        let overtaken = self.training.is_overtaken(id);
        let answers =
            matches!(event, TrainEvent::Runs { .. } | TrainEvent::ModelFile { .. } | TrainEvent::Failed { .. });
        match event {
            TrainEvent::Ready { engine } => self.trainer.on_ready(engine),
            TrainEvent::Measured { ms_per_step, .. } => self.on_measured(ms_per_step),
            TrainEvent::Runs { runs, run_bytes, shard_bytes, quota } => {
                self.on_runs_listed(Runs { known: true, list: runs, run_bytes, shard_bytes, quota });
            }
            TrainEvent::ModelFile { name, bytes } => self.archive.set_file_to_save(Some((name, Arc::new(bytes)))),
            _ if overtaken => {}
            TrainEvent::State { state } => self.on_training_state(state),
            TrainEvent::EpochLatents(latents) => self.on_epoch_latents(id, *latents),
            TrainEvent::DeviceLost { run, message } => self.on_device_lost(run, message),
            TrainEvent::Failed { message } => self.training_failed(message),
            event => self.on_training_event(event),
        }
        if answers {
            self.trainer.on_answered(id);
        }
    }

    /// Takes in what the training reports, and does what follows from it elsewhere.
    fn on_training_event(&mut self, event: TrainEvent) {
        let saved = matches!(event, TrainEvent::Saved { .. });
        match &event {
            TrainEvent::Begun { config, .. } => *self.training.plan_mut() = config.clone(),
            TrainEvent::Epoch { .. } => self.trainer.on_batches(true),
            TrainEvent::StepsDone { step, .. } if *step > 0 => self.trainer.on_batches(false),
            _ => {}
        }
        self.training.training_mut().apply(event);
        if saved {
            self.move_saved_training();
            if self.archive.is_open() {
                self.list_runs();
            }
        }
    }
}

//! The training in this page: how it is steered, and what the trainer says of it.

use std::sync::Arc;

use super::AppState;
use crate::formats::set::writer::MeanSpectrum;
use crate::page::permalink::View;
use crate::page::view::embedding::Cloud;
use crate::preprocess::InfillBasis;
use crate::protocol::{
    LinearBaseline, Origin, Progress, Response, TrainCommand, TrainEvent, TrainingPlan, TrainingState,
};
use crate::spectrum::PIXELS;
use crate::vae::backend::cpu::Cpu;
use crate::vae::config::VaeConfig;
use crate::vae::initial_weights;
use crate::vae::model_card::EpochReport;
use crate::vae::objective::LossTerms;

/// The training in this page.
#[derive(Debug, Clone, Default)]
pub struct Training {
    /// What it does; none while nothing is or was trained.
    pub state: Option<TrainingState>,
    /// Its configuration.
    pub config: Option<VaeConfig>,
    /// Its name in the browser's storage.
    pub run: Option<String>,
    /// Epochs done.
    pub history: Vec<EpochReport>,
    /// The best of them on validation, from 1.
    pub best: Option<usize>,
    /// Epoch, step in it, and its losses: the newest.
    pub step: Option<(usize, usize, LossTerms)>,
    /// Milliseconds a step, of late.
    pub ms_per_step: Option<f64>,
    /// How far the running job is.
    pub progress: Option<Progress>,
    /// Rows whose reconstructions are shown after every epoch.
    pub watch: Vec<usize>,
    /// What the model of the newest epoch on screen makes of them, and how sure it is of each latent.
    pub seen: Option<Seen>,
    /// What the linear rival makes of them.
    pub rival: Option<Arc<LinearBaseline>>,
    /// Epochs done when it was last saved, and the bytes.
    pub saved: Option<(usize, u64)>,
    /// Why it is not saved.
    pub not_saved: Option<String>,
    /// Whether its weights came from a file, and no batch has changed them.
    pub opened: bool,
}

/// A state of the model in training, as far as the page shows it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Tells states apart without comparing them.
    pub serial: u32,
    /// Epochs done.
    pub epoch: usize,
    /// `[latents]` mean variance of q(z|x).
    pub variance: Vec<f32>,
    /// `[latents]` variance of the latent means over the set.
    pub spread: Vec<f32>,
    /// `[watched * 1000]` reconstructions of the spectra watched.
    pub watched: Arc<Vec<f32>>,
    /// Where every spectrum lies.
    pub cloud: Arc<Cloud>,
}

impl Training {
    /// Whether a model of this page's own decodes, or is about to.
    pub fn is_on(&self) -> bool {
        self.state.is_some_and(|state| state != TrainingState::Idle)
    }

    /// Whether its code is drawn: an autoencoder has no KL term, no discrepancy and no prior.
    pub fn is_variational(&self) -> bool {
        self.config.as_ref().is_none_or(|config| config.variational)
    }

    /// Whether it works or waits for its set.
    pub fn is_busy(&self) -> bool {
        matches!(self.state, Some(TrainingState::Loading | TrainingState::Running))
    }
}

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
        let manifest = self.manifest.clone();
        let set = manifest.as_ref().map(|manifest| (manifest.name.as_str(), manifest.recipe));
        match initial_weights::open::<Cpu>(&name, &bytes, &self.plan, &mean, set) {
            Ok((config, _)) => {
                self.refused = None;
                self.begin_training(set_url, config, Origin::Weights { name, bytes }, true);
                self.training.opened = true;
            }
            Err(reason) => {
                let untouched = if self.training.is_on() { " The training here goes on untouched." } else { "" };
                let sentence = format!("No weights were opened: {reason}.{untouched}");
                self.refused = Some(sentence.clone());
                self.fail(sentence);
            }
        }
    }

    /// Goes on with a saved training.
    pub fn train_from_run(&mut self, set_url: String, run: String, config: VaeConfig) {
        self.begin_training(set_url, config, Origin::Run { run }, false);
    }

    /// Starts a training; the shipped model decodes until its first epoch.
    pub(super) fn begin_training(&mut self, set_url: String, config: VaeConfig, from: Origin, paused: bool) {
        self.forget_epoch_latents();
        self.training = Training { watch: self.watch_rows(), ..Training::default() };
        self.continue_training(set_url, config, from, paused);
        // The model of a training before is gone.
        self.show_shipped();
    }

    /// Starts a training, or goes on with one in another worker: what is on screen of it stays.
    pub(super) fn continue_training(&mut self, set_url: String, config: VaeConfig, from: Origin, paused: bool) {
        let class_of = match (config.classes.is_empty(), &self.shipped) {
            (false, Some(shipped)) => shipped.class.to_vec(),
            _ => Vec::new(),
        };
        self.training.state = Some(TrainingState::Loading);
        self.training.config = Some(config.clone());
        // The form shows what is trained, and the next training begins with it.
        self.plan = config.clone();
        (self.training.step, self.training.progress) = (None, None);
        self.link.view = View::Train;
        let plan = TrainingPlan {
            set_url: set_url.clone(),
            config,
            class_of,
            watch: self.training.watch.iter().map(|&row| row as u32).collect(),
            from,
            paused,
        };
        self.trainer.set_url = set_url;
        self.training_request = self.tell_trainer(TrainCommand::Start(Box::new(plan)));
    }

    /// Pauses, or goes on after a pause.
    pub fn train_pause(&mut self) {
        match self.training.state {
            Some(TrainingState::Paused) => self.tell_trainer(TrainCommand::Resume),
            Some(TrainingState::Running | TrainingState::Loading) => self.tell_trainer(TrainCommand::Pause),
            _ => return,
        };
    }

    /// Runs one epoch, then pauses.
    pub fn train_step(&mut self) {
        self.tell_trainer(TrainCommand::RunEpoch);
    }

    /// Runs one batch, then pauses.
    pub fn train_batch(&mut self) {
        self.tell_trainer(TrainCommand::RunStep);
    }

    /// Ends training; the shipped model comes back.
    pub fn train_stop(&mut self) {
        self.tell_trainer(TrainCommand::Stop);
    }

    /// Takes in what the trainer says. What is about a training before the newest one is dropped.
    pub fn apply_trainer(&mut self, response: Response<TrainEvent>) {
        let Response { id, event } = response;
        let of_before = id != 0 && id < self.training_request;
        match event {
            TrainEvent::Ready { engine } => self.trainer_ready(engine),
            TrainEvent::Measured { ms_per_step, first } => self.measured(ms_per_step, first),
            TrainEvent::Runs { runs, run_bytes, shard_bytes, quota } => {
                self.on_runs_listed(runs, run_bytes, shard_bytes, quota)
            }
            TrainEvent::ModelFile { name, bytes } => self.file_to_save = Some((name, Arc::new(bytes))),
            _ if of_before => {}
            TrainEvent::State { state } => self.training_changed(state),
            TrainEvent::Begun { run, config, history, best } => {
                self.training.run = run;
                self.plan = config.clone();
                self.training.config = Some(config);
                self.training.best = (best > 0).then_some(best);
                self.training.history = history;
            }
            TrainEvent::StepsDone { .. } if self.training.state == Some(TrainingState::Finished) => {}
            TrainEvent::StepsDone { epoch, step, steps, terms, ms_per_step } => {
                if step > 0 {
                    self.training.step = Some((epoch, step, terms));
                    self.training.ms_per_step = Some(ms_per_step);
                    self.training.opened = false;
                }
                let (what, unit) = (format!("Epoch {epoch}"), "batches".to_owned());
                self.training.progress = Some(Progress { what, done: step as u64, total: steps as u64, unit });
            }
            TrainEvent::Progress(progress) => self.loading_went_on(progress),
            TrainEvent::Epoch { report, best, ms_per_step } => {
                self.training.history.push(report);
                // An epoch may be over sooner than a report of its batches is due.
                self.training.opened = false;
                if best {
                    self.training.best = Some(report.epoch);
                }
                self.training.ms_per_step = Some(ms_per_step);
                self.trainer.restarts = 0;
            }
            TrainEvent::EpochLatents(placed) => self.on_epoch_latents(id, *placed),
            TrainEvent::LinearBaseline(rival) => self.training.rival = Some(Arc::new(*rival)),
            TrainEvent::Saved { run, epochs, bytes } => {
                self.training.run = Some(run);
                self.training.saved = Some((epochs, bytes));
                self.training.not_saved = None;
                self.saved_before_switch();
                if self.storage_open {
                    self.list_runs();
                }
            }
            TrainEvent::NotSaved { message } => self.training.not_saved = Some(message),
            TrainEvent::DeviceLost { run, message } => self.device_lost(run, message),
            TrainEvent::Failed { message } => self.fail(message),
        }
    }

    /// Spectra that come while steps are done already are not what is waited for.
    fn loading_went_on(&mut self, progress: Progress) {
        let waits = self.training.progress.as_ref().is_none_or(|shown| shown.unit == progress.unit);
        if waits && self.training.is_busy() {
            self.training.progress = Some(progress);
        }
    }

    pub(super) fn training_changed(&mut self, state: TrainingState) {
        let was_on = self.training.is_on();
        self.training.state = Some(state);
        match state {
            TrainingState::Loading | TrainingState::Running => {}
            TrainingState::Paused => self.training.progress = None,
            TrainingState::Finished => (self.training.progress, self.training.step) = (None, None),
            TrainingState::Idle => {
                self.training.progress = None;
                self.forget_epoch_latents();
                if was_on {
                    self.show_shipped();
                }
            }
        }
    }
}

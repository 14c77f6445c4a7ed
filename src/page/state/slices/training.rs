//! The training in this page, its plan, and the model of an epoch on its way to the explorer.

use std::sync::Arc;

use super::asked::Asked;
use super::explorer::Explorer;
use super::seen::Seen;
use crate::page::view::embedding::Cloud;
use crate::protocol::{EpochLatents, ExploreCommand, LinearBaseline, Progress, TrainEvent, TrainingState, WeightsHash};
use crate::vae::config::VaeConfig;
use crate::vae::model_card::EpochReport;
use crate::vae::objective::LossTerms;

/// Losses of steps kept at most; then every second is let go of.
const MOST_STEPS: usize = 600;

/// The training in this page.
#[derive(Debug, Clone, Default)]
pub struct Training {
    /// Its state; none while nothing is or was trained.
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
    /// Losses of some of the steps done, by the time in epochs at which each was done.
    pub steps: Vec<(f64, f64)>,
    /// Milliseconds a step, of late.
    pub ms_per_step: Option<f64>,
    /// How far the running job is.
    pub progress: Option<Progress>,
    /// Spectra that are there, and of how many, while it waits for more.
    pub waiting: Option<(usize, usize)>,
    /// Why it does not go on, or did not without interruption: one sentence, until all is well.
    pub problem: Option<String>,
    /// Rows whose reconstructions are shown after every epoch.
    pub watch: Vec<usize>,
    /// The model of the newest epoch on screen.
    pub seen: Option<Seen>,
    /// The linear baseline of the watched spectra.
    pub baseline: Option<Arc<LinearBaseline>>,
    /// Epochs done when it was last saved, and the bytes.
    pub saved: Option<(usize, u64)>,
    /// Why it is not saved.
    pub not_saved: Option<String>,
    /// Hash of the weights that it ended with, where whoever trains from the same seed gets the same bits.
    pub reproducible: Option<WeightsHash>,
    /// Whether its weights came from a file, and no batch has changed them.
    pub opened: bool,
}

impl Training {
    /// Returns whether a model of this page's own decodes, or is about to.
    pub fn is_on(&self) -> bool {
        self.state.is_some_and(|state| state != TrainingState::Idle)
    }

    /// Returns whether its latents are sampled: an autoencoder has no KL term, no MMD and no prior.
    pub fn is_variational(&self) -> bool {
        self.config.as_ref().is_none_or(|config| config.variational)
    }

    /// Returns whether it works or waits for its set.
    pub fn is_busy(&self) -> bool {
        matches!(self.state, Some(TrainingState::Loading | TrainingState::Running))
    }
}

impl Training {
    /// Returns whether it can still go on: it is on and not finished.
    pub fn is_live(&self) -> bool {
        self.is_on() && self.state != Some(TrainingState::Finished)
    }

    /// Returns the epochs done when it was last saved.
    pub fn saved_epochs(&self) -> usize {
        self.saved.map_or(0, |(epochs, _)| epochs)
    }

    /// Takes in what concerns it alone.
    pub fn apply(&mut self, event: TrainEvent) {
        match event {
            TrainEvent::StepsDone { .. } if self.state == Some(TrainingState::Finished) => {}
            TrainEvent::StepsDone { epoch, step, steps, terms, ms_per_step } => {
                self.waiting = None;
                if step > 0 {
                    self.step = Some((epoch, step, terms));
                    self.on_step(epoch.saturating_sub(1) as f64 + step as f64 / steps.max(1) as f64, terms.total);
                    self.ms_per_step = Some(ms_per_step);
                    self.opened = false;
                }
                let (what, unit) = (format!("Epoch {epoch}"), "batches".to_owned());
                self.progress = Some(Progress { what, done: step as u64, total: steps as u64, unit });
            }
            TrainEvent::Progress(progress) => {
                // Spectra that arrive while steps are done already are not what is waited for.
                let waits =
                    self.waiting.is_some() || self.progress.as_ref().is_none_or(|shown| shown.unit == progress.unit);
                if waits && self.is_busy() {
                    self.progress = Some(progress);
                }
            }
            TrainEvent::WaitsForSpectra { loaded, total } => self.waiting = Some((loaded, total)),
            TrainEvent::Epoch { report, best, ms_per_step } => {
                (self.waiting, self.problem) = (None, None);
                self.history.push(report);
                // An epoch may be over sooner than a report of its batches is due.
                self.opened = false;
                if best {
                    self.best = Some(report.epoch);
                }
                self.ms_per_step = Some(ms_per_step);
            }
            TrainEvent::Reproducible { weights } => self.reproducible = Some(weights),
            TrainEvent::LinearBaseline(baseline) => self.baseline = Some(Arc::new(*baseline)),
            TrainEvent::Saved { run, epochs, bytes } => {
                self.run = Some(run);
                self.saved = Some((epochs, bytes));
                self.not_saved = None;
            }
            TrainEvent::NotSaved { message } => self.not_saved = Some(message),
            TrainEvent::Begun { run, config, history, best } => {
                self.reproducible = None;
                self.run = run;
                self.config = Some(config);
                self.best = (best > 0).then_some(best);
                self.history = history;
            }
            TrainEvent::State { state } => {
                let resumed = self.state == Some(TrainingState::Paused) && state == TrainingState::Running;
                if resumed || state == TrainingState::Finished {
                    self.problem = None;
                }
                if state != TrainingState::Running {
                    self.waiting = None;
                }
                self.state = Some(state);
                match state {
                    TrainingState::Loading | TrainingState::Running => {}
                    TrainingState::Paused | TrainingState::Idle => self.progress = None,
                    TrainingState::Finished => (self.progress, self.step) = (None, None),
                }
            }
            _ => {}
        }
    }

    /// Starts loading a configuration; what is on screen of an earlier worker's part stays.
    pub fn load(&mut self, config: VaeConfig) {
        self.state = Some(TrainingState::Loading);
        self.config = Some(config);
        (self.step, self.progress, self.waiting) = (None, None, None);
    }

    /// Takes in the loss of a step at a time in epochs. A training that goes on from an earlier state goes over steps again: the newest
    /// ones count.
    fn on_step(&mut self, epochs: f64, loss: f64) {
        while self.steps.last().is_some_and(|(before, _)| *before >= epochs) {
            self.steps.pop();
        }
        self.steps.push((epochs, loss));
        if self.steps.len() > MOST_STEPS {
            let mut at = 0;
            self.steps.retain(|_| {
                at += 1;
                at % 2 == 0
            });
        }
    }
}

/// The training on screen, its plan, and the model of an epoch on its way to the explorer.
#[derive(Debug, Clone, Default)]
pub struct TrainingSlice {
    training: Training,
    plan: VaeConfig,
    /// The plan of the link that opened the page, and the weights that it ends with.
    promised: Option<(VaeConfig, WeightsHash)>,
    refused: Option<String>,
    /// The request that started the newest training.
    request: u32,
    /// The newest model of the training, until the explorer can use it.
    waiting: Option<(u32, Box<EpochLatents>)>,
    /// The request that has the explorer use one.
    asked: Option<u32>,
    /// Whether the explorer decodes with a model of this page's own, or soon may.
    explores_own: bool,
    /// The epoch whose model an explorer used that is lost.
    lost: Option<Seen>,
}

impl TrainingSlice {
    /// Starts with a plan, and the weights that it ends with where a link says so.
    pub fn new(plan: VaeConfig, ends: Option<WeightsHash>) -> Self {
        Self { promised: ends.map(|hash| (plan.clone(), hash)), plan, ..Self::default() }
    }

    /// Returns a plan, and the hash of the weights that it ends with, from the link that opened the page.
    pub fn promised(&self) -> Option<&(VaeConfig, WeightsHash)> {
        self.promised.as_ref()
    }

    /// Returns the training.
    pub fn training(&self) -> &Training {
        &self.training
    }

    /// Returns the training, to change it.
    pub fn training_mut(&mut self) -> &mut Training {
        &mut self.training
    }

    /// Returns the plan: the settings of the next training.
    pub fn plan(&self) -> &VaeConfig {
        &self.plan
    }

    /// Returns the plan, to change it.
    pub fn plan_mut(&mut self) -> &mut VaeConfig {
        &mut self.plan
    }

    /// Returns why the newest file of weights was not opened.
    pub fn refused(&self) -> Option<&String> {
        self.refused.as_ref()
    }

    /// Sets why a file of weights was not opened.
    pub fn refuse(&mut self, sentence: Option<String>) {
        self.refused = sentence;
    }

    /// Begins a new training that watches these rows.
    pub fn begin(&mut self, watch: Vec<usize>) {
        self.training = Training { watch, ..Training::default() };
    }

    /// Waits for the measurement of the engines, before a training begins.
    pub fn wait_for_measurement(&mut self) {
        self.training = Training { state: Some(TrainingState::Loading), ..Training::default() };
    }

    /// Notes the request that started the newest training.
    pub fn on_started(&mut self, request: u32) {
        self.request = request;
    }

    /// Returns whether an answer belongs to a training before the newest one.
    pub fn is_overtaken(&self, id: u32) -> bool {
        id != 0 && id < self.request
    }

    /// Returns the request that started the newest training.
    pub fn request(&self) -> u32 {
        self.request
    }

    /// Returns whether the explorer decodes with a model of this page's own.
    pub fn explores_own(&self) -> bool {
        self.explores_own
    }

    /// Notes that the shipped model decodes again. Returns whether another one did.
    pub fn leave_own(&mut self) -> bool {
        std::mem::take(&mut self.explores_own)
    }

    /// Takes in the latents after an epoch. Of several that arrive while the explorer is busy, the newest is shown.
    pub fn on_epoch(&mut self, training: u32, latents: EpochLatents) {
        self.waiting = Some((training, Box::new(latents)));
    }

    /// Has the explorer use the newest model, unless it is busy with another; `old` is the embedding on screen.
    pub fn send_epoch(&mut self, old: Option<&Arc<Cloud>>, serial: u32, explorer: &mut Explorer) {
        if self.asked.is_some() {
            return;
        }
        let Some((training, latents)) = self.waiting.take() else { return };
        let EpochLatents { epoch, latents, variance, watched } = *latents;
        let Some(old) = old.filter(|old| !old.is_empty()) else { return };
        let mut cloud = Cloud::new(serial, latents.len() / old.len(), latents, old.class.clone());
        if let Some(before) = self.training.seen.as_ref().map(|seen| &seen.cloud) {
            cloud = cloud.turned_like(before);
        }
        let cloud = Arc::new(cloud);
        let spread = cloud.spread_of_latents();
        let seen = Seen { serial, epoch, variance, spread, watched: Arc::new(watched), cloud };
        self.ask(training, seen, explorer);
    }

    /// Has the explorer use the model of an epoch of the newest training, which the trainer hands over again.
    pub fn ask_epoch(&mut self, seen: Seen, explorer: &mut Explorer) {
        self.ask(self.request, seen, explorer);
    }

    /// Takes in that the explorer is lost; `asked` is the epoch whose model it was asked to use.
    pub fn lose_epoch(&mut self, asked: Option<Seen>) {
        let seen = asked.or_else(|| self.training.seen.clone().filter(|_| self.explores_own));
        self.lost = seen.filter(|_| self.training.is_on());
    }

    /// Returns the epoch whose model the explorer that was lost used, once.
    pub fn take_lost_epoch(&mut self) -> Option<Seen> {
        self.lost.take().filter(|_| self.training.is_on())
    }

    fn ask(&mut self, training: u32, seen: Seen, explorer: &mut Explorer) {
        let epoch = seen.epoch;
        let asked = Asked::EpochLatents { training, seen: Box::new(seen) };
        self.asked = Some(explorer.ask(ExploreCommand::UseTrainedModel { training, epoch }, asked));
    }

    /// Takes in that the explorer uses the model of an epoch. Returns its embedding, where the training is still on.
    pub fn on_epoch_opened(&mut self, seen: Seen) -> Option<Arc<Cloud>> {
        self.asked = None;
        self.explores_own = true;
        let embedding = self.training.is_on().then(|| seen.cloud.clone())?;
        self.training.seen = Some(seen);
        Some(embedding)
    }

    /// Takes in that the explorer does not use the model it was asked to.
    pub fn on_epoch_failed(&mut self) {
        self.asked = None;
    }

    /// Returns whether the explorer was asked to use a model.
    pub fn waits_for_explorer(&self) -> bool {
        self.asked.is_some()
    }

    /// Forgets the models on their way.
    pub fn forget_epochs(&mut self, explorer: &mut Explorer) {
        self.waiting = None;
        if let Some(request) = self.asked.take() {
            explorer.ignore_request(request);
            // It may be opened all the same.
            self.explores_own = true;
        }
    }
}

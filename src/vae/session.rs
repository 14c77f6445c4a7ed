//! A training from the coming of its set to its last epoch, in pieces short enough to hear a pause between.

use super::backend::Backend;
use super::epoch_encoder::EpochEncoder;
use super::linear_baseline::LinearBaselineFit;
use super::noise_augmentation;
pub use super::training_job::{SessionError, TrainingJob};
use crate::formats::set::Shard;
use crate::protocol::{EpochLatents, TrainEvent, TrainingState};
use crate::vae::checkpoint::Checkpoint;
use crate::vae::config::VaeConfig;
use crate::vae::dataset::TrainingSet;
use crate::vae::model_card::{EpochReport, LossTerms, ModelCard};
use crate::vae::model_file::{ModelFile, Precision};
use crate::vae::parameters;
use crate::vae::training::{Outcome, TrainError, TrainingLoop};

/// The name that a model trained in the page has in its file.
const NAME: &str = "in-page";

/// One training.
pub struct TrainingSession<B> {
    set: TrainingSet,
    /// Spectra of the set once it is whole.
    total: usize,
    watch: Vec<usize>,
    training_loop: TrainingLoop,
    backend: B,
    best: Vec<f32>,
    state: TrainingState,
    until: Until,
    placing: Option<EpochEncoder>,
    /// Whether what is placed is an epoch's end, and not the weights that it starts with.
    ends_epoch: bool,
    linear_baseline: LinearStage,
    newest: LossTerms,
    pace: Pace,
    /// Something has happened since the training was last saved that is worth saving.
    unsaved: bool,
}

/// How far to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    Finished,
    EndOfEpoch,
    OneBatch,
    /// To the end of placing the epoch that is over: what a pause shows is that epoch, whole.
    EpochEncoded,
}

enum LinearStage {
    /// Not begun: the first epoch goes first.
    Later,
    Fitting(Box<LinearBaselineFit>),
    Done,
}

/// How long steps take.
#[derive(Debug, Clone, Copy, Default)]
struct Pace {
    busy: f64,
    steps: u32,
    newest: f64,
}

impl<B: Backend> TrainingSession<B> {
    /// Before the first step, with a backend that holds the weights to start with, `parameters`.
    pub fn new(config: &VaeConfig, ahead: TrainingJob, backend: B, parameters: Vec<f32>) -> Result<Self, SessionError> {
        let training_loop = TrainingLoop::new(config, &ahead.set.name, &ahead.rows(config), ahead.set.split_seed)?;
        Self::with(training_loop, ahead, backend, parameters)
    }

    /// Where a checkpoint was taken, with a backend that holds its state.
    pub fn resume(checkpoint: Checkpoint, ahead: TrainingJob, backend: B) -> Result<Self, SessionError> {
        let Checkpoint { set: saved, set_sha256, snapshot, best, .. } = checkpoint;
        if set_sha256 != ahead.set.manifest_sha256 {
            return Err(SessionError::OtherSet { saved, set: ahead.set.name });
        }
        let rows = ahead.rows(&snapshot.config);
        let training_loop = TrainingLoop::resume(&snapshot, &ahead.set.name, &rows, ahead.set.split_seed)?;
        let mut lab = Self::with(training_loop, ahead, backend, best)?;
        if !lab.training_loop.history().is_empty() {
            lab.placing = Some(EpochEncoder::default());
        }
        lab.unsaved = false;
        Ok(lab)
    }

    fn with(training_loop: TrainingLoop, ahead: TrainingJob, backend: B, best: Vec<f32>) -> Result<Self, SessionError> {
        let config = training_loop.config();
        if !parameters::is_plain(config) {
            return Err(SessionError::NotPlain);
        }
        if ahead.set.pixels() != config.pixels {
            let (set, pixels) = (ahead.set.name.clone(), ahead.set.pixels());
            return Err(TrainError::OtherPixels { set, pixels, model: config.pixels }.into());
        }
        let TrainingJob { mut set, total, watch, .. } = ahead;
        // All at once, so that what does not fit is refused before it is loaded; and wasm's memory, which a growing set would need twice
        // for a moment, never shrinks.
        let megabytes = (4e-6 * total as f64 * set.pixels() as f64) as usize;
        set.reserve(total).map_err(|_| SessionError::NoRoom { spectra: total, megabytes })?;
        let watch = watch.into_iter().filter(|&row| row < total).collect();
        Ok(Self {
            set,
            total,
            watch,
            training_loop,
            backend,
            best,
            state: TrainingState::Loading,
            until: Until::Finished,
            placing: None,
            ends_epoch: false,
            linear_baseline: LinearStage::Later,
            newest: LossTerms::default(),
            pace: Pace::default(),
            unsaved: true,
        })
    }

    /// Shows where the spectra lie under the weights it starts with, before the first step: for weights from a file.
    pub fn place_first(&mut self) {
        self.placing = Some(EpochEncoder::default());
    }

    /// A shard has come; shards come in the set's order.
    pub async fn on_shard_loaded(&mut self, shard: &Shard) -> Result<(), SessionError> {
        let before = self.set.len();
        self.set.push(shard);
        let config = self.training_loop.config();
        noise_augmentation::add(&mut self.set, before..before + shard.len(), config.added_noise, config.seed);
        self.backend.on_rows_loaded(&self.set, before..self.set.len()).await?;
        Ok(())
    }

    /// Starts, or goes on after a pause.
    pub fn run(&mut self) -> TrainingState {
        self.go(Until::Finished)
    }

    /// Runs to the end of the epoch, then pauses.
    pub fn one_epoch(&mut self) -> TrainingState {
        self.go(Until::EndOfEpoch)
    }

    /// Runs one batch, then pauses.
    pub fn one_batch(&mut self) -> TrainingState {
        self.go(Until::OneBatch)
    }

    /// Stops after the piece that runs now; where an epoch is just over, when its spectra are placed. Once it says paused, nothing moves.
    pub fn pause(&mut self) -> TrainingState {
        if self.state == TrainingState::Running && self.ends_epoch && self.piece() == Some(Piece::Place) {
            self.until = Until::EpochEncoded;
        } else if self.state != TrainingState::Finished {
            self.unsaved |= self.state == TrainingState::Running;
            self.state = TrainingState::Paused;
        }
        self.state
    }

    /// What it does.
    pub fn state(&self) -> TrainingState {
        self.state
    }

    /// Whether there is something to do that does not wait for spectra.
    pub fn can_work(&self) -> bool {
        self.piece().is_some()
    }

    /// Whether it would go on, were its spectra there.
    pub fn waits_for_spectra(&self) -> bool {
        self.state == TrainingState::Running && self.piece().is_none()
    }

    /// Does one piece of work. `now` is a clock in milliseconds, which only measures.
    pub async fn advance(&mut self, now: impl Fn() -> f64) -> Result<Vec<TrainEvent>, SessionError> {
        match self.piece() {
            None => Ok(Vec::new()),
            Some(Piece::Place) => self.place().await,
            Some(Piece::LinearBaseline) => Ok(self.compare()),
            Some(Piece::Batches) => self.batches(now).await,
        }
    }

    /// Whether the stopping rule was met; the weights are the best ones from then on.
    pub fn is_finished(&self) -> bool {
        self.training_loop.is_finished()
    }

    /// How far the epoch is.
    pub fn progress(&self) -> TrainEvent {
        let position = self.training_loop.position();
        TrainEvent::StepsDone {
            epoch: position.epoch,
            step: position.step,
            steps: position.steps,
            terms: self.newest,
            ms_per_step: self.pace.newest,
        }
    }

    /// Spectra that have come, and all.
    pub fn loaded(&self) -> (usize, usize) {
        (self.set.len(), self.total)
    }

    /// Epochs that are over.
    pub fn history(&self) -> &[EpochReport] {
        self.training_loop.history()
    }

    /// The best of them on validation, from 1; 0 where there is none.
    pub fn best(&self) -> usize {
        self.training_loop.best()
    }

    /// Its configuration.
    pub fn config(&self) -> &VaeConfig {
        self.training_loop.config()
    }

    /// Whether it should be saved now: after an epoch and at a pause.
    pub fn is_due(&self) -> bool {
        self.unsaved && self.state != TrainingState::Loading
    }

    /// It need not be saved now.
    pub fn saved(&mut self) {
        self.unsaved = false;
    }

    /// All that is needed to go on.
    pub async fn checkpoint(&mut self) -> Result<Checkpoint, SessionError> {
        let state = self.backend.state().await?;
        self.unsaved = false;
        Ok(Checkpoint {
            set: self.set.name.clone(),
            set_sha256: self.set.manifest_sha256.clone(),
            snapshot: self.training_loop.snapshot(),
            best: if self.training_loop.best() == 0 { state.parameters.clone() } else { self.best.clone() },
            state,
        })
    }

    /// The model as a file: the best state on validation, or the newest.
    pub async fn model(&mut self, best: bool, precision: Precision) -> Result<Vec<u8>, SessionError> {
        let best = best && self.training_loop.best() > 0;
        let parameters = match best || self.state == TrainingState::Finished {
            true => self.best.clone(),
            false => self.backend.state().await?.parameters,
        };
        let epoch = if best { self.training_loop.best() } else { self.training_loop.history().len() };
        Ok(ModelFile {
            card: ModelCard::of_training(NAME, &self.training_loop, &self.set, epoch),
            layers: parameters::to_pytorch(self.config(), &parameters),
            mean: self.set.mean.clone(),
        }
        .to_bytes(precision))
    }

    fn go(&mut self, until: Until) -> TrainingState {
        if self.state != TrainingState::Finished {
            // What still waits to be placed then is the end of an epoch before the one to come.
            self.ends_epoch &= self.state == TrainingState::Running;
            (self.state, self.until) = (TrainingState::Running, until);
            if self.training_loop.is_finished() && self.placing.is_none() {
                self.state = TrainingState::Finished;
            }
        }
        self.state
    }

    fn piece(&self) -> Option<Piece> {
        let whole = self.set.len() == self.total;
        if self.placing.is_some() {
            // Even while paused: weights that it starts with are to be seen, and spectra that came late.
            return (whole && self.state != TrainingState::Loading).then_some(Piece::Place);
        }
        if self.state != TrainingState::Running {
            return None;
        }
        if let LinearStage::Fitting(_) = self.linear_baseline {
            return Some(Piece::LinearBaseline);
        }
        if self.training_loop.is_finished() {
            return None;
        }
        self.training_loop.needs().is_some_and(|row| row < self.set.len()).then_some(Piece::Batches)
    }

    async fn batches(&mut self, now: impl Fn() -> f64) -> Result<Vec<TrainEvent>, SessionError> {
        let start = now();
        let ahead = if self.until == Until::OneBatch { 1 } else { self.backend.max_in_flight() };
        let training = self.training_loop.position().step < self.training_loop.position().steps;
        let mut batches = 0;
        while batches < ahead && self.training_loop.needs().is_some_and(|row| row < self.set.len()) {
            let Some(work) = self.training_loop.next_batch() else { break };
            self.backend.enqueue(&self.set, work).await?;
            batches += 1;
        }
        let mut events = Vec::new();
        for terms in self.backend.losses().await? {
            match self.training_loop.count(terms)? {
                Outcome::Batch(terms) => self.newest = terms,
                Outcome::Epoch { report, best } => events.push(self.epoch_over(report, best).await?),
            }
        }
        // Batches of validation are not counted: they are not what a training step costs.
        if training {
            self.pace.busy += now() - start;
            self.pace.steps += batches as u32;
            self.pace.newest = (now() - start) / batches.max(1) as f64;
        }
        if self.until == Until::OneBatch && self.state == TrainingState::Running {
            self.state = TrainingState::Paused;
            self.unsaved = true;
            events.push(self.progress());
            events.push(TrainEvent::State { state: self.state });
        }
        Ok(events)
    }

    async fn epoch_over(&mut self, report: EpochReport, best: bool) -> Result<TrainEvent, SessionError> {
        if best {
            self.best = self.backend.state().await?.parameters;
        }
        if self.training_loop.is_finished() {
            // After the last epoch it is the best state that decodes, so its latents are the ones to show.
            let best = self.best.clone();
            self.backend.set_parameters(&best).await?;
        }
        self.placing = Some(EpochEncoder::default());
        self.ends_epoch = true;
        self.unsaved = true;
        let ms_per_step = self.pace.busy / f64::from(self.pace.steps.max(1));
        (self.pace.busy, self.pace.steps) = (0.0, 0);
        Ok(TrainEvent::Epoch { report, best, ms_per_step })
    }

    async fn place(&mut self) -> Result<Vec<TrainEvent>, SessionError> {
        let Some(placing) = &mut self.placing else { return Ok(Vec::new()) };
        if !placing.advance(&mut self.backend, &self.set, self.total).await? {
            return Ok(Vec::new());
        }
        let Some(placing) = self.placing.take() else { return Ok(Vec::new()) };
        let watched = self.backend.reconstruct(&self.set, &self.watch.clone()).await?;
        let epoch = self.training_loop.history().len();
        let finished = self.training_loop.is_finished();
        let variance = placing.variance();
        let mut events = vec![TrainEvent::EpochLatents(Box::new(EpochLatents {
            epoch,
            latents: placing.latents,
            variance,
            watched,
        }))];
        if matches!(self.linear_baseline, LinearStage::Later) {
            let linear_baseline =
                LinearBaselineFit::new(&self.set, &self.training_loop.split().train, self.training_loop.config());
            self.linear_baseline = LinearStage::Fitting(Box::new(linear_baseline));
        }
        let before = self.state;
        if finished && before == TrainingState::Running {
            self.state = TrainingState::Finished;
        } else if self.ends_epoch
            && matches!(self.until, Until::EndOfEpoch | Until::EpochEncoded)
            && before == TrainingState::Running
        {
            self.state = TrainingState::Paused;
            self.unsaved |= self.until == Until::EpochEncoded;
        }
        if self.state != before {
            events.push(TrainEvent::State { state: self.state });
        }
        Ok(events)
    }

    fn compare(&mut self) -> Vec<TrainEvent> {
        let LinearStage::Fitting(linear_baseline) = &mut self.linear_baseline else { return Vec::new() };
        let done = linear_baseline.advance(
            &self.set,
            &self.training_loop.split().valid,
            &self.watch,
            self.training_loop.config(),
        );
        let Some(rival) = done else { return Vec::new() };
        self.linear_baseline = LinearStage::Done;
        vec![TrainEvent::LinearBaseline(Box::new(rival))]
    }
}

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Place,
    LinearBaseline,
    Batches,
}

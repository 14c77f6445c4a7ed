//! A training from the loading of its set to its last epoch, in pieces short enough to hear a pause between. The page's trainer and the
//! command line both drive this; neither has a loop over batches of its own.

mod event;
mod work;

use super::backend::Backend;
use super::epoch_encoder::EpochEncoder;
pub use super::linear_baseline::LinearBaseline;
use super::linear_baseline::LinearBaselineFit;
pub use super::training_job::{Follow, SessionError, TrainingJob};
use crate::formats::set::Shard;
use crate::vae::checkpoint::Checkpoint;
use crate::vae::config::VaeConfig;
use crate::vae::dataset::TrainingSet;
use crate::vae::model_card::{EpochReport, ModelCard};
use crate::vae::model_file::ModelFile;
use crate::vae::objective::LossTerms;
use crate::vae::parameters;
use crate::vae::train_error::TrainError;
use crate::vae::training::TrainingLoop;
pub use event::{EpochLatents, Progress, SessionEvent, TrainingState};

/// A model in training. The same configuration on the same set gives the same weights on one machine, bit for bit on the CPU, however
/// often the training was stopped and went on from a checkpoint.
///
/// ```
/// use half::f16;
/// use spectrascape::formats::set::writer::MeanSpectrum;
/// use spectrascape::preprocess::{InfillBasis, Recipe};
/// use spectrascape::vae::VaeConfig;
/// use spectrascape::vae::backend::block_on;
/// use spectrascape::vae::backend::cpu::Cpu;
/// use spectrascape::vae::checkpoint::Checkpoint;
/// use spectrascape::vae::dataset::TrainingSet;
/// use spectrascape::vae::learner_state::LearnerState;
/// use spectrascape::vae::session::{TrainingJob, TrainingSession};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // Sixteen spectra of eight pixels.
/// let infill = InfillBasis { mean: vec![0.0; 8], components: Vec::new(), eigenvalues: Vec::new() };
/// let set = TrainingSet {
///     name: "toy".to_owned(),
///     manifest_sha256: String::new(),
///     recipe: Recipe::standard(),
///     simulated: true,
///     split_seed: 1,
///     mean: MeanSpectrum { mean: vec![0.0; 8], infill },
///     flux: (0..128).map(|i| f16::from_f32((i as f32).sin())).collect(),
///     ivar: vec![f16::from_f32(100.0); 128],
///     stored: None,
///     labels: None,
/// };
/// let config = VaeConfig { pixels: 8, hidden1: 6, hidden2: 4, batch: 4, max_epochs: 2, ..VaeConfig::paper(2) };
/// let state = LearnerState::new(&config);
/// let job = TrainingJob::whole("toy", set.clone());
/// let mut session = TrainingSession::new(&config, job, Cpu::new(&config, state)?)?;
/// block_on(session.finish())?;
/// assert_eq!(session.history().len(), 2);
///
/// // A checkpoint is all that is needed to go on.
/// let saved = block_on(session.checkpoint())?.to_bytes();
/// let checkpoint = Checkpoint::from_bytes("toy", &saved)?;
/// let backend = Cpu::new(&config, checkpoint.state.clone())?;
/// let again = TrainingSession::resume(checkpoint, TrainingJob::whole("toy", set), backend)?;
/// assert_eq!(again.history(), session.history());
/// # Ok(())
/// # }
/// ```
pub struct TrainingSession<B> {
    name: String,
    set: TrainingSet,
    /// Spectra of the set once it is whole.
    total: usize,
    follow: Follow,
    training_loop: TrainingLoop,
    backend: B,
    best: Vec<f32>,
    state: TrainingState,
    until: Until,
    encoder: Option<EpochEncoder>,
    /// Whether the spectra are encoded at the end of an epoch, and not with the weights that the training starts with.
    ends_epoch: bool,
    linear_baseline: LinearStage,
    newest: LossTerms,
    pace: Pace,
    /// Something has happened since the training was last saved that is worth saving.
    unsaved: bool,
}

/// The point at which a session pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    Finished,
    EndOfEpoch,
    OneStep,
    /// To the end of encoding the epoch that is over: what a pause shows is that epoch, whole.
    EpochEncoded,
}

enum LinearStage {
    /// Not begun: the first epoch goes first.
    Later,
    Fitting(Box<LinearBaselineFit>),
    Done,
}

/// The durations of steps.
#[derive(Debug, Clone, Copy, Default)]
struct Pace {
    busy: f64,
    steps: u32,
    newest: f64,
}

impl<B: Backend> TrainingSession<B> {
    /// Returns a session before its first step, with a backend that holds the weights to start with.
    ///
    /// # Errors
    ///
    /// A configuration, a set and a backend that do not fit together.
    pub fn new(config: &VaeConfig, job: TrainingJob, backend: B) -> Result<Self, SessionError> {
        let training_loop = TrainingLoop::new(config, &job.set.name, &job.rows(config), job.set.split_seed)?;
        Self::with(training_loop, job, backend, Vec::new())
    }

    /// Returns the session that a checkpoint was taken of, with a backend that holds its state.
    ///
    /// # Errors
    ///
    /// Those of [`TrainingSession::new`], and a checkpoint of another set.
    pub fn resume(checkpoint: Checkpoint, job: TrainingJob, backend: B) -> Result<Self, SessionError> {
        let Checkpoint { set: saved, set_sha256, snapshot, best, .. } = checkpoint;
        if set_sha256 != job.set.manifest_sha256 {
            return Err(SessionError::OtherSet { saved, set: job.set.name });
        }
        let rows = job.rows(&snapshot.config);
        let training_loop = TrainingLoop::resume(&snapshot, &job.set.name, &rows, job.set.split_seed)?;
        let mut session = Self::with(training_loop, job, backend, best)?;
        if !session.training_loop.history().is_empty() && session.follow != Follow::Losses {
            session.encoder = Some(EpochEncoder::default());
        }
        session.unsaved = false;
        Ok(session)
    }

    fn with(training_loop: TrainingLoop, job: TrainingJob, backend: B, best: Vec<f32>) -> Result<Self, SessionError> {
        let config = training_loop.config();
        if !B::supports(config) {
            return Err(SessionError::Unsupported);
        }
        let TrainingJob { name, mut set, total, mut follow, .. } = job;
        if set.pixels() != config.pixels {
            let (pixels, model) = (set.pixels(), config.pixels);
            return Err(TrainError::OtherPixels { set: set.name, pixels, model }.into());
        }
        if let (Some(head), None) = (&config.head, &set.labels) {
            let column = head.measurements.first().cloned().unwrap_or_else(|| "class".to_owned());
            return Err(TrainError::NoLabels { set: set.name, column }.into());
        }
        // All at once, so that what does not fit is refused before it is loaded; and wasm's memory, which a growing set would need twice
        // for a moment, never shrinks.
        let megabytes = (4e-6 * total as f64 * set.pixels() as f64) as usize;
        set.reserve(total).map_err(|_| SessionError::OutOfMemory { spectra: total, megabytes })?;
        if let Follow::Latents { watch } = &mut follow {
            watch.retain(|&row| row < total);
        }
        let loaded = set.len();
        set.add_noise(0..loaded, config.added_noise, config.seed);
        Ok(Self {
            name,
            set,
            total,
            follow,
            training_loop,
            backend,
            best,
            state: TrainingState::Loading,
            until: Until::Finished,
            encoder: None,
            ends_epoch: false,
            linear_baseline: LinearStage::Later,
            newest: LossTerms::default(),
            pace: Pace::default(),
            unsaved: true,
        })
    }

    /// Encodes the set under the weights that the training starts with, before the first step: for weights from a file.
    pub fn encode_first(&mut self) {
        self.encoder = Some(EpochEncoder::default());
    }

    /// Takes a shard; shards come in the set's order.
    ///
    /// # Errors
    ///
    /// Spectra that the backend cannot take.
    pub async fn on_shard_loaded(&mut self, shard: &Shard) -> Result<(), SessionError> {
        let before = self.set.len();
        self.set.push(shard);
        let (amount, seed) = (self.config().added_noise, self.config().seed);
        self.set.add_noise(before..before + shard.len(), amount, seed);
        self.backend.on_rows_loaded(&self.set, before..self.set.len()).await?;
        Ok(())
    }

    /// Starts, or goes on after a pause.
    pub fn run(&mut self) -> TrainingState {
        self.go(Until::Finished)
    }

    /// Runs to the end of the epoch, then pauses.
    pub fn run_epoch(&mut self) -> TrainingState {
        self.go(Until::EndOfEpoch)
    }

    /// Runs one step, then pauses.
    pub fn run_step(&mut self) -> TrainingState {
        self.go(Until::OneStep)
    }

    /// Trains to the end and returns all that it reported; the set must be whole.
    ///
    /// # Errors
    ///
    /// A loss that is no number, and a failure of the backend.
    pub async fn finish(&mut self) -> Result<Vec<SessionEvent>, SessionError> {
        let mut events = Vec::new();
        self.run();
        while self.can_work() {
            events.extend(self.advance(|| 0.0).await?);
        }
        Ok(events)
    }

    /// Stops after the piece that runs now; where an epoch is just over, when its spectra are encoded. Once it says paused, nothing
    /// moves.
    pub fn pause(&mut self) -> TrainingState {
        if self.state == TrainingState::Running && self.ends_epoch && self.is_encoding() {
            self.until = Until::EpochEncoded;
        } else if self.state != TrainingState::Finished {
            self.unsaved |= self.state == TrainingState::Running;
            self.state = TrainingState::Paused;
        }
        self.state
    }

    /// Returns whether the stopping rule was met; the weights are the best ones from then on.
    pub fn is_finished(&self) -> bool {
        self.training_loop.is_finished()
    }

    /// Returns what it does.
    pub fn state(&self) -> TrainingState {
        self.state
    }

    /// Returns how far the epoch is.
    pub fn progress(&self) -> Progress {
        Progress { position: self.training_loop.position(), terms: self.newest, ms_per_step: self.pace.newest }
    }

    /// Returns how many spectra are loaded, and of how many.
    pub fn loaded(&self) -> (usize, usize) {
        (self.set.len(), self.total)
    }

    /// Returns why a spectrum could not be read from where it is stored; `None` where all could.
    pub fn unread(&self) -> Option<String> {
        self.set.failure()
    }

    /// Returns the epochs that are over.
    pub fn history(&self) -> &[EpochReport] {
        self.training_loop.history()
    }

    /// Returns the best of them on validation, from 1; 0 where there is none.
    pub fn best(&self) -> usize {
        self.training_loop.best()
    }

    /// Returns its configuration.
    pub fn config(&self) -> &VaeConfig {
        self.training_loop.config()
    }

    /// Returns whether it should be saved now: after an epoch and at a pause.
    pub fn is_due(&self) -> bool {
        self.unsaved && self.state != TrainingState::Loading
    }

    /// Takes note that it need not be saved now.
    pub fn saved(&mut self) {
        self.unsaved = false;
    }

    /// Returns all that is needed to go on.
    ///
    /// # Errors
    ///
    /// A backend that cannot be read.
    pub async fn checkpoint(&mut self) -> Result<Checkpoint, SessionError> {
        let state = self.backend.state().await?;
        self.unsaved = false;
        Ok(Checkpoint {
            set: self.set.name.clone(),
            set_sha256: self.set.manifest_sha256.clone(),
            recipe: self.set.recipe,
            snapshot: self.training_loop.snapshot(),
            best: if self.training_loop.best() == 0 { state.parameters.clone() } else { self.best.clone() },
            state,
        })
    }

    /// Returns whether the same training gives the same bits on every machine.
    pub fn is_portable(&self) -> bool {
        self.backend.is_portable()
    }

    /// Returns what the model's file holds: the best state on validation, or the newest.
    ///
    /// # Errors
    ///
    /// A backend that cannot be read.
    pub async fn model(&mut self, best: bool) -> Result<ModelFile, SessionError> {
        let kept = self.training_loop.best() > 0;
        let parameters = match kept && (best || self.state == TrainingState::Finished) {
            true => self.best.clone(),
            false => self.backend.state().await?.parameters,
        };
        let epoch = if best && kept { self.training_loop.best() } else { self.training_loop.history().len() };
        Ok(ModelFile {
            card: ModelCard {
                trained_on: self.backend.device(),
                ..ModelCard::of_training(&self.name, self.config(), self.history(), &self.set, epoch)
            },
            layers: parameters::to_pytorch(self.config(), &parameters),
            mean: self.set.mean.clone(),
        })
    }

    fn go(&mut self, until: Until) -> TrainingState {
        if self.state != TrainingState::Finished {
            // What still waits to be encoded then is the end of an epoch before the one to come.
            self.ends_epoch &= self.state == TrainingState::Running;
            (self.state, self.until) = (TrainingState::Running, until);
            if self.training_loop.is_finished() && self.encoder.is_none() {
                self.state = TrainingState::Finished;
            }
        }
        self.state
    }
}

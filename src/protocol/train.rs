//! The conversation of page and trainer: trainings, and what the browser keeps of them.

use serde::{Deserialize, Serialize};

use super::envelope::{Progress, WorkerEvent};
use crate::vae::config::VaeConfig;
use crate::vae::model_card::EpochReport;
use crate::vae::objective::LossTerms;
pub use crate::vae::session::{EpochLatents, LinearBaseline, TrainingState};
pub use crate::vae::weights_hash::WeightsHash;

/// A command of the page to a trainer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum TrainCommand {
    /// Start training on a set, streaming its shards.
    Start(Box<TrainingPlan>),
    /// Stop after the step that runs now, save, and wait.
    Pause,
    /// Run one epoch, then pause.
    RunEpoch,
    /// Run one batch, then pause.
    RunStep,
    /// Go on after a pause.
    Resume,
    /// End training; what is saved of it stays.
    Stop,
    /// Send the model as a file.
    Export {
        /// The best state on validation, else the newest.
        best: bool,
        /// Whether weights are written in half precision.
        half: bool,
    },
    /// Measure how long a step of training takes here, with random spectra.
    Measure {
        /// The model.
        config: Box<VaeConfig>,
    },
    /// List what is kept in the browser's storage.
    ListRuns,
    /// Delete a saved training.
    ForgetRun {
        /// Name of the run.
        run: String,
    },
    /// Delete all saved trainings, and the spectra kept for the next visit.
    ClearStorage,
}

/// An event of a trainer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum TrainEvent {
    /// The worker listens. Nothing may be sent to it before this.
    Ready {
        /// Name of the engine: "CPU (one thread, SIMD)".
        engine: String,
    },
    /// Training has begun or changed state.
    State {
        /// The new state.
        state: TrainingState,
    },
    /// A training has its first weights and can start.
    Begun {
        /// Name of the run in the browser's storage; `None` where nothing can be stored.
        run: Option<String>,
        /// Configuration of the model.
        config: VaeConfig,
        /// Epochs done before, where it goes on from a saved run or a file.
        history: Vec<EpochReport>,
        /// The best of them, from 1; 0 where there is none.
        best: usize,
    },
    /// Progress of the epoch.
    StepsDone {
        /// The epoch, from 1.
        epoch: usize,
        /// Steps done in it.
        step: usize,
        /// Steps in it.
        steps: usize,
        /// The losses of the newest step.
        terms: LossTerms,
        /// Milliseconds a step, of late.
        ms_per_step: f64,
    },
    /// Training would go on, were its spectra there.
    WaitsForSpectra {
        /// Spectra that are there.
        loaded: usize,
        /// Spectra of the set.
        total: usize,
    },
    /// An epoch of training is over.
    Epoch {
        /// Losses of the epoch.
        report: EpochReport,
        /// Whether this is the best state on validation so far.
        best: bool,
        /// Milliseconds a step, the epoch's mean.
        ms_per_step: f64,
    },
    /// The latents of every spectrum under the weights of an epoch; after the last one, under the best. The explorer has been handed
    /// the model.
    EpochLatents(Box<EpochLatents>),
    /// The training has ended, and whoever trains from the same seed on a CPU gets weights of this hash.
    Reproducible {
        /// The hash of the best weights on validation.
        weights: WeightsHash,
    },
    /// Reconstruction of the same spectra by the linear baseline.
    LinearBaseline(Box<LinearBaseline>),
    /// The training is saved.
    Saved {
        /// Name of the run.
        run: String,
        /// Epochs done.
        epochs: usize,
        /// Bytes.
        bytes: u64,
    },
    /// The training goes on but could not be saved.
    NotSaved {
        /// One sentence for the user.
        message: String,
    },
    /// The model as a file.
    ModelFile {
        /// A name for it.
        name: String,
        /// Bytes of the file.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// Measured duration of a step.
    Measured {
        /// Milliseconds a step.
        ms_per_step: f64,
        /// Milliseconds to the end of the first step.
        first: f64,
    },
    /// The runs in the browser's storage.
    Runs {
        /// Saved trainings.
        runs: Vec<SavedRun>,
        /// Bytes of them, and of spectra kept.
        run_bytes: u64,
        /// Bytes of spectra kept for the next visit.
        shard_bytes: u64,
        /// Bytes that the browser would let this page keep; 0 where it does not say.
        quota: u64,
    },
    /// The GPU is gone; what is saved can go on elsewhere.
    DeviceLost {
        /// The saved run to go on from, where there is one.
        run: Option<String>,
        /// One sentence for the user.
        message: String,
    },
    /// A long job goes on.
    Progress(Progress),
    /// The request could not be done; nothing was lost.
    Failed {
        /// One sentence for the user: what, where, what to do.
        message: String,
    },
}

/// A training to start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainingPlan {
    /// Absolute address of the folder that holds `manifest.json`.
    pub set_url: String,
    /// The model and its training; that of the file or the saved run where it starts from one.
    pub config: VaeConfig,
    /// `[n]` class codes of the set's spectra; needed where the configuration chooses classes.
    #[serde(with = "serde_bytes")]
    pub class_of: Vec<u8>,
    /// Rows of the set whose reconstructions are shown after every epoch.
    pub watch: Vec<u32>,
    /// The weights that it starts with.
    pub from: Origin,
    /// Whether to wait for a resume or a step once it can start.
    pub paused: bool,
}

/// The weights that a training starts with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Origin {
    /// New weights, from the configuration's seed.
    Scratch,
    /// The weights of a saved training, which goes on.
    Run {
        /// Name of the run.
        run: String,
    },
    /// The weights of a model file, of this program or of PyTorch.
    Weights {
        /// The file's name.
        name: String,
        /// Bytes of the file.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
}

/// A saved training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedRun {
    /// Name of the run in the browser's storage.
    pub run: String,
    /// The model and its training.
    pub config: VaeConfig,
    /// The set it trains on.
    pub set: String,
    /// Epochs done.
    pub epochs: usize,
    /// Whether the stopping rule has been met.
    pub finished: bool,
    /// Time at which it was saved, milliseconds since 1970.
    pub saved_at: f64,
    /// Whether a tab trains it now.
    pub in_use: bool,
    /// Whether it was paused when it was saved.
    pub paused: bool,
    /// Whether it has stopped its trainer again and again before a step was done, so that it is not offered any more.
    pub set_aside: bool,
}

impl WorkerEvent for TrainEvent {
    fn failed(message: String) -> Self {
        Self::Failed { message }
    }
}

//! The events of a training.

use serde::{Deserialize, Serialize};

use crate::vae::linear_baseline::LinearBaseline;
use crate::vae::model_card::EpochReport;
use crate::vae::objective::LossTerms;
use crate::vae::training::Position;

/// Something that a piece of work brought about.
#[derive(Debug, Clone, PartialEq)]
pub enum SessionEvent {
    /// An epoch is over.
    Epoch {
        /// Losses of the epoch.
        report: EpochReport,
        /// Whether this is the best state on validation so far.
        best: bool,
        /// Milliseconds a training step, the epoch's mean.
        ms_per_step: f64,
    },
    /// The latents under the weights of an epoch; after the last one, under the best.
    Latents(Box<EpochLatents>),
    /// The linear baseline is fitted.
    LinearBaseline(Box<LinearBaseline>),
    /// The session has changed its state by itself.
    State(TrainingState),
}

/// The state of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TrainingState {
    /// No model is being trained.
    Idle,
    /// Spectra are being loaded.
    Loading,
    /// Steps run.
    Running,
    /// Waiting for a resume, a step or an epoch.
    Paused,
    /// The stopping rule was met; the best state decodes.
    Finished,
}

/// The progress of an epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Epoch and step.
    pub position: Position,
    /// The losses of the newest step.
    pub terms: LossTerms,
    /// Milliseconds a step, of late.
    pub ms_per_step: f64,
}

/// The latents of a whole set, and the reconstructions of a few of its spectra.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochLatents {
    /// Epochs done.
    pub epoch: usize,
    /// `[n * latents]` latent means of every spectrum of the set, row by row, in the set's order.
    pub latents: Vec<f32>,
    /// `[latents]` mean over the set of the variance of q(z|x).
    pub variance: Vec<f32>,
    /// `[watched * 1000]` reconstructions of the spectra watched.
    pub watched: Vec<f32>,
}

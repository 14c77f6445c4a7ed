//! What page and engine say to each other: plain data, no tensors, no DOM. Sent as postcard bytes.

use serde::{Deserialize, Serialize};

use crate::spectrum::{Class, SpectrumId};
use crate::vae::card::{EpochReport, ModelCard};
use crate::vae::config::VaeConfig;

/// A command with the number that its answers carry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Counts up from 1; answers to an older request of the same kind are dropped by the page.
    pub id: u32,
    /// What is asked.
    pub command: Command,
}

/// An event with the number of the request it answers; 0 when it answers none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// The request's id.
    pub id: u32,
    /// What happened.
    pub event: Event,
}

/// What the page asks of the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Fetch a model file (absolute address) and use it from now on.
    OpenModel {
        /// Address of `<name>.safetensors`.
        url: String,
    },
    /// Decode one place in latent space.
    Decode {
        /// `[latents]` the place.
        latent: Vec<f32>,
    },
    /// Encode and decode one spectrum of the set.
    Encode {
        /// `[1000]` normalised flux.
        flux: Vec<f32>,
        /// `[1000]` inverse variance, 0 = masked.
        ivar: Vec<f32>,
    },
    /// Read, preprocess, encode and decode one file of the user's.
    EncodeFile {
        /// The file's name.
        name: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Start training from scratch on a set (absolute address of its folder), streaming its shards.
    TrainStart {
        /// Address of the folder that holds `manifest.json`.
        set_url: String,
        /// The model and its training.
        config: VaeConfig,
    },
    /// Stop after the step that runs now, and wait.
    TrainPause,
    /// Run one epoch, then pause.
    TrainStep,
    /// Go on after a pause.
    TrainResume,
    /// End training; the shipped model decodes again.
    TrainStop,
}

/// What the engine answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The worker listens. Nothing may be sent to it before this.
    Ready {
        /// The engine in words: "CPU (burn-flex, one thread, SIMD)".
        engine: String,
    },
    /// The model is in use.
    ModelOpened {
        /// What its file says of it.
        card: ModelCard,
    },
    /// A decoded place.
    Decoded {
        /// `[latents]` as asked.
        latent: Vec<f32>,
        /// `[1000]` normalised flux.
        flux: Vec<f32>,
    },
    /// An encoded spectrum of the set.
    Encoded(Encoding),
    /// An encoded file of the user's.
    FileEncoded {
        /// The file's name.
        name: String,
        /// Its name in SDSS.
        spectrum_id: SpectrumId,
        /// Redshift used.
        redshift: f64,
        /// What the file's own measurements say.
        class: Class,
        /// `[1000]` normalised flux, masked pixels infilled.
        flux: Vec<f32>,
        /// `[1000]` inverse variance, 0 = masked.
        ivar: Vec<f32>,
        /// Where it lands.
        encoding: Encoding,
    },
    /// A long job goes on.
    Progress {
        /// The job in words: "Loading spectra".
        what: String,
        /// How much is done, in `unit`.
        done: u64,
        /// Out of how much.
        total: u64,
        /// "spectra", "bytes", "steps".
        unit: String,
    },
    /// Training has begun or changed state.
    Training {
        /// What it does now.
        state: TrainingState,
    },
    /// An epoch of training is over.
    Epoch {
        /// Its losses.
        report: EpochReport,
        /// Whether this is the best state on validation so far.
        best: bool,
        /// Milliseconds a step, the epoch's mean.
        ms_per_step: f64,
        /// `[n * latents]` latent means of every spectrum of the set under the new weights (after
        /// the last epoch: under the best ones, which decode from then on), row by row, in the set's order.
        latents: Vec<f32>,
    },
    /// The request could not be done; what is said is for the user, and nothing was lost.
    Failed {
        /// One sentence: what, where, what to do.
        message: String,
    },
}

/// What training does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TrainingState {
    /// No model is being trained.
    Idle,
    /// Shards are being fetched.
    Loading,
    /// Steps run.
    Running,
    /// Waiting for a resume or a step.
    Paused,
    /// The stopping rule was met; the best state decodes.
    Finished,
}

/// What the model makes of one spectrum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Encoding {
    /// `[latents]` mean of q(z|x).
    pub mean: Vec<f32>,
    /// `[latents]` log variance of q(z|x).
    pub log_var: Vec<f32>,
    /// `[1000]` decoded from the mean.
    pub reconstruction: Vec<f32>,
    /// Mean over unmasked pixels of (flux - reconstruction)^2 ivar.
    pub chi2: f32,
}

impl Request {
    /// As bytes for `postMessage`.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("plain data always serialises")
    }

    /// From bytes; none when they are not a request of this version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

impl Response {
    /// As bytes for `postMessage`.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("plain data always serialises")
    }

    /// From bytes; none when they are not a response of this version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

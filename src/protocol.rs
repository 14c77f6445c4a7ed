//! What page and engine say to each other: plain data, no tensors, no DOM. Sent as postcard bytes.

use serde::{Deserialize, Serialize};

use crate::simulator::GalaxyDials;
use crate::spectrum::{Class, SpectrumId};
use crate::vae::config::VaeConfig;
use crate::vae::model_card::{EpochReport, ModelCard};
use crate::vae::objective::LossTerms;
pub use crate::vae::session::{EpochLatents, LinearBaseline, TrainingState};

/// Places that [`Command::DecodeMany`] decodes at once.
pub const MAX_LATENTS: usize = 512;

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
    /// Decode several places at once, no more than [`MAX_LATENTS`].
    DecodeMany {
        /// `[n * latents]` the places, one after the other.
        latents: Vec<f32>,
    },
    /// Decode one place with the uncertainty that a latent variance gives the decoded flux.
    Band {
        /// `[latents]` the place.
        latent: Vec<f32>,
        /// `[latents]` log variance of each latent there.
        log_var: Vec<f32>,
    },
    /// How far each of a set's spectra lies from the others: local outlier factors with 20 neighbours. Needs no model.
    OutlierFactors {
        /// `[n * dims]` latents.
        latents: Vec<f32>,
        /// Latents a spectrum.
        dims: usize,
    },
    /// Say in words what is odd about a spectrum of the set, if anything.
    Explain {
        /// `[1000]` normalised flux, masked pixels infilled.
        flux: Vec<f32>,
        /// `[1000]` inverse variance, 0 = masked.
        ivar: Vec<f32>,
        /// The redshift that it was put to rest with.
        redshift: f64,
        /// Median signal-to-noise of an observed pixel.
        median_snr: f64,
    },
    /// Read, preprocess, encode and decode one file of the user's.
    EncodeFile {
        /// The file's name.
        name: String,
        /// Its bytes.
        bytes: Vec<u8>,
        /// The user's redshift, which goes before the file's own.
        redshift: Option<f64>,
    },
    /// Find the redshift of a file by trial with the model in use. Long: [`Event::Progress`] comes meanwhile.
    ScanRedshift {
        /// The file's name.
        name: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Simulate a galaxy, preprocess and encode it.
    SimulateGalaxy {
        /// What it is.
        dials: GalaxyDials,
        /// Seed of the noise.
        seed: u64,
    },
    /// Add white noise to a spectrum until its median signal-to-noise a pixel is `snr`, and encode it.
    Degrade {
        /// `[1000]` normalised flux, masked pixels infilled.
        flux: Vec<f32>,
        /// `[1000]` inverse variance, 0 = masked.
        ivar: Vec<f32>,
        /// Median signal-to-noise a pixel wanted; where the spectrum has no more, nothing is added.
        snr: f32,
        /// Seed of the noise.
        seed: u64,
    },
    /// What noise does to a spectrum's latents, level by level (the paper's figure 17). Long: [`Event::Progress`] comes meanwhile.
    NoiseCurve {
        /// `[1000]` normalised flux, masked pixels infilled.
        flux: Vec<f32>,
        /// `[1000]` inverse variance, 0 = masked.
        ivar: Vec<f32>,
        /// Seed of the noise.
        seed: u64,
    },
    /// Give up a long job; no more is heard of it.
    Cancel {
        /// The id of the request that asked for it.
        request: u32,
    },
    /// Use a model from its file's bytes from now on: that of a training in the page, or one that the user brought.
    UseModel {
        /// For errors.
        name: String,
        /// The file.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// Start training on a set, streaming its shards. To a trainer, as all that follow.
    TrainStart(Box<TrainingPlan>),
    /// Stop after the step that runs now, save, and wait.
    TrainPause,
    /// Run one epoch, then pause.
    RunEpoch,
    /// Run one batch, then pause.
    RunStep,
    /// Go on after a pause.
    TrainResume,
    /// End training; what is saved of it stays.
    TrainStop,
    /// The model as a file.
    TrainExport {
        /// The best state on validation, else the newest.
        best: bool,
        /// In half precision.
        half: bool,
    },
    /// How long a step of training takes here, with made-up spectra.
    Measure {
        /// The model.
        config: Box<VaeConfig>,
    },
    /// What is kept in the browser's storage.
    ListRuns,
    /// Delete a saved training.
    ForgetRun {
        /// Its name.
        run: String,
    },
    /// Delete all saved trainings, and the spectra kept for the next visit.
    ClearStorage,
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
    /// With what it starts.
    pub from: Origin,
    /// Whether to wait for a resume or a step once it can start.
    pub paused: bool,
}

/// With what a training starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Origin {
    /// New weights, from the configuration's seed.
    Scratch,
    /// Where a saved training was.
    Run {
        /// Its name.
        run: String,
    },
    /// The weights of a model file, of this program or of PyTorch.
    Weights {
        /// The file's name.
        name: String,
        /// Its bytes.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
}

/// A saved training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedRun {
    /// Its name in the browser's storage.
    pub run: String,
    /// The model and its training.
    pub config: VaeConfig,
    /// The set it trains on.
    pub set: String,
    /// Epochs done.
    pub epochs: usize,
    /// Whether the stopping rule has been met.
    pub finished: bool,
    /// When it was saved, milliseconds since 1970.
    pub saved_at: f64,
    /// Whether a tab trains it now.
    pub in_use: bool,
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
    /// Several decoded places.
    DecodedMany {
        /// `[n * 1000]` normalised flux, place by place.
        flux: Vec<f32>,
    },
    /// How sure the decoded flux of a place is.
    Band {
        /// `[latents]` as asked.
        latent: Vec<f32>,
        /// `[1000]` standard deviation of the decoded flux.
        sigma: Vec<f32>,
    },
    /// Local outlier factors.
    OutlierFactors {
        /// `[n]` about 1 in a crowd, the larger the lonelier; NaN where a latent is not a number.
        factor: Vec<f32>,
    },
    /// What is odd about a spectrum.
    Explained {
        /// Clauses that begin small, the strongest first; empty where nothing is odd.
        reasons: Vec<String>,
        /// What the model makes of it.
        encoding: Encoding,
    },
    /// A file that tells no redshift: ask the user, or scan for it.
    RedshiftWanted {
        /// The file's name.
        name: String,
    },
    /// An encoded file of the user's.
    FileEncoded {
        /// The file's name.
        name: String,
        /// Its name in SDSS; zeros where the file names none.
        spectrum_id: SpectrumId,
        /// Redshift used.
        redshift: f64,
        /// Who said so: "the file" or "you".
        redshift_from: String,
        /// Median signal-to-noise of an observed pixel.
        median_snr: f32,
        /// Sentences on what to beware of; often none.
        notes: Vec<String>,
        /// What the file's own measurements say.
        class: Class,
        /// `[1000]` normalised flux, masked pixels infilled.
        flux: Vec<f32>,
        /// `[1000]` inverse variance, 0 = masked.
        ivar: Vec<f32>,
        /// Where it lands.
        encoding: Encoding,
    },
    /// A redshift found by trial.
    RedshiftScanned {
        /// The file's name.
        name: String,
        /// `[m]` trial redshifts, increasing.
        redshift: Vec<f32>,
        /// `[m]` the score of each, the lower the better: weighted square deviation a pixel.
        score: Vec<f32>,
        /// The best redshift.
        best: f64,
        /// Mean over unmasked pixels of (flux - reconstruction)^2 ivar there.
        chi2: f64,
        /// How many times worse the second-best redshift does: about 1 is a toss-up. Infinite where there is no second.
        confidence: f64,
        /// Trials made, the closer look among them.
        tried: usize,
    },
    /// A simulated galaxy.
    GalaxySimulated {
        /// `[1000]` normalised flux, masked pixels infilled.
        flux: Vec<f32>,
        /// `[1000]` inverse variance, 0 = masked.
        ivar: Vec<f32>,
        /// Its class by its lines as measured.
        class: Class,
        /// Median signal-to-noise of an observed pixel.
        median_snr: f32,
        /// Where it lands.
        encoding: Encoding,
        /// What the simulator knows of it, by the catalogue's column names: `truth_age`, ...
        truths: Vec<(String, f32)>,
    },
    /// A spectrum with noise added.
    Degraded {
        /// Median signal-to-noise a pixel reached.
        snr: f32,
        /// `[1000]` flux with its noise.
        flux: Vec<f32>,
        /// `[1000]` inverse variance that goes with it.
        ivar: Vec<f32>,
        /// Where it lands.
        encoding: Encoding,
    },
    /// The curves of figure 17.
    NoiseCurve {
        /// `[levels]` median signal-to-noise a pixel, from much to little.
        snr: Vec<f32>,
        /// `[levels * latents]` variance of the latent means over the latent variance.
        variance_ratio: Vec<f32>,
        /// `[levels * latents]` how far the latent means are pulled away, over the root of the latent variance.
        bias_ratio: Vec<f32>,
    },
    /// A long job was given up, or was over already.
    Cancelled {
        /// The id of the request that had asked for it.
        request: u32,
    },
    /// A long job goes on.
    Progress {
        /// The job in words: "Loading spectra".
        what: String,
        /// How much is done, in `unit`.
        done: u64,
        /// Out of how much.
        total: u64,
        /// "spectra", "bytes", "steps", "redshifts", "levels".
        unit: String,
    },
    /// Training has begun or changed state.
    Training {
        /// What it does now.
        state: TrainingState,
    },
    /// A training has its first weights and can start.
    TrainingBegun {
        /// Its name in the browser's storage; none where nothing can be stored.
        run: Option<String>,
        /// Its configuration.
        config: VaeConfig,
        /// Epochs done before, where it goes on from a saved run or a file.
        history: Vec<EpochReport>,
        /// The best of them, from 1; 0 where there is none.
        best: usize,
    },
    /// How far the epoch is.
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
    /// An epoch of training is over.
    Epoch {
        /// Its losses.
        report: EpochReport,
        /// Whether this is the best state on validation so far.
        best: bool,
        /// Milliseconds a step, the epoch's mean.
        ms_per_step: f64,
    },
    /// Where every spectrum lies under the weights of an epoch; after the last one, under the best.
    EpochLatents(Box<EpochLatents>),
    /// What the linear rival with as many numbers makes of the same spectra.
    LinearBaseline(Box<LinearBaseline>),
    /// The training is saved.
    Saved {
        /// Its name.
        run: String,
        /// Epochs done.
        epochs: usize,
        /// Bytes.
        bytes: u64,
    },
    /// The training goes on but could not be saved.
    NotSaved {
        /// One sentence.
        message: String,
    },
    /// The model as a file.
    ModelFile {
        /// A name for it.
        name: String,
        /// Its bytes.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// How long a step takes.
    Measured {
        /// Milliseconds a step.
        ms_per_step: f64,
        /// Milliseconds to the end of the first step.
        first: f64,
    },
    /// What the browser keeps.
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
        /// One sentence.
        message: String,
    },
    /// The request could not be done; what is said is for the user, and nothing was lost.
    Failed {
        /// One sentence: what, where, what to do.
        message: String,
    },
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

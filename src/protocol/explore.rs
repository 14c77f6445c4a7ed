//! The conversation of page and explorer: models, spectra, and what is read from them.

use serde::{Deserialize, Serialize};

use super::envelope::{Progress, WorkerEvent};
use crate::formats::Medium;
use crate::simulator::GalaxyDials;
use crate::spectrum::{Class, ObjectFacts, SkyPosition, SourceId};
use crate::vae::encoding::{Encoding, EncodingMethod};
use crate::vae::linear_head::LinearHead;
use crate::vae::model_card::ModelCard;

/// Latent positions that [`ExploreCommand::DecodeMany`] decodes at once.
pub const MAX_LATENTS: usize = 512;

/// What the page asks of the explorer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ExploreCommand {
    /// Fetch a model file and use it from now on.
    OpenModel {
        /// Absolute address of `<name>.safetensors`.
        url: String,
        /// SHA-256 that the file must have, where it comes from another site.
        sha256: Option<String>,
    },
    /// Use a model that the trainer has handed over, or is about to, from now on.
    UseTrainedModel {
        /// Number of the request that started the training.
        training: u32,
        /// Epochs done.
        epoch: usize,
    },
    /// Decode one latent position.
    Decode {
        /// `[latents]`.
        latent: Vec<f32>,
    },
    /// Encode and decode one spectrum of the set.
    Encode {
        /// `[1000]` normalised flux.
        flux: Vec<f32>,
        /// `[1000]` inverse variance, 0 = masked.
        ivar: Vec<f32>,
        /// The way to its latents.
        method: EncodingMethod,
    },
    /// Decode several latent positions at once, no more than [`MAX_LATENTS`].
    DecodeMany {
        /// `[n * latents]`, row by row.
        latents: Vec<f32>,
    },
    /// Compute how uncertain the flux decoded at one latent position is, given the variance of its latents.
    Band {
        /// `[latents]`.
        latent: Vec<f32>,
        /// `[latents]` log variance of each latent there.
        log_var: Vec<f32>,
    },
    /// Compute the local outlier factors of a set's spectra with 20 neighbours. Needs no model.
    OutlierFactors {
        /// `[n * dims]` latents.
        latents: Vec<f32>,
        /// Latents a spectrum.
        dims: usize,
    },
    /// Find out what is odd about a spectrum of the set, if anything.
    Explain {
        /// `[1000]` normalised flux, masked pixels infilled.
        flux: Vec<f32>,
        /// `[1000]` inverse variance, 0 = masked.
        ivar: Vec<f32>,
        /// The redshift that was used to shift it to rest.
        redshift: f64,
        /// Median signal-to-noise of an observed pixel.
        median_snr: f64,
        /// The way to its latents.
        method: EncodingMethod,
    },
    /// Read a file of the user's and keep it under a number. Not answered: what is wrong with the file is answered to the commands
    /// that name it.
    OpenFile {
        /// The number that later commands name; one that is in use is replaced.
        file: u32,
        /// The file's name.
        name: String,
        /// The file.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
        /// The medium of its wavelengths, where the user knows better than the file.
        medium: Option<Medium>,
        /// The redrock file that was opened together with a DESI coadd.
        redrock: Option<RedrockFile>,
    },
    /// Forget an opened file. Not answered.
    CloseFile {
        /// Its number.
        file: u32,
    },
    /// Preprocess, encode and decode a spectrum of an opened file.
    EncodeFile {
        /// Its number.
        file: u32,
        /// The spectrum's index in the file; where it is `None` and the file holds several, the answer is their list.
        row: Option<usize>,
        /// The user's redshift, which takes precedence over the file's own.
        redshift: Option<f64>,
        /// The way to its latents.
        method: EncodingMethod,
    },
    /// Find the redshift of a spectrum of an opened file by trial with the model in use. Long: reports progress.
    ScanRedshift {
        /// The file's number.
        file: u32,
        /// The spectrum's index in the file; `None` for the only one.
        row: Option<usize>,
        /// Whether every other job goes first.
        background: bool,
    },
    /// Simulate a galaxy, preprocess and encode it.
    SimulateGalaxy {
        /// Its parameters.
        dials: GalaxyDials,
        /// Seed of the noise.
        seed: u64,
        /// The way to its latents.
        method: EncodingMethod,
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
        /// The way to its latents.
        method: EncodingMethod,
    },
    /// Compute what noise does to a spectrum's latents, level by level (the paper's Figure 17). Long: reports progress.
    NoiseCurve {
        /// `[1000]` normalised flux, masked pixels infilled.
        flux: Vec<f32>,
        /// `[1000]` inverse variance, 0 = masked.
        ivar: Vec<f32>,
        /// Seed of the noise.
        seed: u64,
    },
    /// Fit principal components to spectra. Needs no model. Long: reports progress.
    FitPca {
        /// `[n * 1000]` normalised flux, masked pixels infilled.
        flux: Vec<f32>,
        /// Components wanted at most.
        components: usize,
    },
    /// Give up a long job; it sends no more events.
    Cancel {
        /// Number of the request that asked for it.
        request: u32,
    },
}

/// What the explorer answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ExploreEvent {
    /// The worker listens. Nothing may be sent to it before this.
    Ready {
        /// Its name: "CPU (burn-flex, one thread, SIMD)".
        engine: String,
    },
    /// The model is in use.
    ModelOpened {
        /// What its file says of it.
        card: ModelCard,
        /// Head that predicts class and measurements from latents.
        head: Option<LinearHead>,
    },
    /// A decoded latent position.
    Decoded {
        /// `[latents]` as asked.
        latent: Vec<f32>,
        /// `[1000]` normalised flux.
        flux: Vec<f32>,
    },
    /// An encoded spectrum of the set.
    Encoded(Encoding),
    /// Several decoded latent positions.
    DecodedMany {
        /// `[n * 1000]` normalised flux, row by row.
        flux: Vec<f32>,
    },
    /// The uncertainty of the flux decoded at a latent position.
    Band {
        /// `[latents]` as asked.
        latent: Vec<f32>,
        /// `[1000]` standard deviation of the decoded flux.
        sigma: Vec<f32>,
    },
    /// Local outlier factors.
    OutlierFactors {
        /// `[n]` about 1 where neighbours are as close together as elsewhere, larger for outliers; NaN where a latent is not a number.
        factor: Vec<f32>,
        /// `[n]` distance to the 20th neighbour; NaN where a latent is not a number.
        k_distance: Vec<f32>,
        /// `[n]` local reachability density, against which new spectra are scored.
        density: Vec<f32>,
    },
    /// What is odd about a spectrum.
    Explained {
        /// Clauses that begin with a small letter, the strongest reason first; empty where nothing is odd.
        reasons: Vec<String>,
        /// What the model makes of it.
        encoding: Encoding,
    },
    /// The spectra of a file that holds several: the user chooses among them.
    SpectraListed {
        /// The file's name.
        name: String,
        /// Spectra, in the file's order.
        spectra: Vec<ListedSpectrum>,
    },
    /// A spectrum without a redshift that the models cover: find it by trial, or ask the user.
    RedshiftWanted {
        /// The spectrum's name.
        name: String,
        /// The file's redshift, which is outside the range of the models; `None` where there is none.
        file_redshift: Option<f64>,
    },
    /// An encoded file of the user's.
    FileEncoded {
        /// The file's name, with the spectrum's number where the file holds several.
        name: String,
        /// Identifier; zeros where the file has none.
        spectrum_id: SourceId,
        /// Facts of the object in the file.
        object: ObjectFacts,
        /// The file's own redshift.
        file_redshift: Option<f64>,
        /// Redshift used.
        redshift: f64,
        /// Where it comes from: "the file" or "you".
        redshift_from: String,
        /// Median signal-to-noise of an observed pixel.
        median_snr: f32,
        /// Sentences on what to beware of; often none.
        notes: Vec<String>,
        /// Class by the file's own measurements.
        class: Class,
        /// `[1000]` normalised flux, masked pixels infilled.
        flux: Vec<f32>,
        /// `[1000]` inverse variance, 0 = masked.
        ivar: Vec<f32>,
        /// What the model makes of it.
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
        /// Standard error of the best redshift; infinite where the trials do not enclose it.
        error: f64,
        /// Mean over unmasked pixels of (flux - reconstruction)^2 ivar there.
        chi2: f64,
        /// Score of the second-best redshift over that of the best: about 1 is a toss-up. Infinite where there is no second.
        confidence: f64,
        /// Trials, those of the refinement included.
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
        /// What the model makes of it.
        encoding: Encoding,
        /// The true parameters, by the catalogue's column names: `truth_age`, ...
        truths: Vec<(String, f32)>,
    },
    /// A spectrum with noise added.
    Degraded {
        /// Median signal-to-noise a pixel reached.
        snr: f32,
        /// `[1000]` flux with its noise.
        flux: Vec<f32>,
        /// `[1000]` inverse variance of it.
        ivar: Vec<f32>,
        /// What the model makes of it.
        encoding: Encoding,
    },
    /// The curves of the paper's Figure 17.
    NoiseCurve {
        /// `[levels]` median signal-to-noise a pixel, decreasing.
        snr: Vec<f32>,
        /// `[levels * latents]` variance of the latent means over the latent variance.
        variance_ratio: Vec<f32>,
        /// `[levels * latents]` bias of the latent means over the root of the latent variance.
        bias_ratio: Vec<f32>,
    },
    /// Principal components of spectra.
    PcaFitted {
        /// `[1000]` mean flux.
        mean: Vec<f32>,
        /// `[k * 1000]` orthonormal components, row by row, largest variance first.
        components: Vec<f32>,
        /// `[k]` their variances.
        eigenvalues: Vec<f32>,
    },
    /// A long job was given up, or was over already.
    Cancelled {
        /// Number of the request that had asked for it.
        request: u32,
    },
    /// A long job goes on.
    Progress(Progress),
    /// The request could not be done; nothing was lost.
    Failed {
        /// One sentence for the user: what, where, what to do.
        message: String,
    },
}

/// A redrock file: the redshifts and classes of a DESI coadd.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RedrockFile {
    /// The file's name.
    pub name: String,
    /// The file.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
}

/// One of several spectra in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListedSpectrum {
    /// Its identifier or the file's name for it; its number where it has neither.
    pub name: String,
    /// The file's redshift.
    pub redshift: Option<f64>,
    /// Position on the sky.
    pub position: Option<SkyPosition>,
}

impl WorkerEvent for ExploreEvent {
    fn failed(message: String) -> Self {
        Self::Failed { message }
    }
}

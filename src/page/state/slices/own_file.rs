//! One of the user's spectra, and what is known of it.

use std::sync::Arc;

use super::spectrum_set::Pixels;
use crate::formats::Medium;
use crate::latent::redshift::TRUSTED;
use crate::protocol::ListedSpectrum;
use crate::simulator::GalaxyDials;
use crate::spectrum::{Class, ObjectFacts, SourceId};
use crate::vae::encoding::Encoding;

/// A spectrum of the user's, encoded.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnFile {
    /// The name of the file, with the spectrum's number where the file holds several, or of the simulated galaxy.
    pub name: String,
    /// Origin of the spectrum.
    pub origin: Origin,
    /// Identifier.
    pub id: SourceId,
    /// Facts of the object in the file.
    pub object: ObjectFacts,
    /// The redshift used.
    pub redshift: f64,
    /// The source of the redshift: "the file", "you", "trial", "the dials".
    pub redshift_from: String,
    /// The file's own redshift.
    pub file_redshift: Option<f64>,
    /// The medium that the user chose for the wavelengths of the file.
    pub medium: Option<Medium>,
    /// The class by its own lines.
    pub class: Class,
    /// Median signal-to-noise a pixel.
    pub median_snr: f32,
    /// Assumptions and changes of the reader, a sentence each.
    pub notes: Vec<String>,
    /// The true properties of a simulated galaxy: column of the catalogue and value.
    pub truths: Vec<(String, f32)>,
    /// Pixels as prepared.
    pub pixels: Arc<Pixels>,
    /// Encoding by the newest model that has encoded it.
    pub encoding: Encoding,
    /// Whether that model is the one on screen, and encodes as is chosen.
    pub encoded_here: bool,
    /// Redshift by trial, once tried.
    pub scan: Option<Scan>,
    /// Whether the page has tried its redshift, or has given up.
    pub tried: bool,
    /// Whether the user wants to see the curve of the trial.
    pub curve_wanted: bool,
    /// Why it is odd, the strongest reason first; `None` until the explorer has looked, empty where nothing is odd.
    pub reasons: Option<Vec<String>>,
}

/// The origin of a spectrum of the user's.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// A spectrum of a file.
    File(FileRow),
    /// The simulator, with these dials.
    Simulated(Box<GalaxyDials>),
}

/// Tells the spectra of the list from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OwnKey {
    /// A spectrum of a file.
    File(FileRow),
    /// A simulated galaxy, by the serial of its pixels.
    Simulated(u32),
}

/// A spectrum of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileRow {
    /// The file's number.
    pub file: u32,
    /// The spectrum's index in the file; `None` for the only one.
    pub row: Option<usize>,
}

/// A redshift that takes precedence over the file's own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GivenRedshift {
    /// Typed by the user.
    Typed(f64),
    /// Found by trial.
    ByTrial(f64),
}

/// A spectrum whose redshift is not known.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownRedshift {
    /// The spectrum.
    pub at: FileRow,
    /// The spectrum's name.
    pub name: String,
    /// The file's redshift, which is outside the range of the models.
    pub file_redshift: Option<f64>,
    /// The request that tries redshifts on it.
    pub trial: Option<u32>,
    /// Whether redshifts were tried in vain, or the user has stopped that.
    pub tried: bool,
}

/// The spectra of a file that holds several, for the user to choose among.
#[derive(Debug, Clone, PartialEq)]
pub struct RowChoice {
    /// The file's number.
    pub file: u32,
    /// The file's name.
    pub name: String,
    /// The spectra.
    pub spectra: Arc<Vec<ListedSpectrum>>,
}

/// Redshifts tried on a spectrum.
#[derive(Debug, Clone, PartialEq)]
pub enum Scan {
    /// The scan is in progress; its request.
    Running(u32),
    /// The result.
    Done {
        /// `[n]` trial redshifts.
        redshift: Arc<Vec<f32>>,
        /// `[n]` misfit of each: weighted square deviation a pixel.
        score: Arc<Vec<f32>>,
        /// The redshift of the least misfit.
        best: f64,
        /// Standard error of the redshift.
        error: f64,
        /// Score of the next best redshift over that of the best.
        confidence: f64,
    },
}

/// The best redshift of a finished scan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrialRedshift {
    /// The redshift.
    pub redshift: f64,
    /// Standard error of the redshift; infinite where it is not known.
    pub error: f64,
    /// Score of the next best redshift over that of the best.
    pub confidence: f64,
}

impl TrialRedshift {
    /// Returns whether the confidence is high enough to contradict a file.
    pub fn is_trusted(&self) -> bool {
        self.confidence >= TRUSTED
    }
}

impl GivenRedshift {
    /// Returns the redshift.
    pub fn value(self) -> f64 {
        match self {
            Self::Typed(redshift) | Self::ByTrial(redshift) => redshift,
        }
    }

    /// Returns the source, as [`OwnFile::redshift_from`] has it.
    pub fn source(self) -> &'static str {
        match self {
            Self::Typed(_) => "you",
            Self::ByTrial(_) => "trial",
        }
    }
}

impl OwnFile {
    /// Returns its identifier, else the object's name, else the file's name.
    pub fn title(&self) -> String {
        match &self.object.name {
            _ if !self.id.is_none() => self.id.to_string(),
            Some(name) => name.clone(),
            None => self.name.clone(),
        }
    }

    /// Returns what tells it from the other spectra of the list, whatever is done to it: the file and the spectrum in it, or the serial of
    /// a simulated galaxy.
    pub fn key(&self) -> OwnKey {
        match &self.origin {
            Origin::File(at) => OwnKey::File(*at),
            Origin::Simulated(_) => OwnKey::Simulated(self.pixels.serial),
        }
    }

    /// Returns its latents `[d]` under the model on screen; `None` until that has encoded it.
    pub fn latent(&self) -> Option<&[f32]> {
        self.encoded_here.then_some(&self.encoding.posterior.mean)
    }

    /// Returns its pixels as the panel shows them, beside what the model decodes: where the fit found the norm to be off, by the fitted
    /// one.
    pub fn shown_pixels(&self) -> Arc<Pixels> {
        let scale = self.encoding.scale;
        if !self.encoded_here || scale == 1.0 || scale <= 0.0 {
            return self.pixels.clone();
        }
        let Pixels { serial, flux, ivar } = self.pixels.as_ref();
        let flux = flux.iter().map(|value| value / scale).collect();
        let ivar = ivar.iter().map(|value| value * scale * scale).collect();
        Arc::new(Pixels { serial: *serial, flux, ivar })
    }

    /// Returns whether the simulator made it.
    pub fn is_simulated(&self) -> bool {
        matches!(self.origin, Origin::Simulated(_))
    }

    /// Returns the spectrum of the file that it is, if it is one.
    pub fn file_row(&self) -> Option<FileRow> {
        match self.origin {
            Origin::File(at) => Some(at),
            Origin::Simulated(_) => None,
        }
    }

    /// Returns the redshift that takes precedence over the file's own, if one does.
    pub fn given_redshift(&self) -> Option<GivenRedshift> {
        match self.redshift_from.as_str() {
            "you" => Some(GivenRedshift::Typed(self.redshift)),
            "trial" => Some(GivenRedshift::ByTrial(self.redshift)),
            _ => None,
        }
    }

    /// Returns the best redshift by trial, once there is one.
    pub fn trial(&self) -> Option<TrialRedshift> {
        match self.scan {
            Some(Scan::Done { best, error, confidence, .. }) => {
                Some(TrialRedshift { redshift: best, error, confidence })
            }
            _ => None,
        }
    }
}

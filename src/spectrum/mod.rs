//! What a spectrum is, and every preprocessing step from a survey's file to the model's input.
//!
//! All steps are pure: bytes or values in, values out.

pub mod classify;
pub mod grid;
pub mod lines;

mod error;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use error::SpectrumError;
pub use grid::PIXELS;

/// A spectrum's name in SDSS: plate, modified Julian date and fibre. Displayed and parsed as `plate-mjd-fiber`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SpectrumId {
    /// Plate number; 0 where the file names none.
    pub plate: i32,
    /// Modified Julian date of the observation.
    pub mjd: i32,
    /// Fibre number.
    pub fiber: i32,
}

/// What spectro1d's measurements make of an object (the paper, section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(i32)]
pub enum Class {
    /// A galaxy with H-alpha or H-beta below three sigma.
    Quiescent = 0,
    /// A galaxy below the Kewley et al. (2001) line.
    EmissionLine = 1,
    /// A galaxy above the Kewley et al. (2001) line.
    NarrowLineAgn = 2,
    /// An object that spectro1d calls a quasar.
    BroadLineAgn = 3,
    /// A star.
    Star = 4,
    /// A file that does not say.
    Unknown = 5,
}

/// A spectrum as observed, in vacuum wavelengths.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedSpectrum {
    /// Its name.
    pub id: SpectrumId,
    /// Redshift as the survey's pipeline gives it; none where the file has none.
    pub redshift: Option<f64>,
    /// What the file's own measurements say it is.
    pub class: Class,
    /// log10 of the vacuum wavelength in Angstrom at pixel centres, increasing, evenly spaced.
    pub log_wavelength: Vec<f64>,
    /// Flux density, 1e-17 erg/s/cm^2/Angstrom.
    pub flux: Vec<f32>,
    /// Standard error of the flux; 0 or not finite where the pixel is bad.
    pub error: Vec<f32>,
}

/// A spectrum on the paper's rest-frame grid, before infill and normalisation.
#[derive(Debug, Clone, PartialEq)]
pub struct RestFrameSpectrum {
    /// `[1000]` flux density, 1e-17 erg/s/cm^2/Angstrom; meaningless where masked.
    pub flux: Vec<f32>,
    /// `[1000]` inverse variance of it; 0 where masked.
    pub ivar: Vec<f32>,
    /// `[1000]` true = bad or not observed.
    pub mask: Vec<bool>,
}

/// One spectrum on the paper's rest-frame grid, normalised: what shards hold and models take.
#[derive(Debug, Clone, PartialEq)]
pub struct GridSpectrum {
    /// `[1000]` flux divided by `norm`; masked pixels are infilled.
    pub flux: Vec<f32>,
    /// `[1000]` inverse variance of `flux`; 0 = masked.
    pub ivar: Vec<f32>,
    /// What the flux was divided by, 1e-17 erg/s/cm^2/Angstrom.
    pub norm: f32,
}

impl Class {
    /// Every class, in the order of its code.
    pub const ALL: [Class; 6] =
        [Class::Quiescent, Class::EmissionLine, Class::NarrowLineAgn, Class::BroadLineAgn, Class::Star, Class::Unknown];

    /// The code that shards, latents and the manifest's `class_names` use.
    pub fn code(self) -> i32 {
        self as i32
    }

    /// The class of a code; unknown codes are `Unknown`.
    pub fn from_code(code: i32) -> Self {
        Self::ALL.into_iter().find(|class| class.code() == code).unwrap_or(Class::Unknown)
    }

    /// Its name in words, as manifests and legends show it.
    pub fn name(self) -> &'static str {
        match self {
            Class::Quiescent => "quiescent galaxy",
            Class::EmissionLine => "emission-line galaxy",
            Class::NarrowLineAgn => "narrow-line AGN",
            Class::BroadLineAgn => "broad-line AGN",
            Class::Star => "star",
            Class::Unknown => "unclassified",
        }
    }
}

impl ObservedSpectrum {
    /// Median of flux / error over good pixels; 0 where there is none.
    pub fn median_snr(&self) -> f32 {
        let good = self.flux.iter().zip(&self.error).filter(|(flux, error)| flux.is_finite() && **error > 0.0);
        let ratios = good.map(|(flux, error)| flux / error).filter(|ratio| ratio.is_finite());
        let mut keys: Vec<i32> = Vec::with_capacity(self.flux.len());
        keys.extend(ratios.map(order_key));
        if keys.is_empty() {
            return 0.0;
        }
        let middle = keys.len() / 2;
        from_order_key(*keys.select_nth_unstable(middle).1)
    }
}

/// A whole number that orders as the float does (as in [`f32::total_cmp`]): whole numbers are sought through faster.
fn order_key(value: f32) -> i32 {
    let bits = value.to_bits().cast_signed();
    bits ^ (((bits >> 31).cast_unsigned()) >> 1).cast_signed()
}

/// The float of an [`order_key`].
fn from_order_key(key: i32) -> f32 {
    f32::from_bits((key ^ (((key >> 31).cast_unsigned()) >> 1).cast_signed()).cast_unsigned())
}

impl fmt::Display for SpectrumId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.plate, self.mjd, self.fiber)
    }
}

impl FromStr for SpectrumId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Option<Vec<i32>> = text.split('-').map(|part| part.parse().ok()).collect();
        match parts.as_deref() {
            Some(&[plate, mjd, fiber]) => Ok(Self { plate, mjd, fiber }),
            _ => Err(format!("`{text}` is not a spectrum's name: plate-mjd-fiber, as in 266-51602-1")),
        }
    }
}

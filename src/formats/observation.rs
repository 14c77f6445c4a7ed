//! What a reader returns for each spectrum of a file.

use crate::spectrum::ObservedSpectrum;

/// A spectrum as its file has it, with what had to be assumed about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// The spectrum, on evenly spaced log wavelengths. Its redshift is none where the file has none: ask for one. Its id is 0-0-0
    /// where the file has none.
    pub spectrum: ObservedSpectrum,
    /// What was assumed or changed, a sentence each, for the user; often none.
    pub notes: Vec<String>,
}

impl From<ObservedSpectrum> for Observation {
    /// A spectrum about which nothing had to be assumed.
    fn from(spectrum: ObservedSpectrum) -> Self {
        Self { spectrum, notes: Vec::new() }
    }
}

//! The value that a reader returns for each spectrum of a file.

use crate::spectrum::ObservedSpectrum;

/// A spectrum as its file has it, with notes on what had to be assumed.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Spectrum on evenly spaced log wavelengths. Its redshift is `None`, and its id 0-0-0, where the file has none.
    pub spectrum: ObservedSpectrum,
    /// Assumptions and changes, a sentence each, for the user; often empty.
    pub notes: Vec<String>,
}

impl From<ObservedSpectrum> for Observation {
    /// Returns an observation without notes.
    fn from(spectrum: ObservedSpectrum) -> Self {
        Self { spectrum, notes: Vec::new() }
    }
}

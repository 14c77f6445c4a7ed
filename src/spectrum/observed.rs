//! A spectrum as observed by a survey.

use super::class::Class;
use super::id::SourceId;
use super::object::ObjectFacts;
use crate::numerics::statistics::upper_median_f32;

/// A spectrum as observed, in vacuum wavelengths.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedSpectrum {
    /// Identifier.
    pub id: SourceId,
    /// Redshift by the pipeline of the survey; `None` where the file has none.
    pub redshift: Option<f64>,
    /// Class by the file's own measurements.
    pub class: Class,
    /// Further facts of the object.
    pub object: ObjectFacts,
    /// log10 of the vacuum wavelength in Angstrom at pixel centres, increasing, evenly spaced.
    pub log_wavelength: Vec<f64>,
    /// Flux density, 1e-17 erg/s/cm^2/Angstrom.
    pub flux: Vec<f32>,
    /// Standard error of the flux; 0 or not finite where the pixel is bad.
    pub error: Vec<f32>,
}

impl ObservedSpectrum {
    /// Returns the median of flux / error over good pixels; 0 where there are none.
    pub fn median_snr(&self) -> f32 {
        let good = self.flux.iter().zip(&self.error).filter(|(flux, error)| flux.is_finite() && **error > 0.0);
        let ratios = good.map(|(flux, error)| flux / error).filter(|ratio| ratio.is_finite());
        upper_median_f32(ratios).unwrap_or(0.0)
    }
}

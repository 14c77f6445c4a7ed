//! A spectrum from arrays, which other programs hand over without a file.

use super::error::ReadError;
use super::observation::Observation;
use super::table::resample::{self, Samples};
use crate::spectrum::{Class, ObservedSpectrum, SpectrumId};

/// Smallest number of pixels of a spectrum.
const FEWEST_PIXELS: usize = 4;

/// Builds an observation from the vacuum wavelengths of its pixels (Angstrom, as observed, in any order), its flux and its inverse
/// variance, each `[n]`. Pixels whose wavelength is not a positive number are padding and are left out; those whose flux is not a
/// number, or whose inverse variance is not a positive one, are bad. The observation has no redshift and no identifier; `name` is for
/// errors.
///
/// ```
/// let wavelength: Vec<f64> = (0..4).map(|i| 4000.0 + f64::from(i)).chain([-1.0]).collect();
/// let observation = spectrascape::formats::from_arrays("mine", &wavelength, &[1.0; 5], &[100.0; 5])?;
/// assert_eq!(observation.spectrum.error, [0.1; 4]);
/// # Ok::<(), spectrascape::formats::ReadError>(())
/// ```
///
/// # Errors
/// Arrays of unequal length, too few pixels, no good pixel, and a wavelength that two pixels share.
pub fn from_arrays(name: &str, wavelength: &[f64], flux: &[f64], ivar: &[f64]) -> Result<Observation, ReadError> {
    if flux.len() != wavelength.len() || ivar.len() != wavelength.len() {
        let lengths = [wavelength.len(), flux.len(), ivar.len()].map(|length| length.to_string());
        let reason = format!("its wavelength, flux and ivar have {} values: give one of each a pixel", lengths.join(", "));
        return Err(ReadError::table(name, reason));
    }
    let mut pixels: Vec<usize> =
        (0..wavelength.len()).filter(|&pixel| wavelength[pixel] > 0.0 && wavelength[pixel].is_finite()).collect();
    if pixels.len() < FEWEST_PIXELS {
        let reason = format!("it has {} wavelengths above 0, and a spectrum needs hundreds", pixels.len());
        return Err(ReadError::table(name, reason));
    }
    pixels.sort_by(|&a, &b| wavelength[a].total_cmp(&wavelength[b]));
    if let Some(pair) = pixels.windows(2).find(|pair| wavelength[pair[0]] == wavelength[pair[1]]) {
        let reason = format!("the wavelength {} is that of two pixels: keep one of them", wavelength[pair[0]]);
        return Err(ReadError::table(name, reason));
    }
    let error = |pixel: usize| if ivar[pixel] > 0.0 && ivar[pixel].is_finite() { ivar[pixel].sqrt().recip() } else { 0.0 };
    let samples = Samples {
        wavelength: pixels.iter().map(|&pixel| wavelength[pixel]).collect(),
        flux: pixels.iter().map(|&pixel| flux[pixel]).collect(),
        error: pixels.iter().map(|&pixel| error(pixel)).collect(),
    };
    let mut notes = Vec::new();
    let even = resample::even(name, &samples, &mut notes)?;
    let spectrum = ObservedSpectrum {
        id: SpectrumId { plate: 0, mjd: 0, fiber: 0 },
        redshift: None,
        class: Class::Unknown,
        log_wavelength: even.log_wavelength,
        flux: even.flux,
        error: even.error,
    };
    Ok(Observation { spectrum, notes })
}

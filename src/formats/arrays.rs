//! A spectrum from arrays, which other programs hand over without a file.

use super::error::ReadError;
use super::observation::Observation;
use super::pixels::{Medium, Samples, air_to_vacuum, estimate_noise, even};
use crate::spectrum::{Class, ObjectFacts, ObservedSpectrum, SourceId};

/// Smallest number of pixels of a spectrum.
const FEWEST_PIXELS: usize = 4;

/// Builds an observation from the wavelengths of its pixels (Angstrom, as observed, in any order, in `medium`), its flux and its inverse
/// variance, each `[n]`. Pixels whose wavelength is not a positive number are padding and are left out; those whose flux is not a
/// number, or whose inverse variance is not a positive one, are bad; without `ivar` the noise is estimated from the scatter of
/// neighbouring pixels. The observation has no redshift and no identifier; `name` is for errors.
///
/// ```
/// use spectrascape::formats::{Medium, from_arrays};
///
/// let wavelength: Vec<f64> = (0..4).map(|i| 4000.0 + f64::from(i)).chain([-1.0]).collect();
/// let observation = from_arrays("mine", Medium::Vacuum, &wavelength, &[1.0; 5], Some(&[100.0; 5]))?;
/// assert_eq!(observation.spectrum.error, [0.1; 4]);
/// # Ok::<(), spectrascape::formats::ReadError>(())
/// ```
///
/// # Errors
/// Arrays of unequal length, too few pixels, and no good pixel.
pub fn from_arrays(
    name: &str,
    medium: Medium,
    wavelength: &[f64],
    flux: &[f64],
    ivar: Option<&[f64]>,
) -> Result<Observation, ReadError> {
    let pixels = wavelength.len();
    if flux.len() != pixels || ivar.is_some_and(|ivar| ivar.len() != pixels) {
        let ivar = ivar.map_or(String::new(), |ivar| format!(", of inverse variance {}", ivar.len()));
        let reason = format!("there are {pixels} values of wavelength, of flux {}{ivar}: give one a pixel", flux.len());
        return Err(ReadError::table(name, reason));
    }
    let mut samples = Samples::default();
    for pixel in (0..pixels).filter(|&pixel| wavelength[pixel] > 0.0 && wavelength[pixel].is_finite()) {
        let vacuum = match medium {
            Medium::Vacuum => wavelength[pixel],
            Medium::Air => air_to_vacuum(wavelength[pixel]),
        };
        samples.wavelength.push(vacuum);
        samples.flux.push(flux[pixel]);
        samples.error.push(ivar.map_or(0.0, |ivar| error(ivar[pixel])));
    }
    let merged = samples.sort_and_merge();
    if samples.len() < FEWEST_PIXELS {
        let reason = format!("it has {} wavelengths above 0, and a spectrum needs hundreds", samples.len());
        return Err(ReadError::table(name, reason));
    }
    let mut notes = Vec::new();
    if merged.repeated > 0 {
        notes.push(format!("{} pixels repeat a wavelength: their mean was taken.", merged.repeated));
    }
    if ivar.is_none() {
        estimate_noise(&mut samples);
        notes
            .push("There is no inverse variance: it was estimated from the scatter of neighbouring pixels.".to_owned());
    }
    let even = even(name, &samples, &mut notes)?;
    let spectrum = ObservedSpectrum {
        id: SourceId::NONE,
        redshift: None,
        class: Class::Unknown,
        object: ObjectFacts::default(),
        log_wavelength: even.log_wavelength,
        flux: even.flux,
        error: even.error,
    };
    Ok(Observation { spectrum, notes })
}

/// Returns the standard error of an inverse variance; 0 where that is not a positive number.
fn error(ivar: f64) -> f64 {
    if ivar > 0.0 && ivar.is_finite() { ivar.sqrt().recip() } else { 0.0 }
}

//! Files of the user's: from bytes to a spectrum and what to say about it.

use super::answers::ended;
use crate::formats::{self, Observation};
use crate::spectrum::{Class, GridSpectrum, ObservedSpectrum, PIXELS};

/// Below this the paper's models have seen no spectrum.
const LOWEST_SNR: f32 = 5.0;

/// Reads a file, whatever its layout; of several spectra the first, with a note. An error is a sentence that names the file.
pub fn read_observed(name: &str, bytes: &[u8]) -> Result<Observation, String> {
    let observations = formats::read(name, bytes).map_err(|error| ended(&error.to_string()))?;
    let count = observations.len();
    let mut first =
        observations.into_iter().next().ok_or_else(|| format!("{name} holds no spectrum: choose another file."))?;
    if count > 1 {
        first
            .notes
            .push(format!("The file holds {count} spectra: this is the first, and `spectrascape encode` reads all."));
    }
    Ok(first)
}

/// Returns what to beware of in a spectrum that was put to rest at `redshift`, a sentence each.
pub(super) fn notes(observed: &ObservedSpectrum, redshift: f64, spectrum: &GridSpectrum) -> Vec<String> {
    let missing = spectrum.ivar.iter().filter(|&&ivar| ivar <= 0.0).count();
    let snr = observed.median_snr();
    let other = observed.redshift.filter(|own| (own - redshift).abs() > 0.001 * (1.0 + redshift));
    let gaps = (missing > PIXELS / 5).then(|| {
        format!("{missing} of its {PIXELS} pixels are bad or were not observed: there the model sees its best guess.")
    });
    let noisy = (snr < LOWEST_SNR)
        .then(|| format!("Its signal-to-noise is {snr:.1} a pixel: the model knows spectra from 5 on."));
    let star =
        (observed.class == Class::Star).then(|| "The file calls it a star: the model knows galaxies.".to_owned());
    let shifted = other.map(|own| format!("The file itself says redshift {own:.4}."));
    [shifted, star, noisy, gaps].into_iter().flatten().collect()
}

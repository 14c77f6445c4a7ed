//! Files of the user's: from bytes to the model's input.

use super::answers::ended;
use crate::formats::{fits, table};
use crate::preprocess::normalize::Normalization;
use crate::preprocess::pipeline::{self, PipelineOptions};
use crate::spectrum::{Class, GridSpectrum, ObservedSpectrum, PIXELS, SpectrumError};
use crate::vae::Model;

/// Below this the paper's models have seen no spectrum.
const LOWEST_SNR: f32 = 5.0;

/// The spectrum in a file of any layout that can be read, FITS or a table, and what had to be assumed about it; an error is a
/// sentence that names the file.
pub fn read_observed(name: &str, bytes: &[u8]) -> Result<(ObservedSpectrum, Vec<String>), String> {
    let in_words = |error: SpectrumError| ended(&error.to_string());
    if bytes.is_empty() {
        return Err(format!("{name} is empty: choose another file."));
    }
    if table::is_table(name, bytes) {
        return table::read(name, bytes).map(|table| (table.observed, table.notes)).map_err(in_words);
    }
    fits::read(name, bytes).map(|observed| (observed, Vec::new())).map_err(in_words)
}

/// An observed spectrum as a model takes it.
pub(super) fn prepare(
    observed: &ObservedSpectrum,
    redshift: f64,
    model: &Model,
) -> Result<GridSpectrum, SpectrumError> {
    let rest = pipeline::to_rest_frame(observed, redshift, &PipelineOptions::standard())?;
    Ok(pipeline::finish(&rest, &model.infill, Normalization::Rms))
}

/// What to beware of in a spectrum that was put to rest at `redshift`, a sentence each.
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

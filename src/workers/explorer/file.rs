//! Files of the user's: opened once, then named by their number.

use std::collections::HashMap;

use super::encode::encode;
use super::reply::{Answer, ended, now};
use crate::formats::{fits, table};
use crate::preprocess::normalize::Normalization;
use crate::preprocess::pipeline::{self, PipelineOptions};
use crate::protocol::ExploreEvent;
use crate::spectrum::{Class, GridSpectrum, ObservedSpectrum, PIXELS, SpectrumError};
use crate::vae::Model;

/// Below this the paper's models have seen no spectrum.
const LOWEST_SNR: f32 = 5.0;

/// The files that are open, by number.
#[derive(Default)]
pub struct Files(HashMap<u32, OpenedFile>);

/// A file's name and its spectrum with what had to be assumed about it, or why there is none.
pub struct OpenedFile {
    /// The file's name.
    pub name: String,
    read: Result<(ObservedSpectrum, Vec<String>), String>,
}

impl Files {
    /// Reads a file and keeps it; what is wrong with it is said when it is asked for.
    pub fn open(&mut self, file: u32, name: String, bytes: &[u8]) {
        let read = read(&name, bytes);
        self.0.insert(file, OpenedFile { name, read });
    }

    /// Forgets a file.
    pub fn close(&mut self, file: u32) {
        self.0.remove(&file);
    }

    /// Returns an opened file.
    ///
    /// # Errors
    ///
    /// One sentence where the file is not open.
    pub fn get(&self, file: u32) -> Result<&OpenedFile, String> {
        self.0.get(&file).ok_or_else(|| "This file is not open any longer: drop it on the page again.".to_owned())
    }
}

impl OpenedFile {
    /// Returns the spectrum in it, and what had to be assumed about it.
    ///
    /// # Errors
    ///
    /// One sentence that names the file, where it could not be read.
    pub fn observed(&self) -> Result<(&ObservedSpectrum, &[String]), String> {
        self.read.as_ref().map(|(observed, notes)| (observed, &notes[..])).map_err(Clone::clone)
    }
}

/// Encodes an opened file at the user's redshift, else at its own.
pub fn encode_file(model: &Model, file: &OpenedFile, redshift: Option<f64>) -> Answer {
    let (observed, assumed) = file.observed()?;
    let name = file.name.clone();
    let from = if redshift.is_some() { "you" } else { "the file" };
    let Some(redshift) = redshift.or(observed.redshift) else {
        return now(ExploreEvent::RedshiftWanted { name });
    };
    let spectrum = prepare(observed, redshift, model).map_err(|error| ended(&format!("{name}: {error}")))?;
    let encoding = encode(model, &spectrum.flux, &spectrum.ivar)?;
    now(ExploreEvent::FileEncoded {
        name,
        spectrum_id: observed.id,
        redshift,
        redshift_from: from.to_owned(),
        median_snr: observed.median_snr(),
        notes: assumed.iter().cloned().chain(warnings(observed, redshift, &spectrum)).collect(),
        class: observed.class,
        flux: spectrum.flux,
        ivar: spectrum.ivar,
        encoding,
    })
}

/// Prepares an observed spectrum as the model takes it.
pub fn prepare(observed: &ObservedSpectrum, redshift: f64, model: &Model) -> Result<GridSpectrum, SpectrumError> {
    let rest = pipeline::to_rest_frame(observed, redshift, &PipelineOptions::standard())?;
    Ok(pipeline::finish(&rest, &model.infill, Normalization::Rms))
}

/// Reads the spectrum in a file of any layout, and what had to be assumed about it.
fn read(name: &str, bytes: &[u8]) -> Result<(ObservedSpectrum, Vec<String>), String> {
    let sentence = |error: SpectrumError| ended(&error.to_string());
    if bytes.is_empty() {
        return Err(format!("{name} is empty: choose another file."));
    }
    if table::is_table(name, bytes) {
        return table::read(name, bytes).map(|table| (table.observed, table.notes)).map_err(sentence);
    }
    fits::read(name, bytes).map(|observed| (observed, Vec::new())).map_err(sentence)
}

/// Returns what to beware of in a spectrum that was shifted to rest with `redshift`, a sentence each.
fn warnings(observed: &ObservedSpectrum, redshift: f64, spectrum: &GridSpectrum) -> impl Iterator<Item = String> {
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
    [shifted, star, noisy, gaps].into_iter().flatten()
}

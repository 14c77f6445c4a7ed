//! Files of the user's: opened once, then named by their number.

use std::collections::HashMap;

use super::encode::encode;
use super::reply::{Answer, ended, now};
use crate::formats::{self, Observation};
use crate::protocol::ExploreEvent;
use crate::spectrum::{Class, GridSpectrum, ObservedSpectrum, PIXELS};
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
    read: Result<Observation, String>,
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
    pub fn observation(&self) -> Result<&Observation, String> {
        self.read.as_ref().map_err(Clone::clone)
    }
}

/// Encodes an opened file at the user's redshift, else at its own.
pub fn encode_file(model: &Model, file: &OpenedFile, redshift: Option<f64>) -> Answer {
    let Observation { spectrum: observed, notes } = file.observation()?;
    let name = file.name.clone();
    let from = if redshift.is_some() { "you" } else { "the file" };
    let Some(redshift) = redshift.or(observed.redshift) else {
        return now(ExploreEvent::RedshiftWanted { name });
    };
    let spectrum = model.prepare(observed, redshift).map_err(|error| ended(&format!("{name}: {error}")))?;
    let encoding = encode(model, &spectrum.flux, &spectrum.ivar)?;
    now(ExploreEvent::FileEncoded {
        name,
        spectrum_id: observed.id,
        redshift,
        redshift_from: from.to_owned(),
        median_snr: observed.median_snr(),
        notes: notes.iter().cloned().chain(warnings(observed, redshift, &spectrum)).collect(),
        class: observed.class,
        flux: spectrum.flux,
        ivar: spectrum.ivar,
        encoding,
    })
}

/// Reads a file, whatever its layout; of several spectra the first, with a note.
fn read(name: &str, bytes: &[u8]) -> Result<Observation, String> {
    let observations = formats::read(name, bytes).map_err(|error| ended(&error.to_string()))?;
    let count = observations.len();
    let first = observations.into_iter().next();
    let mut first = first.ok_or_else(|| format!("{name} holds no spectrum: choose another file."))?;
    if count > 1 {
        let note = format!("The file holds {count} spectra: this is the first, and `spectrascape encode` reads all.");
        first.notes.push(note);
    }
    Ok(first)
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

//! Files of the user's: opened once, then named by their number.

use std::collections::HashMap;

use super::reply::{Answer, ended, now};
use crate::formats::{self, Medium, Observation, ReadOptions};
use crate::preprocess::REDSHIFT_RANGE;
use crate::protocol::{ExploreEvent, ListedSpectrum, RedrockFile};
use crate::spectrum::{Class, GridSpectrum, ObservedSpectrum, PIXELS};
use crate::vae::Model;
use crate::vae::encoding::EncodingMethod;

/// Below this the paper's models have seen no spectrum.
const LOWEST_SNR: f32 = 5.0;
/// Above this chi-squared the model's own error dominates, if that error is at most [`MODEL_ERROR`] of the flux.
const LARGE_CHI2: f32 = 20.0;
/// Largest relative error of a reconstruction that still counts as a fit.
const MODEL_ERROR: f32 = 0.15;

/// The files that are open, by number.
#[derive(Default)]
pub struct Files(HashMap<u32, OpenedFile>);

/// A file's name and its spectra with what had to be assumed about each, or why there is none.
pub struct OpenedFile {
    name: String,
    read: Result<Vec<Observation>, String>,
}

/// The user's choices for the reading of a file.
pub struct FileOptions<'a> {
    /// Medium of the wavelengths.
    pub medium: Option<Medium>,
    /// Redrock file beside a DESI coadd.
    pub redrock: Option<&'a RedrockFile>,
}

impl Files {
    /// Reads a file and keeps its spectra; what is wrong with it is said when it is asked for.
    pub fn open(&mut self, file: u32, name: String, bytes: &[u8], options: &FileOptions<'_>) {
        let redrock = options.redrock.map(|file| (file.name.as_str(), file.bytes.as_slice()));
        let options = ReadOptions { medium: options.medium, redrock, ..ReadOptions::default() };
        let read = match formats::read_with(&name, bytes, &options) {
            Ok(observations) if observations.is_empty() => {
                Err(format!("{name} holds no spectrum: choose another file."))
            }
            Ok(observations) => Ok(observations),
            Err(error) => Err(ended(&error.to_string())),
        };
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
    /// Returns the name of a spectrum of the file, the spectrum, and what had to be assumed about it; `None` stands for the first.
    ///
    /// # Errors
    ///
    /// One sentence that names the file, where it could not be read or has no such spectrum.
    pub fn spectrum(&self, row: Option<usize>) -> Result<(String, &Observation), String> {
        let observations = self.observations()?;
        let row = row.unwrap_or(0);
        let observation = observations.get(row).ok_or_else(|| {
            format!("{} holds {} spectra, and none has the number {}.", self.name, observations.len(), row + 1)
        })?;
        let several = observations.len() > 1;
        let name = if several { format!("{}#{}", self.name, row + 1) } else { self.name.clone() };
        Ok((name, observation))
    }

    fn observations(&self) -> Result<&[Observation], String> {
        self.read.as_deref().map_err(Clone::clone)
    }

    fn listed(&self, observations: &[Observation]) -> ExploreEvent {
        let listed = |(row, observation): (usize, &Observation)| {
            let ObservedSpectrum { id, redshift, object, .. } = &observation.spectrum;
            let name = match &object.name {
                _ if !id.is_none() => id.to_string(),
                Some(name) => name.clone(),
                None => format!("spectrum {}", row + 1),
            };
            ListedSpectrum { name, redshift: *redshift, position: object.position }
        };
        let spectra = observations.iter().enumerate().map(listed).collect();
        ExploreEvent::SpectraListed { name: self.name.clone(), spectra }
    }
}

/// Encodes a spectrum of an opened file at the user's redshift, else at its own. A file of several is listed where no row is named.
pub fn encode_file(
    model: &Model,
    file: &OpenedFile,
    row: Option<usize>,
    redshift: Option<f64>,
    method: EncodingMethod,
) -> Answer {
    let observations = file.observations()?;
    if row.is_none() && observations.len() > 1 {
        return now(file.listed(observations));
    }
    let (name, Observation { spectrum: observed, notes }) = file.spectrum(row)?;
    let from = if redshift.is_some() { "you" } else { "the file" };
    let (low, high) = REDSHIFT_RANGE;
    let own = observed.redshift.filter(|own| (low..=high).contains(own));
    let Some(redshift) = redshift.or(own) else {
        return now(ExploreEvent::RedshiftWanted { name, file_redshift: observed.redshift });
    };
    let encoded = model.encode_observed(observed, redshift, method);
    let (spectrum, encoding) = encoded.map_err(|error| ended(&format!("{name}: {error}")))?;
    let snr = observed.median_snr();
    let warnings = warnings(observed, redshift, &spectrum).chain(large_chi2(encoding.chi2, snr));
    now(ExploreEvent::FileEncoded {
        name,
        spectrum_id: observed.id,
        object: observed.object.clone(),
        file_redshift: observed.redshift,
        redshift,
        redshift_from: from.to_owned(),
        median_snr: snr,
        notes: notes.iter().cloned().chain(warnings).collect(),
        class: observed.class,
        flux: spectrum.flux,
        ivar: spectrum.ivar,
        encoding,
    })
}

/// Returns what to beware of in a spectrum that was shifted to rest with `redshift`, a sentence each.
fn warnings(observed: &ObservedSpectrum, redshift: f64, spectrum: &GridSpectrum) -> impl Iterator<Item = String> {
    let missing = spectrum.ivar.iter().filter(|&&ivar| ivar <= 0.0).count();
    let snr = observed.median_snr();
    let other = observed.redshift.filter(|own| (own - redshift).abs() > 0.001 * (1.0 + redshift));
    let gaps = (missing > PIXELS / 5).then(|| {
        format!("{missing} of its {PIXELS} pixels are bad or were not observed: there the model sees its best guess.")
    });
    let noisy = (snr < LOWEST_SNR).then(|| {
        // A ratio of -0.04 is 0.0 in print, and not -0.0.
        let snr = (10.0 * snr).round() / 10.0 + 0.0;
        format!("Its signal-to-noise is {snr:.1} a pixel: the model knows spectra from 5 on.")
    });
    let star =
        (observed.class == Class::Star).then(|| "The file calls it a star: the model knows galaxies.".to_owned());
    let shifted = other.map(|own| format!("The file itself says redshift {own:.4}."));
    [shifted, star, noisy, gaps].into_iter().flatten()
}

/// Explains a chi-squared that is large only because the noise is far smaller than the model's own error.
fn large_chi2(chi2: f32, snr: f32) -> Option<String> {
    let error = chi2.sqrt() / snr;
    (chi2 > LARGE_CHI2 && error < MODEL_ERROR).then(|| {
        format!(
            "At a signal-to-noise of {snr:.0} a pixel χ² measures the model and not the noise: the reconstruction is off by about {:.1} % of the flux.",
            100.0 * error
        )
    })
}

//! Converts the values of a table, as written, to an observed spectrum.

use super::facts::Facts;
use super::mask::Mask;
use crate::formats::error::ReadError;
use crate::formats::observation::Observation;
use crate::formats::options::ReadOptions;
use crate::formats::pixels::{
    FluxUnit, Medium, MediumStatement, Resampler, Samples, WavelengthUnit, air_to_vacuum, choose_medium, estimate_noise,
};
use crate::spectrum::ObservedSpectrum;

/// Smallest number of rows of a spectrum.
const FEWEST_ROWS: usize = 4;

/// The kind of a column of uncertainties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats) enum Spread {
    Error,
    Variance,
    InverseVariance,
}

/// The pixels of a spectrum as a table has them.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::formats) struct Pixels {
    /// Lines in the file, from 1; empty where pixels are no lines.
    pub lines: Vec<usize>,
    pub wavelength: Vec<f64>,
    pub flux: Vec<f64>,
    pub spread: Vec<f64>,
    /// Kind of `spread`; `None` where the table has no uncertainties.
    pub spread_kind: Option<Spread>,
    pub mask: Option<Mask>,
    /// Unit of the wavelengths; `None` where the table has none.
    pub wavelength_unit: Option<WavelengthUnit>,
    pub flux_unit: FluxUnit,
    /// Unit of the flux as it is written.
    pub flux_unit_text: String,
    /// Statements about the medium, the weightiest first.
    pub said: Vec<MediumStatement>,
    /// Whether wavelengths are in the rest frame.
    pub rest: bool,
    /// Number of rows of padding that were dropped.
    pub padded: usize,
    pub facts: Facts,
}

impl Default for Pixels {
    fn default() -> Self {
        Self {
            lines: Vec::new(),
            wavelength: Vec::new(),
            flux: Vec::new(),
            spread: Vec::new(),
            spread_kind: None,
            mask: None,
            wavelength_unit: None,
            flux_unit: FluxUnit::Unknown,
            flux_unit_text: String::new(),
            said: Vec::new(),
            rest: false,
            padded: 0,
            facts: Facts::default(),
        }
    }
}

impl Pixels {
    /// Makes an observation: vacuum Angstrom, flux per wavelength, even log wavelengths. `file` is for errors.
    pub(in crate::formats) fn observe(self, file: &str, options: &ReadOptions<'_>) -> Result<Observation, ReadError> {
        self.observe_by(file, options, &mut Resampler::default())
    }

    /// Makes an observation by what `resampler` remembers of the file's other spectra.
    pub(in crate::formats) fn observe_by(
        mut self,
        file: &str,
        options: &ReadOptions<'_>,
        resampler: &mut Resampler,
    ) -> Result<Observation, ReadError> {
        let mut notes = Vec::new();
        if self.padded > 0 {
            notes.push(format!("{} rows of padding were left out.", self.padded));
        }
        self.convert_wavelengths(file, options.medium, &mut notes)?;
        let mut samples = self.samples(file, &mut notes)?;
        notes.extend(self.flux_unit.note(&self.flux_unit_text));
        notes.extend(samples.scale_to_ordinary());
        let merged = samples.sort_and_merge();
        if samples.len() < FEWEST_ROWS {
            let reason = format!("it has {} rows of numbers, and a spectrum needs hundreds", samples.len());
            return Err(ReadError::table(file, reason));
        }
        if merged.scrambled {
            notes.push("The rows were not in order of wavelength and have been sorted.".to_owned());
        }
        if merged.repeated > 0 {
            notes.push(format!("{} rows repeat a wavelength: their mean was taken.", merged.repeated));
        }
        if self.spread_kind.is_none() {
            estimate_noise(&mut samples);
            notes.push(
                "The table has no errors: they were estimated from the scatter of neighbouring pixels, so χ² is about 1 by \
                 construction."
                    .to_owned(),
            );
        }
        let mut redshift = self.facts.redshift;
        if self.rest {
            // Back to the observed frame, so that the same step takes all spectra to the rest frame.
            let taken_out = redshift.unwrap_or(0.0);
            samples.wavelength.iter_mut().for_each(|wavelength| *wavelength *= 1.0 + taken_out);
            notes.push("Its wavelengths are in the rest frame already.".to_owned());
            redshift = Some(taken_out);
        }
        let even = resampler.even(file, &samples, &mut notes)?;
        let spectrum = ObservedSpectrum {
            id: self.facts.id,
            redshift,
            class: self.facts.class,
            object: self.facts.object,
            log_wavelength: even.log_wavelength,
            flux: even.flux,
            error: even.error,
        };
        Ok(Observation { spectrum, notes })
    }

    /// Converts wavelengths to vacuum Angstrom.
    fn convert_wavelengths(
        &mut self,
        file: &str,
        asked: Option<Medium>,
        notes: &mut Vec<String>,
    ) -> Result<(), ReadError> {
        let (unit, note) = WavelengthUnit::or_guessed(self.wavelength_unit, &self.wavelength);
        notes.extend(note);
        let (medium, note) = choose_medium(asked, &self.said);
        for (pixel, wavelength) in self.wavelength.iter_mut().enumerate() {
            let given = unit.to_angstrom(*wavelength);
            *wavelength = if medium == Medium::Air { air_to_vacuum(given) } else { given };
            if !(1.0..1e9).contains(wavelength) {
                let reason = format!("{given} Å is no wavelength of light that can be used: check the unit");
                return Err(match self.lines.get(pixel) {
                    Some(line) => ReadError::line(file, *line, reason),
                    None => ReadError::table(file, reason),
                });
            }
        }
        notes.push(note);
        Ok(())
    }

    /// Computes flux in 1e-17 erg/s/cm^2/Angstrom, where its unit is known, and standard errors.
    fn samples(&mut self, file: &str, notes: &mut Vec<String>) -> Result<Samples, ReadError> {
        let count = self.wavelength.len();
        if self.flux.len() != count || (self.spread_kind.is_some() && self.spread.len() != count) {
            return Err(ReadError::table(file, "its wavelengths, fluxes and errors differ in number"));
        }
        let has_ivar = self.spread_kind == Some(Spread::InverseVariance);
        let (bad, note) = self.mask.as_ref().map_or((Vec::new(), None), |mask| mask.bad(has_ivar));
        notes.extend(note);
        let mut samples = Samples { wavelength: std::mem::take(&mut self.wavelength), ..Samples::default() };
        for pixel in 0..count {
            let factor = self.flux_unit.factor(samples.wavelength[pixel]);
            let masked = bad.get(pixel).copied().unwrap_or(false) || !self.flux[pixel].is_finite();
            let flux = if masked { f64::NAN } else { self.flux[pixel] * factor };
            let error = match self.spread_kind {
                // Estimated from the scatter later; bad pixels stay bad by their flux.
                None => 0.0,
                Some(Spread::Error) => self.spread[pixel],
                Some(Spread::Variance) => self.spread[pixel].sqrt(),
                Some(Spread::InverseVariance) => self.spread[pixel].sqrt().recip(),
            } * factor;
            samples.flux.push(flux);
            samples.error.push(if error.is_finite() && error > 0.0 && flux.is_finite() { error } else { 0.0 });
        }
        Ok(samples)
    }
}

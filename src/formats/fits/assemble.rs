//! Converts the pixels of a file, in its own units, to an observation.

use super::header::Header;
use crate::formats::error::ReadError;
use crate::formats::observation::Observation;
use crate::formats::options::ReadOptions;
use crate::formats::pixels::{
    FluxUnit, Medium, MediumStatement, Resampler, Samples, WavelengthUnit, air_to_vacuum, choose_medium,
    estimate_noise, medium_of_text,
};
use crate::spectrum::{Class, ObjectFacts, ObservedSpectrum, SourceId};

/// Fewest pixels of a spectrum.
pub(super) const FEWEST: usize = 50;
/// Most pixels of a spectrum: an image of more is none.
const MOST: usize = 2_000_000;

/// The pixels of a spectrum as its file has them.
#[derive(Debug, Clone, Default)]
pub(super) struct Pixels {
    /// Wavelengths.
    pub wavelength: Vec<f64>,
    /// Unit of the wavelengths; `None` where the file does not say.
    pub wavelength_unit: Option<WavelengthUnit>,
    /// Medium of the wavelengths, by the file.
    pub medium: Option<Medium>,
    /// Flux densities.
    pub flux: Vec<f64>,
    /// Unit of the flux, as text.
    pub flux_unit: String,
    /// Standard errors; estimated where there are none.
    pub error: Option<Vec<f64>>,
    /// Whether a pixel is bad; empty for none.
    pub bad: Vec<bool>,
}

/// The facts of a spectrum apart from its pixels.
#[derive(Debug, Clone)]
pub(super) struct About {
    pub id: SourceId,
    pub redshift: Option<f64>,
    pub class: Class,
    pub facts: ObjectFacts,
}

/// Makes an observation of pixels in any unit and medium, and notes what was assumed.
pub(super) fn observation(
    file: &str,
    pixels: Pixels,
    about: About,
    options: &ReadOptions<'_>,
) -> Result<Observation, ReadError> {
    let count = pixels.wavelength.len();
    let lengths = [pixels.flux.len(), pixels.error.as_ref().map_or(count, Vec::len)];
    if lengths != [count; 2] || !(FEWEST..=MOST).contains(&count) {
        let what = format!("{count} wavelengths and {} fluxes make no spectrum: choose another file", lengths[0]);
        return Err(ReadError::not_spectrum(file, what));
    }
    let mut notes = Vec::new();
    let (unit, note) = WavelengthUnit::or_guessed(pixels.wavelength_unit, &pixels.wavelength);
    notes.extend(note);
    let said = pixels.medium.map(|medium| MediumStatement { medium, source: "the file".to_owned() });
    let (medium, note) = choose_medium(options.medium, said.as_slice());
    notes.push(note);
    let flux_unit = FluxUnit::parse("flux", &pixels.flux_unit);
    let (mut samples, mut dropped) = (Samples::default(), 0);
    for (pixel, (&wavelength, &flux)) in pixels.wavelength.iter().zip(&pixels.flux).enumerate() {
        let angstrom = unit.to_angstrom(wavelength);
        if !(1.0..1e9).contains(&angstrom) {
            dropped += 1;
            continue;
        }
        let vacuum = if medium == Medium::Air { air_to_vacuum(angstrom) } else { angstrom };
        let factor = flux_unit.factor(vacuum);
        let bad = pixels.bad.get(pixel).copied().unwrap_or(false) || !flux.is_finite();
        let error = pixels.error.as_ref().map_or(0.0, |error| error[pixel] * factor);
        samples.wavelength.push(vacuum);
        samples.flux.push(if bad { f64::NAN } else { flux * factor });
        samples.error.push(if !bad && error.is_finite() && error > 0.0 { error } else { 0.0 });
    }
    if dropped > 0 {
        notes.push(format!("{dropped} pixels without a wavelength were dropped."));
    }
    if samples.len() < FEWEST {
        let what = "its wavelengths are none of light: check their unit and save the spectrum with another";
        return Err(ReadError::not_spectrum(file, what));
    }
    let merged = samples.sort_and_merge();
    if merged.repeated > 0 {
        notes.push(format!("{} pixels repeat a wavelength: their mean was taken.", merged.repeated));
    }
    notes.extend(samples.scale_to_ordinary());
    // Errors that are all zero are none.
    if pixels.error.is_none() || samples.error.iter().all(|error| *error <= 0.0) {
        estimate_noise(&mut samples);
        notes.push(
            "The file has no errors: they were estimated from the scatter of neighbouring pixels, so χ² is about 1 by \
             construction."
                .to_owned(),
        );
    }
    if !(0..samples.len()).any(|pixel| samples.is_good(pixel)) {
        return Err(ReadError::not_spectrum(
            file,
            "no pixel is good, all are masked or not numbers: choose another file",
        ));
    }
    Ok(Observation { spectrum: spectrum(file, &samples, about, &mut Resampler::default(), &mut notes)?, notes })
}

/// Puts samples in vacuum wavelengths on even log wavelengths, by what `resampler` remembers of the file's other spectra.
pub(super) fn spectrum(
    file: &str,
    samples: &Samples,
    about: About,
    resampler: &mut Resampler,
    notes: &mut Vec<String>,
) -> Result<ObservedSpectrum, ReadError> {
    let even = resampler.even(file, samples, notes).map_err(|error| match error {
        ReadError::Table { file, reason } => ReadError::NotSpectrum { file, what: reason },
        other => other,
    })?;
    let About { id, redshift, class, facts } = about;
    let (log_wavelength, flux, error) = (even.log_wavelength, even.flux, even.error);
    Ok(ObservedSpectrum { id, redshift, class, object: facts, log_wavelength, flux, error })
}

/// Returns the medium of the wavelengths by the keywords of some headers, or their comments; `None` where they say nothing.
pub(super) fn medium(headers: &[Header<'_>]) -> Option<Medium> {
    let by_keyword = headers.iter().find_map(|header| {
        let flag = header.flag("VACUUM").or_else(|| match header.text("VACUUM")?.to_uppercase().as_str() {
            "T" | "TRUE" | "YES" => Some(true),
            "F" | "FALSE" | "NO" => Some(false),
            _ => None,
        });
        let said = || {
            let text = header.first_text(&["AIRORVAC", "WAVEMED", "MEDIUM", "AIRVAC"])?.to_lowercase();
            if text.starts_with("vac") { Some(true) } else { text.starts_with("air").then_some(false) }
        };
        let axis = || {
            let kind = header.text("CTYPE1")?.to_uppercase();
            match kind.get(..4)? {
                "AWAV" => Some(false),
                "WAVE" if kind.len() == 4 || kind.as_bytes()[4] == b'-' => Some(true),
                _ => None,
            }
        };
        // 2dfdr leaves wavelengths in air unless it says VACUUM.
        let reduced_by_2dfdr = || header.text("TDFDRVER").map(|_| false);
        flag.or_else(said).or_else(axis).or_else(reduced_by_2dfdr)
    });
    let medium = |vacuum: bool| if vacuum { Medium::Vacuum } else { Medium::Air };
    let by_comment = || headers.iter().flat_map(Header::comments).find_map(|comment| medium_of_text(&comment));
    by_keyword.map(medium).or_else(by_comment)
}

//! DR8 and later `spec`: the spectrum is a table (flux, loglam, ivar), the object's row and its lines are two more.

use super::super::classify::{self, LineFlux, Lines};
use super::super::{Class, ObservedSpectrum, SpectrumError};
use super::hdu::Hdu;
use super::table::Table;

/// Pixels that a spectrum can have at most once its gaps are filled; SDSS's have under 5000.
const MOST_PIXELS: usize = 20_000;

/// Evenly spaced pixels.
struct Pixels {
    log_wavelength: Vec<f64>,
    flux: Vec<f32>,
    error: Vec<f32>,
}

/// The coadded spectrum's table: the first with flux, loglam and ivar. Those of single exposures, in full files, follow it.
pub(super) fn coadd<'a>(file: &str, hdus: &[Hdu<'a>]) -> Result<Option<Table<'a>>, SpectrumError> {
    table_with(file, hdus, &["FLUX", "LOGLAM", "IVAR"])
}

/// The spectrum.
pub(super) fn read(file: &str, hdus: &[Hdu<'_>], coadd: &Table<'_>) -> Result<ObservedSpectrum, SpectrumError> {
    let not_sdss = |what: &str| SpectrumError::NotSdss { file: file.to_owned(), what: what.to_owned() };
    let object = table_with(file, hdus, &["PLATE", "MJD", "FIBERID", "CLASS", "Z"])?
        .filter(|table| table.rows() > 0)
        .ok_or_else(|| not_sdss("it has no table that names the object (PLATE, MJD, FIBERID, CLASS, Z)"))?;
    let number = |name: &str| object.number(name).map_or(0, |value| value as i32);
    let id = super::super::SpectrumId { plate: number("PLATE"), mjd: number("MJD"), fiber: number("FIBERID") };
    let says = |name: &str| object.text(name).unwrap_or_default().to_uppercase();
    if says("SOURCETYPE") == "SKY" || says("OBJTYPE") == "SKY" {
        return Err(SpectrumError::SkyFibre { file: file.to_owned(), id: id.to_string() });
    }
    let column =
        |name: &str| coadd.numbers(name).ok_or_else(|| not_sdss(&format!("its column {name} holds no numbers")));
    let (loglam, flux, ivar) = (column("LOGLAM")?, column("FLUX")?, column("IVAR")?);
    let error = ivar.iter().map(|&v| if v > 0.0 && v.is_finite() { v.sqrt().recip() as f32 } else { 0.0 }).collect();
    let flux = flux.into_iter().map(|value| value as f32).collect();
    let Pixels { log_wavelength, flux, error } = even(file, &loglam, flux, error, &hdus[0])?;
    let class = match says("CLASS").as_str() {
        "STAR" => Class::Star,
        "QSO" => Class::BroadLineAgn,
        "GALAXY" => lines(file, hdus)?.map_or(Class::Unknown, |lines| classify::galaxy(&lines)),
        _ => Class::Unknown,
    };
    let redshift = object.number("Z").filter(|z| z.is_finite());
    Ok(ObservedSpectrum { id, redshift, class, log_wavelength, flux, error })
}

/// Wavelength, flux and error on an even grid. The column is in single precision; where it lies on the grid of the primary
/// header's COEFF0 and COEFF1 (from which the file has cut its empty ends), that is taken. Missing rows become bad
/// pixels; any other unevenness is refused.
fn even(
    file: &str,
    loglam: &[f64],
    flux: Vec<f32>,
    error: Vec<f32>,
    primary: &Hdu<'_>,
) -> Result<Pixels, SpectrumError> {
    let steps = || loglam.windows(2).map(|pair| pair[1] - pair[0]);
    let low = steps().fold(f64::INFINITY, f64::min);
    let high = steps().fold(f64::NEG_INFINITY, f64::max);
    let uneven = || SpectrumError::Uneven { file: file.to_owned(), low, high };
    // Where no step is near 1.5 times another, the smallest does as well as the middle one.
    let middle = if low <= high && high < 1.4 * low { low } else { middle(steps().collect()) };
    if loglam.iter().any(|value| !value.is_finite()) || low <= 0.0 || middle <= 0.0 {
        return Err(uneven());
    }
    let (first, last) = (loglam[0], loglam[loglam.len() - 1]);
    // The middle step is off by as much as single precision rounds; the mean of those like it is not.
    let (sum, like) =
        steps().filter(|step| *step < 1.5 * middle).fold((0.0, 0.0), |(sum, like), step| (sum + step, like + 1.0));
    let count = ((last - first) / (sum / like)).round() + 1.0;
    if count > MOST_PIXELS as f64 {
        return Err(uneven());
    }
    let count = count as usize;
    let keyword = |key: &str| primary.header.number(key);
    let (start, step) = match (keyword("COEFF0"), keyword("COEFF1")) {
        (Some(zero), Some(step)) if on_grid(first, zero, step) && on_grid(last, zero, step) => {
            (zero + step * ((first - zero) / step).round(), step)
        }
        _ => (first, (last - first) / (count - 1) as f64),
    };
    let log_wavelength: Vec<f64> = (0..count).map(|i| start + step * i as f64).collect();
    let (mut even_flux, mut even_error) = (vec![0.0; count], vec![0.0; count]);
    let mut before = None;
    for ((value, flux), error) in loglam.iter().zip(flux).zip(error) {
        let place = (value - start) / step;
        // The nearest, wherever it is near enough; cheaper than a call of `round`.
        let pixel = (place + 0.5).max(0.0) as usize;
        let fits = (place - pixel as f64).abs() < 0.1 && pixel < count && before != Some(pixel);
        if !fits {
            return Err(uneven());
        }
        even_flux[pixel] = flux;
        even_error[pixel] = error;
        before = Some(pixel);
    }
    Ok(Pixels { log_wavelength, flux: even_flux, error: even_error })
}

/// The middle one; 0 of none.
fn middle(mut steps: Vec<f64>) -> f64 {
    let half = steps.len() / 2;
    if steps.is_empty() { 0.0 } else { *steps.select_nth_unstable_by(half, f64::total_cmp).1 }
}

/// Whether a log wavelength is a whole number of steps from `zero`.
fn on_grid(value: f64, zero: f64, step: f64) -> bool {
    let place = (value - zero) / step;
    (place - place.round()).abs() < 0.05
}

fn lines(file: &str, hdus: &[Hdu<'_>]) -> Result<Option<Lines>, SpectrumError> {
    let table = table_with(file, hdus, &["LINEWAVE", "LINEAREA", "LINEAREA_ERR"])?;
    let column = |name: &str| table.as_ref().and_then(|table| table.numbers(name));
    let (Some(wave), Some(area), Some(error)) = (column("LINEWAVE"), column("LINEAREA"), column("LINEAREA_ERR")) else {
        return Ok(None);
    };
    // An error of -1 or -2 stands for a line that was not, or could not be, measured.
    let measured = wave.into_iter().zip(area).zip(error).filter(|(_, error)| *error > 0.0);
    let fluxes = measured.map(|((wave, flux), error)| (wave, LineFlux { flux, significance: flux / error }));
    Ok(Some(Lines::pick(fluxes)))
}

/// The first table with all these columns.
fn table_with<'a>(file: &str, hdus: &[Hdu<'a>], names: &[&str]) -> Result<Option<Table<'a>>, SpectrumError> {
    for hdu in hdus {
        if let Some(table) = Table::of(file, hdu)?.filter(|table| table.has(names)) {
            return Ok(Some(table));
        }
    }
    Ok(None)
}

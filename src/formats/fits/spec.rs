//! `spec` files of DR8 and later, those of SDSS-V among them: the spectrum is a table (flux, loglam, ivar), the object and its lines are
//! two more tables, which may be missing. Its bit masks are no reason to drop a pixel: ivar = 0 is.

use super::binary_table::{Table, Tables};
use super::facts;
use super::hdu::Hdu;
use crate::formats::error::ReadError;
use crate::formats::observation::Observation;
use crate::formats::options::ReadOptions;
use crate::numerics::simd::with_avx2;
use crate::numerics::statistics::upper_median;
use crate::spectrum::classify::{self, LineFlux, Lines};
use crate::spectrum::lines::H_ALPHA;
use crate::spectrum::{Class, ObjectFacts, ObservedSpectrum, SourceId};

/// Most pixels of a spectrum once its gaps are filled; SDSS's have under 5000.
const MOST_PIXELS: usize = 20_000;

/// The columns of a coadded spectrum, as they are in the file.
pub(super) struct Columns {
    log_wavelength: Option<Vec<f64>>,
    flux: Option<Vec<f32>>,
    ivar: Option<Vec<f64>>,
}

/// The facts of a file's object.
struct Object {
    id: SourceId,
    redshift: Option<f64>,
    class: Class,
    facts: ObjectFacts,
}

/// Evenly spaced pixels.
struct Pixels {
    log_wavelength: Vec<f64>,
    flux: Vec<f32>,
    error: Vec<f32>,
}

/// Reads a file with a coadded spectrum; returns `None` where it has none.
pub(super) fn read<'a, 'b>(
    file: &str,
    hdus: &'b [Hdu<'a>],
    tables: &mut Tables<'a, 'b>,
    _: &ReadOptions<'_>,
) -> Result<Option<Vec<Observation>>, ReadError> {
    let Some(coadd) = coadd(tables)? else { return Ok(None) };
    Ok(Some(vec![spectrum(file, &hdus[0], tables, coadd)?.into()]))
}

/// Returns the columns of the coadded spectrum: the first table with flux, loglam and ivar. Those of single exposures, in full files,
/// follow it.
fn coadd(tables: &mut Tables<'_, '_>) -> Result<Option<Columns>, ReadError> {
    Ok(tables.with(&["FLUX", "LOGLAM", "IVAR"])?.map(|table| Columns {
        log_wavelength: table.numbers("LOGLAM"),
        flux: table.singles("FLUX"),
        ivar: table.numbers("IVAR"),
    }))
}

fn spectrum(
    file: &str,
    primary: &Hdu<'_>,
    tables: &mut Tables<'_, '_>,
    coadd: Columns,
) -> Result<ObservedSpectrum, ReadError> {
    let Object { id, redshift, class, facts } = object(file, primary, tables)?;
    let without = |name: &str| ReadError::not_spectrum(file, format!("its column {name} holds no numbers"));
    let loglam = coadd.log_wavelength.ok_or_else(|| without("LOGLAM"))?;
    if loglam.len() < 2 {
        let rows = if loglam.is_empty() { "no rows" } else { "a single row" };
        return Err(ReadError::not_spectrum(file, format!("its table of pixels has {rows}; fetch the file again")));
    }
    let flux = coadd.flux.ok_or_else(|| without("FLUX"))?;
    let ivar = coadd.ivar.ok_or_else(|| without("IVAR"))?;
    let error = |&ivar: &f64| if ivar > 0.0 && ivar.is_finite() { ivar.sqrt().recip() as f32 } else { 0.0 };
    let error = with_avx2(|| ivar.iter().map(error).collect());
    let Pixels { log_wavelength, flux, error } = even(file, &loglam, flux, error, primary)?;
    Ok(ObservedSpectrum { id, redshift, class, object: facts, log_wavelength, flux, error })
}

/// Returns what the file says of the object: the row of its table, of DR8 to DR17 (PLATE, MJD, FIBERID) or SDSS-V (CATALOGID, with FIELD
/// and MJD where the coadd has one), or as little as the primary header says where it has no table.
fn object(file: &str, primary: &Hdu<'_>, tables: &mut Tables<'_, '_>) -> Result<Object, ReadError> {
    const LAYOUTS: [&[&str]; 3] =
        [&["PLATE", "MJD", "FIBERID", "CLASS", "Z"], &["CATALOGID"], &["PLATE", "MJD", "FIBERID"]];
    for layout in LAYOUTS {
        let Some(table) = tables.with(layout)?.filter(|table| table.rows() > 0) else { continue };
        let whole = |name: &str| {
            let exact = table.integers(name).and_then(|values| values.first().copied());
            exact.or_else(|| table.number(name).map(|number| number as i64))
        };
        let keyword = |name: &str| primary.header.number(name).map(|number| number as i64);
        let id = match layout {
            ["CATALOGID"] => {
                let catalog_id = whole("CATALOGID").or_else(|| table.text("CATALOGID")?.parse().ok());
                let field = whole("FIELD").or_else(|| keyword("FIELDID")).or_else(|| keyword("FIELD"));
                let mjd = whole("MJD").or_else(|| keyword("MJD"));
                SourceId::sdss_v(field.unwrap_or(0), mjd.unwrap_or(0), catalog_id.unwrap_or(0))
            }
            _ => {
                let part = |name: &str| whole(name).and_then(|value| i32::try_from(value).ok()).unwrap_or(0);
                SourceId::sdss(part("PLATE"), part("MJD"), part("FIBERID"))
            }
        };
        let says = |name: &str| table.text(name).unwrap_or_default().to_uppercase();
        if says("SOURCETYPE") == "SKY" || says("OBJTYPE") == "SKY" {
            return Err(ReadError::SkyFibre { file: file.to_owned(), id: id.to_string() });
        }
        let redshift = table.number("Z").filter(|z| z.is_finite() && *z > -1.0);
        let (name, facts) = (says("CLASS"), facts::of_row(table, 0));
        let measured = if name == "GALAXY" { lines(tables)? } else { None };
        let class = match (name.as_str(), &measured) {
            ("GALAXY", measured) => measured.as_ref().map_or(Class::Unknown, classify::galaxy),
            _ => facts::class(&name),
        };
        let facts = ObjectFacts { class_note: measured.as_ref().and_then(classify::remark), ..facts };
        return Ok(Object { id, redshift, class, facts });
    }
    let number = |key: &str| primary.header.number(key).map_or(0, |value| value as i32);
    let id = SourceId::sdss(number("PLATEID"), number("MJD"), number("FIBERID"));
    // A plate alone names no spectrum, and the primary header of a plate gives the plate's position.
    let id = if id.parts.contains(&0) { SourceId::NONE } else { id };
    Ok(Object { id, redshift: None, class: Class::Unknown, facts: ObjectFacts::default() })
}

/// Puts wavelength, flux and error on an even grid. The wavelengths are in single precision; where they lie on the grid of the primary
/// header's COEFF0 and COEFF1 (whose empty ends the file omits), that grid is used. Missing rows become bad pixels; any other
/// unevenness is refused.
fn even(file: &str, loglam: &[f64], flux: Vec<f32>, error: Vec<f32>, primary: &Hdu<'_>) -> Result<Pixels, ReadError> {
    let (low, high, total) = steps(loglam);
    let uneven = || ReadError::Uneven { file: file.to_owned(), low, high };
    let [first, .., last] = loglam[..] else { return Err(uneven()) };
    // Where no step is near 1.5 times another there is no gap, and the mean step needs no median.
    let alike = low <= high && high < 1.4 * low;
    // The median step has the rounding error of single precision; the mean of the steps near it does not.
    let mean = if alike { total / (loglam.len() - 1) as f64 } else { mean_step(loglam) };
    if loglam.iter().any(|value| !value.is_finite()) || low <= 0.0 || mean.is_nan() {
        return Err(uneven());
    }
    let count = ((last - first) / mean).round() + 1.0;
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
    // Nearly every file is even as it is, without missing rows.
    let near = 0.09 * step;
    let is_near = |(value, even): (&f64, &f64)| (value - even).abs() < near;
    if count == loglam.len() && loglam.iter().zip(&log_wavelength).all(is_near) {
        return Ok(Pixels { log_wavelength, flux, error });
    }
    let (mut even_flux, mut even_error) = (vec![0.0; count], vec![0.0; count]);
    let mut before = None;
    for ((value, flux), error) in loglam.iter().zip(flux).zip(error) {
        let position = (value - start) / step;
        // The nearest pixel, which costs less than a call of `round`.
        let pixel = (position + 0.5).max(0.0) as usize;
        let fits = (position - pixel as f64).abs() < 0.1 && pixel < count && before != Some(pixel);
        if !fits {
            return Err(uneven());
        }
        even_flux[pixel] = flux;
        even_error[pixel] = error;
        before = Some(pixel);
    }
    Ok(Pixels { log_wavelength, flux: even_flux, error: even_error })
}

/// Returns the smallest step from value to value, the largest, and the sum of all.
fn steps(values: &[f64]) -> (f64, f64, f64) {
    let (mut low, mut high, mut total) = (f64::INFINITY, f64::NEG_INFINITY, 0.0);
    for pair in values.windows(2) {
        let step = pair[1] - pair[0];
        low = if step < low { step } else { low };
        high = if step > high { step } else { high };
        total += step;
    }
    (low, high, total)
}

/// Returns the mean of the steps below 1.5 times the median step, those that are no gaps. NaN where the median is not positive.
fn mean_step(values: &[f64]) -> f64 {
    let mut steps: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let middle = upper_median(&mut steps).unwrap_or(f64::NAN);
    let like = values.windows(2).map(|pair| pair[1] - pair[0]).filter(|step| *step < 1.5 * middle);
    let (sum, count) = like.fold((0.0, 0.0), |(sum, count), step| (sum + step, count + 1.0));
    if middle > 0.0 { sum / count } else { f64::NAN }
}

/// Returns whether a log wavelength is a whole number of steps from `zero`.
fn on_grid(value: f64, zero: f64, step: f64) -> bool {
    let steps = (value - zero) / step;
    (steps - steps.round()).abs() < 0.05
}

fn lines(tables: &mut Tables<'_, '_>) -> Result<Option<Lines>, ReadError> {
    let table = tables.with(&["LINEWAVE", "LINEAREA", "LINEAREA_ERR"])?;
    let column = |name: &str| table.and_then(|table| table.numbers(name));
    let (Some(wave), Some(area), Some(error)) = (column("LINEWAVE"), column("LINEAREA"), column("LINEAREA_ERR")) else {
        return Ok(None);
    };
    // An error of -1 or -2 stands for a line that was not, or could not be, measured.
    let measured = wave.into_iter().zip(area).zip(error).filter(|(_, error)| *error > 0.0);
    let fluxes = measured.map(|((wave, flux), error)| (wave, LineFlux { flux, significance: flux / error }));
    let h_alpha_width = rest_width(table);
    Ok(Some(Lines { h_alpha_width, ..Lines::pick(fluxes) }))
}

/// Returns the equivalent width of H-alpha at rest, Angstrom; the table's is at observed wavelengths.
fn rest_width(table: Option<&Table<'_>>) -> Option<f64> {
    let column = |name: &str| table?.numbers(name);
    let (wave, width, redshift) = (column("LINEWAVE")?, column("LINEEW")?, column("LINEZ")?);
    let at = wave.iter().position(|wave| (wave - H_ALPHA).abs() < 1.0)?;
    Some(width.get(at)? / (1.0 + redshift.get(at)?)).filter(|width| width.is_finite())
}

//! Tables with one column of wavelengths and one of fluxes, of any origin: a pixel a row (JWST's x1d), or a spectrum a row, its cells
//! arrays (ESO's phase 3, HST's x1d).

use super::assemble::{self, About, FEWEST, Pixels};
use super::binary_table::{Table, Tables};
use super::facts;
use super::hdu::Hdu;
use super::header::Header;
use crate::formats::error::ReadError;
use crate::formats::observation::Observation;
use crate::formats::options::ReadOptions;
use crate::formats::pixels::{Medium, WavelengthUnit, medium_of_name};
use crate::formats::several::several;
use crate::formats::table::names;
use crate::spectrum::SourceId;

/// JWST's bit for a pixel that must not be used (DO_NOT_USE).
const DO_NOT_USE: i64 = 1;

/// The columns of a table by their quantity.
struct Columns {
    wavelength: String,
    flux: String,
    spread: Option<(Spread, String)>,
    quality: Option<String>,
}

/// The kind of the column that holds the uncertainty.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Spread {
    Error,
    Variance,
    InverseVariance,
}

/// Reads the spectra of the tables of a file; returns `None` where none has the columns of one.
pub(super) fn read<'a, 'b>(
    file: &str,
    hdus: &'b [Hdu<'a>],
    _: &mut Tables<'a, 'b>,
    options: &ReadOptions<'_>,
) -> Result<Option<Vec<Observation>>, ReadError> {
    let mut observations = Vec::new();
    let (mut number, mut name) = (0, None);
    for hdu in hdus {
        let Some(table) = Table::of(file, hdu)? else { continue };
        let Some(columns) = Columns::find(&table) else { continue };
        let length = |name: &str| table.cell_numbers(name, 0).map_or(0, |cell| cell.len());
        let cell = length(&columns.flux);
        if length(&columns.wavelength) != cell || cell.max(table.rows()) < FEWEST || (cell > 1 && cell < FEWEST) {
            continue;
        }
        // Further tables count where they are of the same kind, as the sources in a file of JWST.
        if name.get_or_insert_with(|| hdu.name()) != &hdu.name() {
            continue;
        }
        let rows = if cell > 1 { table.rows() } else { 1 };
        for row in 0..rows {
            let whole = cell <= 1;
            if options.wants(number) {
                let headers = [table.header, hdus[0].header];
                let pixels = columns.pixels(file, &table, (!whole).then_some(row), &headers)?;
                observations.push((number, assemble::observation(file, pixels, about(&headers), options)));
            }
            number += 1;
        }
    }
    if number == 0 {
        return Ok(None);
    }
    several(file, observations, number).map(Some)
}

/// Returns what the headers say of the object.
pub(super) fn about(headers: &[Header<'_>]) -> About {
    let class = headers.iter().find_map(|header| header.text("CLASS")).unwrap_or_default();
    About {
        id: SourceId::NONE,
        redshift: facts::redshift(headers),
        class: facts::class(&class),
        facts: facts::of_headers(headers),
    }
}

impl Columns {
    fn find(table: &Table<'_>) -> Option<Self> {
        let all: Vec<&str> = table.names().collect();
        // A catalogue of objects may have columns such as WAVEMIN and SPECTROFLUX.
        if table.rows() > 1 && ["RA", "PLUG_RA", "TARGET_RA", "RACAT"].iter().any(|name| table.has(&[name])) {
            return None;
        }
        // The plain name first: a table may hold several reductions of one spectrum.
        let find = |plain: &[&str], is: &dyn Fn(&str) -> bool| {
            let exact = plain.iter().find_map(|plain| all.iter().find(|name| name.eq_ignore_ascii_case(plain)));
            exact.or_else(|| all.iter().find(|name| is(name))).map(|&name| name.to_owned())
        };
        let wavelength = find(&["wavelength", "wave", "lambda", "loglam"], &names::is_wavelength)?;
        let flux = find(&["flux"], &names::is_flux);
        let has_flux = |name: &String| {
            let some = table.cell_numbers(name, table.rows() / 2);
            some.is_some_and(|cell| cell.len() == 1 || cell.iter().any(|value| value.is_finite() && *value != 0.0))
        };
        let flux = flux.filter(has_flux).or_else(|| find(&["surf_bright"], &|_| false))?;
        let surface = flux.eq_ignore_ascii_case("surf_bright");
        let errors: &[&str] =
            if surface { &["sb_error"] } else { &["err", "error", "flux_error", "flux_err", "err_flux"] };
        let spread = find(&["ivar"], &names::is_inverse_variance).map(|name| (Spread::InverseVariance, name));
        let spread = spread.or_else(|| find(errors, &names::is_error).map(|name| (Spread::Error, name)));
        let spread =
            spread.or_else(|| find(&["var", "variance"], &names::is_variance).map(|name| (Spread::Variance, name)));
        let quality = find(&["dq", "mask", "qual", "quality", "flag", "flags"], &|_| false);
        Some(Self { wavelength, flux, spread, quality })
    }

    /// Reads the pixels: those of the cells of a row, or of all rows.
    fn pixels(
        &self,
        file: &str,
        table: &Table<'_>,
        row: Option<usize>,
        headers: &[Header<'_>],
    ) -> Result<Pixels, ReadError> {
        let numbers = |name: &str| {
            let values = match row {
                Some(row) => table.cell_numbers(name, row),
                None => table.scaled_numbers(name),
            };
            values.ok_or_else(|| {
                ReadError::not_spectrum(file, format!("its column `{name}` holds no numbers: choose another file"))
            })
        };
        let flux = numbers(&self.flux)?;
        let spread = self.spread.as_ref().map(|(kind, name)| Ok((*kind, numbers(name)?))).transpose()?;
        let error = spread.map(|(kind, values)| spread_to_error(kind, values));
        let unit = table.card("TUNIT", &self.wavelength);
        let parsed = WavelengthUnit::parse(&unit).map_err(|what| ReadError::not_spectrum(file, what))?;
        let in_name = names::is_log(&self.wavelength).then_some(WavelengthUnit::LOG);
        // ESO's Science Data Product Standard: `obs.atmos` in the UCD of the wavelengths is air.
        let of_ucd = || table.card("TUCD", &self.wavelength).contains("obs.atmos").then_some(Medium::Air);
        let said = [&self.wavelength, &unit].into_iter().find_map(|text| medium_of_name(text)).or_else(of_ucd);
        let quality = self.quality.as_ref().and_then(|name| Some((name, numbers(name).ok()?)));
        let flux_unit = table.card("TUNIT", &self.flux);
        Ok(Pixels {
            wavelength: numbers(&self.wavelength)?,
            wavelength_unit: in_name.or(parsed),
            medium: said.or_else(|| assemble::medium(headers)),
            flux_unit: if flux_unit.is_empty() {
                headers.iter().find_map(|header| header.first_text(&["BUNIT"])).unwrap_or_default()
            } else {
                flux_unit
            },
            bad: quality.map(|(name, values)| bad(name, &values)).unwrap_or_default(),
            flux,
            error,
        })
    }
}

/// Converts the column of the uncertainty to standard errors, 0 where it is of none.
fn spread_to_error(kind: Spread, mut values: Vec<f64>) -> Vec<f64> {
    values.iter_mut().for_each(|value| {
        *value = match kind {
            Spread::Error => *value,
            Spread::Variance => value.sqrt(),
            Spread::InverseVariance if *value > 0.0 => value.sqrt().recip(),
            Spread::InverseVariance => 0.0,
        };
    });
    values
}

/// Returns which pixels a quality column calls bad: of JWST's bits the first counts, of any other column every value but 0. A column that
/// calls all bad is none of quality.
pub(super) fn bad(name: &str, values: &[f64]) -> Vec<bool> {
    let jwst = name.eq_ignore_ascii_case("dq");
    let is_bad = |value: &f64| if jwst { *value as i64 & DO_NOT_USE != 0 } else { *value != 0.0 };
    let bad: Vec<bool> = values.iter().map(is_bad).collect();
    if bad.iter().all(|bad| *bad) { Vec::new() } else { bad }
}

//! A simulated spectrum as a file in SDSS's layout of `spec-PLATE-MJD-FIBER.fits`, lite.
//!
//! Columns that the simulator does not know (the spectrum of the sky, the resolution) are left out, not filled with zeros.

use super::provenance;
use crate::formats::fits::write::{self, BinaryTable, Cells, Column, Value};
use crate::simulator::simulated::{REDSHIFT_ERROR, SimulatedSpectrum};
use crate::spectrum::lines::{H_ALPHA, H_BETA, N_II, O_III};
use crate::spectrum::{Class, SourceId};

/// SDSS's mask bit for a pixel without data (SPPIXMASK: NODATA).
const NO_DATA: i32 = 1 << 24;
/// SDSS's error of a line that was not measured.
const NOT_MEASURED: f32 = -1.0;

/// Returns the file name `spec-PLATE-MJD-FIBER.fits`, with the digits that SDSS uses.
pub fn name(id: SourceId) -> String {
    let [plate, mjd, fiber] = id.parts;
    format!("spec-{plate:04}-{mjd:05}-{fiber:04}.fits")
}

/// Returns the bytes of the file; its headers say SIMULATED. Reading it returns the observed spectrum, to the rounding of an error to an
/// inverse variance in single precision, and its class, except for galaxies with [N II] or [O III] below their errors: the simulator
/// counts those as their errors, the reader of line tables as they are.
pub fn to_fits(simulated: &SimulatedSpectrum, id: SourceId) -> Vec<u8> {
    let observed = &simulated.observed;
    let [plate, mjd, fiber] = id.plate_mjd_fiber().unwrap_or_default();
    let whole = |value: i32| Value::Whole(i64::from(value));
    let first = observed.log_wavelength.first().copied().unwrap_or(0.0);
    let step = match observed.log_wavelength[..] {
        [first, .., last] => (last - first) / (observed.log_wavelength.len() - 1) as f64,
        _ => 0.0,
    };
    let mut cards = provenance("SIMULATED");
    cards.extend([
        ("PLATEID", whole(plate), "simulated plate"),
        ("MJD", whole(mjd), "0: never observed"),
        ("FIBERID", whole(fiber), "simulated fibre"),
        // Rounded: sums of tenths of thousandths are off by one part in 1e16.
        ("COEFF0", Value::Real(rounded(first)), "log10 of the first wavelength, vacuum Angstrom"),
        ("COEFF1", Value::Real(rounded(step)), "step of log10 wavelength"),
        ("BUNIT", Value::Text("1E-17 erg/cm^2/s/Ang".to_owned()), "unit of the flux"),
    ]);
    write::file(&cards, &[coadd(simulated), object(simulated, id), lines(simulated)])
}

/// Returns the table of pixels.
fn coadd(simulated: &SimulatedSpectrum) -> BinaryTable {
    let observed = &simulated.observed;
    let flags: Vec<i32> = observed.error.iter().map(|&error| if error > 0.0 { 0 } else { NO_DATA }).collect();
    let ivar = |&error: &f32| if error > 0.0 { f64::from(error).powi(-2) as f32 } else { 0.0 };
    let columns = vec![
        Column::new("flux", "1E-17 erg/cm^2/s/Ang", Cells::Single(observed.flux.clone())),
        Column::new("loglam", "", Cells::Single(observed.log_wavelength.iter().map(|&log| log as f32).collect())),
        Column::new("ivar", "", Cells::Single(observed.error.iter().map(ivar).collect())),
        Column::new("and_mask", "", Cells::Whole(flags.clone())),
        Column::new("or_mask", "", Cells::Whole(flags)),
        Column::new("model", "1E-17 erg/cm^2/s/Ang", Cells::Single(simulated.noiseless.clone())),
    ];
    BinaryTable { name: "COADD", columns }
}

/// Returns the table with the row of the object.
fn object(simulated: &SimulatedSpectrum, id: SourceId) -> BinaryTable {
    let text = |text: &str| Cells::Text(vec![text.to_owned()]);
    let [plate, mjd, fiber] = id.plate_mjd_fiber().unwrap_or_default();
    let (class, subclass) = match simulated.class {
        Class::Star => ("STAR", ""),
        Class::BroadLineAgn => ("QSO", "BROADLINE"),
        Class::NarrowLineAgn => ("GALAXY", "AGN"),
        Class::EmissionLine => ("GALAXY", "STARFORMING"),
        Class::Quiescent | Class::Unknown => ("GALAXY", ""),
    };
    let mut columns = vec![
        Column::new("SURVEY", "", text("simulated")),
        Column::new("PLATE", "", Cells::Whole(vec![plate])),
        Column::new("MJD", "", Cells::Whole(vec![mjd])),
        Column::new("FIBERID", "", Cells::Whole(vec![fiber])),
        Column::new("OBJTYPE", "", text("SIMULATED")),
        Column::new("CLASS", "", text(class)),
        Column::new("SUBCLASS", "", text(subclass)),
        // SDSS writes single precision; double loses nothing.
        Column::new("Z", "", Cells::Double(vec![simulated.observed.redshift.unwrap_or(f64::NAN)])),
        Column::new("Z_ERR", "", Cells::Double(vec![REDSHIFT_ERROR])),
        Column::new("ZWARNING", "", Cells::Whole(vec![0])),
        Column::new("SN_MEDIAN", "", Cells::Single(vec![simulated.observed.median_snr()])),
    ];
    if let Some(position) = simulated.observed.object.position {
        columns.push(Column::new("PLUG_RA", "deg", Cells::Double(vec![position.ra])));
        columns.push(Column::new("PLUG_DEC", "deg", Cells::Double(vec![position.dec])));
    }
    BinaryTable { name: "SPECOBJ", columns }
}

/// Returns the table of the lines that decide the class. Where not all four could be measured, none counts as measured, which leaves the
/// galaxy unclassified.
fn lines(simulated: &SimulatedSpectrum) -> BinaryTable {
    let names = [("H_alpha", H_ALPHA), ("H_beta", H_BETA), ("[O_III] 5007", O_III), ("[N_II] 6583", N_II)];
    let of = |wavelength: f64| simulated.lines.iter().find(|line| (line.wavelength - wavelength).abs() < 1.0);
    let lines = names.map(|(_, wavelength)| of(wavelength));
    let columns = vec![
        Column::new("LINENAME", "", Cells::Text(names.iter().map(|(name, _)| (*name).to_owned()).collect())),
        Column::new("LINEWAVE", "Ang", Cells::Double(names.iter().map(|(_, wavelength)| *wavelength).collect())),
        Column::new(
            "LINEAREA",
            "1E-17 erg/cm^2/s",
            Cells::Single(lines.iter().map(|line| line.map_or(0.0, |line| line.flux)).collect()),
        ),
        Column::new(
            "LINEAREA_ERR",
            "1E-17 erg/cm^2/s",
            Cells::Single(lines.iter().map(|line| line.map_or(NOT_MEASURED, |line| line.error)).collect()),
        ),
    ];
    BinaryTable { name: "SPZLINE", columns }
}

fn rounded(value: f64) -> f64 {
    (value * 1e10).round() / 1e10
}

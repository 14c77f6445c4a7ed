//! A simulated spectrum in the layout of LAMOST's low-resolution spectra since DR9: a table of one row of arrays.

use super::provenance;
use crate::formats::fits::write::{self, BinaryTable, Cells, Column, Value};
use crate::simulator::simulated::{REDSHIFT_ERROR, SimulatedSpectrum};
use crate::spectrum::Class;

/// Observation of the first simulated spectrum: above any of LAMOST's.
const FIRST_OBSERVATION: i64 = 10_000_000_000;

/// Returns the observation id of spectrum `index`.
pub fn observation(index: usize) -> i64 {
    FIRST_OBSERVATION + index as i64
}

/// Returns the file name `spec-MJD-PLAN_spSP-FIBER.fits`, with the digits that LAMOST uses, of spectrum `index`.
pub fn name(index: usize) -> String {
    format!("spec-00000-SIM{:05}_sp{:02}-{:03}.fits", index / 4000, index / 250 % 16 + 1, index % 250 + 1)
}

/// Returns the bytes of the file of spectrum `index`. Its pixels are the simulated ones, which lie on LAMOST's steps in log wavelength.
pub fn to_fits(simulated: &SimulatedSpectrum, index: usize) -> Vec<u8> {
    let observed = &simulated.observed;
    let mut cards = provenance("SIMULATED LAMOST");
    cards.push(("OBSID", Value::Whole(observation(index)), "simulated observation"));
    if let Some(position) = observed.object.position {
        cards.push(("RA", Value::Real(position.ra), "[deg] simulated"));
        cards.push(("DEC", Value::Real(position.dec), "[deg] simulated"));
    }
    let class = match simulated.class {
        Class::Star => "STAR",
        Class::BroadLineAgn => "QSO",
        Class::NarrowLineAgn | Class::EmissionLine | Class::Quiescent | Class::Unknown => "GALAXY",
    };
    cards.push(("CLASS", Value::Text(class.to_owned()), ""));
    if let Some(redshift) = observed.redshift {
        cards.push(("Z", Value::Real(redshift), "measured redshift"));
        cards.push(("Z_ERR", Value::Real(REDSHIFT_ERROR), "its standard error"));
    }
    let ivar = |&error: &f32| if error > 0.0 { f64::from(error).powi(-2) } else { 0.0 };
    let array = |values: Vec<f64>| Cells::Array(vec![values]);
    let columns = vec![
        Column::new("FLUX", "", array(observed.flux.iter().map(|&flux| f64::from(flux)).collect())),
        Column::new("IVAR", "", array(observed.error.iter().map(ivar).collect())),
        Column::new(
            "WAVELENGTH",
            "Angstrom",
            array(observed.log_wavelength.iter().map(|&log| 10f64.powf(log)).collect()),
        ),
    ];
    write::file(&cards, &[BinaryTable { name: "COADD", columns }])
}

//! Simulated spectra as survey files, in three layouts. Every file says SIMULATED; an object has a position where
//! `observed.object.position` of its simulated spectrum is set.

pub mod desi;
pub mod lamost;
pub mod sdss;

use crate::formats::fits::write::{Card, Value};

/// Returns the cards with which the primary header of every file begins. `telescope` is the value of TELESCOP.
fn provenance(telescope: &str) -> Vec<Card> {
    vec![
        ("TELESCOP", Value::Text(telescope.to_owned()), "no telescope saw this"),
        ("SIMULATD", Value::Flag(true), "a simulated spectrum, of no real object"),
        ("ORIGIN", Value::Text(concat!("spectrascape ", env!("CARGO_PKG_VERSION")).to_owned()), "its simulator"),
    ]
}

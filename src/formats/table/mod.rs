//! Reading spectra from text: CSV, ECSV, TSV, IPAC tables, columns of numbers separated by blanks, VOTables and JSON.
//!
//! Rows are pixels, or spectra where their cells are lists.
//!
//! Columns are identified by their names, in any case; without names the first is the wavelength, the second the flux and the third, if
//! there is one, the standard error. Wavelengths are vacuum Angstrom unless a name, a unit or a comment says otherwise. The redshift is
//! given in a comment (`# redshift = 0.1`), in the `meta` of an ECSV file, or in a column that holds it throughout.

mod columns;
mod comments;
mod encoding;
mod facts;
mod ipac;
pub(super) mod json;
mod layout;
mod list_cells;
mod mask;
mod mrt;
pub(super) mod names;
mod pixels;
mod plain;
mod record;
mod separator;
mod text;
pub(super) mod votable;

use super::error::ReadError;
use super::observation::Observation;
use super::options::ReadOptions;
use columns::Columns;
#[cfg(feature = "archives")]
pub(super) use facts::Facts;
#[cfg(feature = "archives")]
pub(super) use pixels::{Pixels, Spread};
pub use plain::{PlainTable, names_wavelength, number, plain};

/// Returns whether bytes are a text table: text that begins as ECSV, is `named` as a table is, or has a line of two or more numbers, or a
/// list of them, near its beginning.
pub fn recognises(bytes: &[u8], named: bool) -> bool {
    let packed = bytes.starts_with(&[0x1f, 0x8b]) || bytes.starts_with(b"PK\x03\x04");
    if bytes.is_empty() || packed || bytes.starts_with(b"SIMPLE") || encoding::is_binary(bytes) {
        return false;
    }
    let text = encoding::decode(bytes);
    named || text::begins_as_table(&text) || list_cells::recognises(&text)
}

/// Reads the spectrum of a table, or the spectra of one with lists in its fields. `name` is the file's, for errors.
///
/// # Errors
/// Bytes that are no text, columns that cannot be identified, too few rows, and, with the line, a field that is no number, a row that is
/// too short, or a wavelength that is none.
pub fn read(name: &str, bytes: &[u8], options: &ReadOptions<'_>) -> Result<Vec<Observation>, ReadError> {
    if !encoding::is_binary(bytes) {
        let text = encoding::decode(bytes);
        if list_cells::recognises(&text) {
            return record::spectra(name, &[list_cells::parse(name, &text)?], options);
        }
    }
    let text = layout::split(name, bytes)?;
    let columns = Columns::find(name, &text)?;
    let pixels = columns.pixels(name, &text)?;
    Ok(vec![pixels.observe(name, options)?])
}

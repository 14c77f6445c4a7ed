//! Reading spectra from text: CSV, ECSV, TSV, IPAC tables, and columns of numbers separated by blanks.
//!
//! Columns are identified by their names, in any case; without names the first is the wavelength, the second the flux and the third, if
//! there is one, the standard error. Wavelengths are vacuum Angstrom unless a name, a unit or a comment says otherwise. The redshift is
//! given in a comment (`# redshift = 0.1`), in the `meta` of an ECSV file, or in a column that holds it throughout.

mod columns;
mod comments;
mod encoding;
mod facts;
mod ipac;
mod layout;
mod mask;
pub(super) mod names;
mod pixels;
mod plain;
mod separator;
mod text;

use super::error::ReadError;
use super::observation::Observation;
use super::options::ReadOptions;
use columns::Columns;
#[cfg(feature = "archives")]
pub(super) use facts::Facts;
#[cfg(feature = "archives")]
pub(super) use pixels::{Pixels, Spread};
pub use plain::{PlainTable, names_wavelength, number, plain};

/// Returns whether bytes are a text table: text that begins as ECSV, is `named` as a table is, or has a line of two or more numbers near
/// its beginning.
pub fn recognises(bytes: &[u8], named: bool) -> bool {
    let packed = bytes.starts_with(&[0x1f, 0x8b]) || bytes.starts_with(b"PK\x03\x04");
    if bytes.is_empty() || packed || bytes.starts_with(b"SIMPLE") || encoding::is_binary(bytes) {
        return false;
    }
    named || text::begins_as_table(&encoding::decode(bytes))
}

/// Reads the spectrum of a table. `name` is the file's, for errors.
///
/// # Errors
/// Bytes that are no text, columns that cannot be identified, too few rows, and, with the line, a field that is no number, a row that is
/// too short, or a wavelength that is none.
pub fn read(name: &str, bytes: &[u8], options: &ReadOptions<'_>) -> Result<Vec<Observation>, ReadError> {
    let text = layout::split(name, bytes)?;
    let columns = Columns::find(name, &text)?;
    let pixels = columns.pixels(name, &text)?;
    Ok(vec![pixels.observe(name, options)?])
}

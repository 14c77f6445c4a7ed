//! A table as it is written, for readers of other things than spectra.

use super::names::is_wavelength;
use super::record::{Cell, CellTable};
use super::separator::parse_number;
use super::{layout, votable};
use crate::formats::error::ReadError;

/// A table as it is written: names, units, and rows of text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlainTable {
    /// Names of the columns.
    pub names: Vec<String>,
    /// Units of the columns; empty where the table has none.
    pub units: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<String>>,
    /// Tells that cells hold arrays as long as spectra, which are left out of the rows.
    pub has_spectra: bool,
}

impl From<CellTable> for PlainTable {
    /// Returns the table as text; lists are left out.
    fn from(table: CellTable) -> Self {
        let text = |cell: Cell| if let Cell::Scalar(value) = cell { value } else { String::new() };
        Self {
            has_spectra: table.has_lists(),
            names: table.columns.iter().map(|column| column.name.clone()).collect(),
            units: table.columns.into_iter().map(|column| column.unit).collect(),
            rows: table.rows.into_iter().map(|row| row.into_iter().map(text).collect()).collect(),
        }
    }
}

/// Splits a text table, or the first table of a VOTable, into names, units and rows. `file` is for errors.
///
/// # Errors
/// Bytes that are no text, rows that are too short, and tables without rows.
pub fn plain(file: &str, bytes: &[u8]) -> Result<PlainTable, ReadError> {
    if votable::recognises(bytes, false) {
        return Ok(votable::tables(file, bytes)?.swap_remove(0).into());
    }
    let text = layout::split(file, bytes)?;
    let rows = text.rows.into_iter().map(|row| row.fields).collect();
    Ok(PlainTable { names: text.names, units: text.units, rows, has_spectra: false })
}

/// Returns whether a column of this name holds wavelengths.
pub fn names_wavelength(name: &str) -> bool {
    is_wavelength(name)
}

/// Parses a number of a table: NaN for an empty field and the usual marks of a missing one, `None` for any other text.
pub fn number(field: &str) -> Option<f64> {
    if field.trim().is_empty() { Some(f64::NAN) } else { parse_number(field.trim()) }
}

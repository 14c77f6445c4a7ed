//! A catalogue of the reader's own: a table of objects with identifiers or positions and columns of numbers, no spectrum.
//!
//! - `keys`: which columns say what object a row is of.
//! - `join`: which row of the catalogue belongs to which spectrum of a set.

mod join;
mod keys;

pub use join::{Join, JoinedBy, Target, join};

use super::error::ReadError;
use super::gzip;
use super::table::{self, PlainTable, votable};
use crate::spectrum::{SkyPosition, SourceId};
use keys::Keys;

/// A catalogue, read.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnCatalogue {
    /// Name of the file.
    pub name: String,
    /// Columns of numbers other than identifiers and positions.
    pub columns: Vec<OwnColumn>,
    /// `[rows]` the identifiers that each row may mean; empty for none.
    pub ids: Vec<Vec<SourceId>>,
    /// `[rows]` positions.
    pub positions: Vec<Option<SkyPosition>>,
    /// Columns and rows that were left out, a sentence each.
    pub notes: Vec<String>,
}

/// Why a table is of no use as a catalogue.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CatalogueError {
    /// It is no table.
    #[error(transparent)]
    Table(#[from] ReadError),
    /// It lacks identifiers, positions or numbers.
    #[error("{file} cannot be joined to the set: {reason}")]
    NothingToJoin {
        /// The file.
        file: String,
        /// The reason and what to do, as a clause.
        reason: &'static str,
    },
}

/// A column of numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnColumn {
    /// Name in the file.
    pub name: String,
    /// Unit; empty for none.
    pub unit: String,
    /// `[rows]` values; NaN where one is missing.
    pub values: Vec<f64>,
}

/// Bytes in which the head of a table ends.
const HEAD: usize = 65_536;
/// The number by which SDSS's tables mark a missing value.
const SDSS_MISSING: f64 = -9999.0;

impl OwnCatalogue {
    /// Returns whether bytes are a text table or a VOTable, packed by gzip or not, whose columns name objects, by identifiers or positions, and
    /// which holds no wavelengths and no arrays: spectra have those.
    pub fn recognises(name: &str, bytes: &[u8]) -> bool {
        let Ok(bytes) = gzip::unpacked(name, bytes) else { return false };
        let head = &bytes[..bytes.len().min(HEAD)];
        let end = match bytes.len() > HEAD {
            // XML is read whole or not at all.
            true if votable::recognises(head, false) => bytes.len(),
            true => head.iter().rposition(|&byte| byte == b'\n').unwrap_or(0),
            false => head.len(),
        };
        let Ok(table) = table::plain(name, &bytes[..end]) else { return false };
        !table.has_spectra
            && !table.names.iter().any(|name| table::names_wavelength(name))
            && !Keys::find(&table).is_empty()
    }

    /// Reads a catalogue: a text table or a VOTable, packed by gzip or not. `name` is the file's.
    ///
    /// # Errors
    /// Bytes that are no table, a table without identifiers and positions, and one without numbers beside them.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, CatalogueError> {
        let table = table::plain(name, &gzip::unpacked(name, bytes)?)?;
        let keys = Keys::find(&table);
        if keys.is_empty() {
            let reason =
                "no column names its objects: plate, mjd and fiber, targetid, specobjid, id, or ra and dec are needed";
            return Err(CatalogueError::NothingToJoin { file: name.to_owned(), reason });
        }
        let (columns, left_out, missing) = numbers(&table, &keys);
        if columns.is_empty() {
            let reason = "it has no column of numbers beside identifiers and positions: there is nothing to join";
            return Err(CatalogueError::NothingToJoin { file: name.to_owned(), reason });
        }
        let mut notes = Vec::new();
        if !left_out.is_empty() {
            notes.push(format!("Columns of text are left out: {}.", left_out.join(", ")));
        }
        if missing > 0 {
            notes.push(format!("{missing} values of −9999 count as missing."));
        }
        let ids = table.rows.iter().map(|row| keys.ids(row)).collect();
        let positions = table.rows.iter().map(|row| keys.position(row)).collect();
        Ok(Self { name: name.to_owned(), columns, ids, positions, notes })
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Returns whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

/// Returns the columns of numbers, the names of those of text, and how many values were marked as missing.
fn numbers(table: &PlainTable, keys: &Keys) -> (Vec<OwnColumn>, Vec<String>, usize) {
    let (mut columns, mut left_out, mut missing) = (Vec::new(), Vec::new(), 0);
    for (index, name) in table.names.iter().enumerate().filter(|(index, _)| !keys.uses(*index)) {
        let field = |row: &Vec<String>| row.get(index).map_or("", String::as_str).to_owned();
        let values: Option<Vec<f64>> = table.rows.iter().map(|row| table::number(&field(row))).collect();
        let Some(mut values) = values else {
            left_out.push(name.clone());
            continue;
        };
        for value in values.iter_mut().filter(|value| **value == SDSS_MISSING) {
            *value = f64::NAN;
            missing += 1;
        }
        if values.iter().any(|value| value.is_finite()) {
            let unit = table.units.get(index).cloned().unwrap_or_default();
            columns.push(OwnColumn { name: name.clone(), unit, values });
        }
    }
    (columns, left_out, missing)
}

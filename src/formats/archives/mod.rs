//! Files of many spectra, a row a spectrum and its pixels in lists: Parquet as the Multimodal Universe and HATS catalogues have it, and HDF5
//! as the Multimodal Universe has it.
//!
//! Only the description of a file is read when it is opened, and its rows are decoded a batch at a time, so a file of any size needs the
//! memory of a batch.

mod batch;
mod guard;
mod hdf5;
mod layout;
mod parquet;
mod row;
mod rows;
mod source;

use std::ops::Range;

use ::bytes::Bytes;

use super::error::ReadError;
use super::observation::Observation;
use super::options::ReadOptions;
use super::pixels::Resampler;
use super::several::left_out_because;
use batch::Batch;
use layout::Layout;
use rows::Rows;

pub use source::Source;

/// Extensions of Parquet files.
pub(super) const PARQUET: &[&str] = &["parquet", "pq"];
/// Extensions of HDF5 files.
pub(super) const HDF5: &[&str] = &["h5", "hdf5", "hdf"];

/// Rows decoded at a time.
const BATCH: usize = 64;
/// Most rows of a file: a damaged one may claim any number.
const MOST_ROWS: usize = 1 << 30;

/// An opened file of many spectra.
pub struct Archive {
    name: String,
    layout: Layout,
    content: Box<dyn Rows>,
    groups: Vec<usize>,
}

/// Returns whether bytes are a Parquet file.
pub(super) fn is_parquet(bytes: &[u8], _named: bool) -> bool {
    bytes.starts_with(parquet::MAGIC)
}

/// Returns whether bytes are an HDF5 file.
pub(super) fn is_hdf5(bytes: &[u8], _named: bool) -> bool {
    bytes.starts_with(hdf5::MAGIC)
}

/// Reads every spectrum of a file. Rows without one are left out, with their number as a note of the first spectrum. `name` is the file's,
/// for errors.
///
/// # Errors
/// Bytes that are no whole file, one without lists of fluxes and wavelengths, and one of which no row is a spectrum.
pub(super) fn read(name: &str, bytes: &[u8], options: &ReadOptions<'_>) -> Result<Vec<Observation>, ReadError> {
    let archive = Archive::open(name, Source::from(Bytes::copy_from_slice(bytes)))?;
    let mut observations: Vec<Observation> = Vec::new();
    let (mut empty, mut refused) = (0, Vec::new());
    for (group, rows) in archive.groups().iter().enumerate() {
        archive.for_each(group, 0..*rows, options, &mut |_, read| match read {
            Ok(Some(observation)) => observations.push(observation),
            Ok(None) => empty += 1,
            Err(error) => refused.push(error),
        })?;
    }
    let left_out = refused.len();
    let first_refused = refused.into_iter().next();
    let Some(first) = observations.first_mut() else {
        return Err(first_refused.unwrap_or_else(|| unreadable(name, "none of its rows holds a spectrum")));
    };
    first.notes.extend(left_out_note(empty));
    if let Some(error) = first_refused {
        first.notes.push(left_out_because(left_out, &error));
    }
    Ok(observations)
}

/// Returns the note on rows without a spectrum; `None` where there is none.
pub fn left_out_note(rows: usize) -> Option<String> {
    match rows {
        0 => None,
        1 => Some("1 row holds no spectrum and was left out.".to_owned()),
        rows => Some(format!("{rows} rows hold no spectrum and were left out.")),
    }
}

impl Archive {
    /// Returns whether a file is one of many spectra, by the bytes that begin it.
    pub fn recognises(first_bytes: &[u8]) -> bool {
        is_parquet(first_bytes, false) || is_hdf5(first_bytes, false)
    }

    /// Opens a file, of which only the description is read; `name` is for errors.
    ///
    /// # Errors
    /// A file that is damaged or cut short, and one without lists of fluxes and wavelengths ([`ReadError::NoSpectra`]).
    pub fn open(name: &str, source: Source) -> Result<Self, ReadError> {
        let content = content(source).map_err(|reason| unreadable(name, reason))?;
        let layout = Layout::find(&content.columns(), &content.statements())
            .map_err(|reason| ReadError::NoSpectra { file: name.to_owned(), reason })?;
        let groups = content.groups();
        if groups.iter().try_fold(0usize, |sum, rows| sum.checked_add(*rows)).is_none_or(|rows| rows > MOST_ROWS) {
            return Err(unreadable(name, "it claims more rows than any file has: fetch it again"));
        }
        Ok(Self { name: name.to_owned(), layout, content, groups })
    }

    /// Returns the number of rows of each group of rows that is decoded on its own.
    pub fn groups(&self) -> &[usize] {
        &self.groups
    }

    /// Reads some rows of a group, and passes the number of each row in the file, from 0, and its spectrum on: `None` where the row
    /// holds none, an error where it cannot be used. Rows that the options do not want are passed over.
    pub(super) fn for_each(
        &self,
        group: usize,
        rows: Range<usize>,
        options: &ReadOptions<'_>,
        each: &mut dyn FnMut(usize, Result<Option<Observation>, ReadError>),
    ) -> Result<(), ReadError> {
        let before: usize = self.groups[..group].iter().sum();
        let start = before + rows.start;
        let (mut next, wanted) = (start, rows.len());
        let mut resampler = Resampler::default();
        let mut pass_on = |batch: Batch| {
            for index in 0..batch.rows {
                if options.wants(next) {
                    let name = format!("{}, row {}", self.name, next + 1);
                    each(next, row::observation(&name, &batch, index, &self.layout, options, &mut resampler));
                }
                next += 1;
            }
        };
        self.content
            .read(&self.layout, group, rows, BATCH, &mut pass_on)
            .map_err(|reason| unreadable(&self.name, reason))?;
        if next - start == wanted {
            return Ok(());
        }
        let reason = format!("it is cut short: rows after {next} are missing; fetch it again");
        Err(unreadable(&self.name, reason))
    }
}

/// Opens a file by the bytes that begin it.
fn content(source: Source) -> Result<Box<dyn Rows>, String> {
    let first =
        source.read(0, hdf5::MAGIC.len()).map_err(|error| format!("it is cut short ({error}): fetch it again"))?;
    if is_hdf5(&first, false) {
        return Ok(Box::new(hdf5::Hdf5Rows::open(source)?));
    }
    Ok(Box::new(parquet::ParquetRows::open(source)?))
}

fn unreadable(name: &str, reason: impl Into<String>) -> ReadError {
    ReadError::Rows { file: name.to_owned(), reason: reason.into() }
}

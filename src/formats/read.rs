//! Reading any file of spectra: only here is it decided which reader reads the bytes.
//!
//! A new kind of file takes a module, its file extensions and a line of `LAYOUTS`; a new layout of FITS takes a module and a line of the
//! list in [`super::fits`].

#[cfg(feature = "archives")]
use super::archives::{self, Archive};
use super::error::ReadError;
#[cfg(not(target_arch = "wasm32"))]
use super::npz;
use super::observation::Observation;
use super::options::ReadOptions;
use super::pixels::mask_artefacts;
use super::{fits, gzip, table, unread};

/// The bytes that begin a ZIP archive, and so an npz file.
const ZIP: &[u8] = b"PK\x03\x04";

/// Extensions of FITS files, in lower case.
const FITS: &[&str] = &["fit", "fits", "fts"];
/// Extensions of NumPy archives.
#[cfg(not(target_arch = "wasm32"))]
const NPZ: &[&str] = &["npz"];
/// Extensions of VOTables.
const VOTABLE: &[&str] = &["vot", "votable", "xml"];
/// Extensions of JSON.
const JSON: &[&str] = &["json", "jsonl"];
/// Extensions of text tables.
const TABLE: &[&str] =
    &["csv", "ecsv", "tsv", "txt", "dat", "ascii", "asc", "asci", "flm", "ipac", "spec", "tab", "tbl"];
/// Extensions of all kinds of files that are read here; the page reads fewer.
const KNOWN: &[&[&str]] = &[
    FITS,
    #[cfg(not(target_arch = "wasm32"))]
    NPZ,
    VOTABLE,
    JSON,
    TABLE,
    #[cfg(feature = "archives")]
    archives::PARQUET,
    #[cfg(feature = "archives")]
    archives::HDF5,
];

/// Extensions of the kinds whose files hold any number of spectra.
#[cfg(not(target_arch = "wasm32"))]
const MANY: &[&[&str]] = &[
    NPZ,
    VOTABLE,
    JSON,
    #[cfg(feature = "archives")]
    archives::PARQUET,
    #[cfg(feature = "archives")]
    archives::HDF5,
];

/// A reader of a kind of file: from the file's name (for errors), its bytes and the user's choices it returns the spectra.
type Reader = fn(&str, &[u8], &ReadOptions<'_>) -> Result<Vec<Observation>, ReadError>;

/// A kind of file.
struct Layout {
    /// Extensions of its file names.
    endings: &'static [&'static str],
    /// Whether bytes are of this kind; the second argument is whether the file name has one of its extensions.
    recognises: fn(&[u8], bool) -> bool,
    /// Reader of this kind.
    read: Reader,
}

/// Every kind of file; the first that recognises the bytes reads them.
const LAYOUTS: &[Layout] = &[
    Layout { endings: FITS, recognises: fits::recognises, read: fits::read },
    #[cfg(feature = "archives")]
    Layout { endings: archives::PARQUET, recognises: archives::is_parquet, read: archives::read },
    #[cfg(feature = "archives")]
    Layout { endings: archives::HDF5, recognises: archives::is_hdf5, read: archives::read },
    #[cfg(not(target_arch = "wasm32"))]
    Layout { endings: NPZ, recognises: npz::recognises_stars, read: npz::read_stars },
    #[cfg(not(target_arch = "wasm32"))]
    Layout { endings: NPZ, recognises: npz::recognises, read: npz::read },
    Layout { endings: VOTABLE, recognises: table::votable::recognises, read: table::votable::read },
    Layout { endings: JSON, recognises: table::json::recognises, read: table::json::read },
    Layout { endings: TABLE, recognises: table::recognises, read: table::read },
];

/// Reads every spectrum of a file: FITS in the layouts of [`fits`], NumPy archives of several spectra, VOTables, JSON, text tables, and,
/// with the feature `archives`, Parquet and HDF5, each also packed by gzip. `name` is the file's, for errors and for its extension.
///
/// ```
/// let text = "# redshift = 0.1\nwavelength,flux,error\n4000,1.0,0.1\n4001,1.1,0.1\n4002,1.0,0.1\n4003,1.2,0.1\n";
/// let observations = spectrascape::formats::read("mine.csv", text.as_bytes())?;
/// assert_eq!(observations.len(), 1);
/// assert_eq!(observations[0].spectrum.redshift, Some(0.1));
/// // Nothing in the table says in which medium its wavelengths are.
/// assert!(observations[0].notes[0].contains("vacuum is assumed"));
/// # Ok::<(), spectrascape::formats::ReadError>(())
/// ```
///
/// # Errors
/// A file that is empty, of no known layout, truncated or damaged, or that holds no spectrum of an object.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Observation>, ReadError> {
    read_with(name, bytes, &ReadOptions::default())
}

/// Reads the spectra of a file as [`read`] does, with the user's choices.
///
/// # Errors
/// Those of [`read`].
pub fn read_with(name: &str, bytes: &[u8], options: &ReadOptions<'_>) -> Result<Vec<Observation>, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty { file: name.to_owned() });
    }
    let bytes = &*gzip::unpacked(name, bytes)?;
    let recognises = |layout: &&Layout| (layout.recognises)(bytes, has_ending(name, layout.endings));
    match LAYOUTS.iter().find(recognises) {
        Some(layout) => {
            let mut observations = (layout.read)(name, bytes, options)?;
            observations.iter_mut().for_each(mask_artefacts);
            Ok(observations)
        }
        None if cfg!(target_arch = "wasm32") && bytes.starts_with(ZIP) => {
            Err(ReadError::Archive { file: name.to_owned() })
        }
        None => Err(unread::describe(bytes).map_or_else(
            || ReadError::NotFits { file: name.to_owned() },
            |(kind, advice)| ReadError::Unread { file: name.to_owned(), kind, advice },
        )),
    }
}

/// Reads some rows of a group of rows of an opened file of many spectra. Passes the number of each row in the file, from 0, and its
/// spectrum on: `None` where the row holds none, an error where it cannot be used. Rows that the options do not want are passed over.
///
/// # Errors
/// A file that is damaged or cut short.
#[cfg(feature = "archives")]
pub fn read_rows(
    archive: &Archive,
    group: usize,
    rows: std::ops::Range<usize>,
    options: &ReadOptions<'_>,
    mut each: impl FnMut(usize, Result<Option<Observation>, ReadError>),
) -> Result<(), ReadError> {
    archive.for_each(group, rows, options, &mut |row, mut read| {
        if let Ok(Some(observation)) = &mut read {
            mask_artefacts(observation);
        }
        each(row, read);
    })
}

/// Returns the extensions of all files that [`read`] knows, in lower case and without the dot; `gz` stands for any of them, packed.
pub fn endings() -> impl Iterator<Item = &'static str> {
    // Not from `LAYOUTS`, which would bring every reader into the page for the sake of its file dialogue.
    KNOWN.iter().copied().flatten().copied().chain([gzip::ENDING])
}

/// Returns whether a file of this name may hold any number of spectra, by its extension.
#[cfg(not(target_arch = "wasm32"))]
pub fn may_hold_many(name: &str) -> bool {
    MANY.iter().any(|endings| has_ending(name, endings))
}

/// Returns whether a file name ends as those do that [`read`] knows, packed by gzip or not.
pub fn has_known_ending(name: &str) -> bool {
    KNOWN.iter().any(|endings| has_ending(name, endings))
}

/// Returns whether a file name ends as those of files of many spectra that are read in pieces do.
#[cfg(feature = "archives")]
pub fn has_archive_ending(name: &str) -> bool {
    has_ending(name, archives::PARQUET) || has_ending(name, archives::HDF5)
}

/// Returns whether a file name has one of these extensions, before `.gz` where it is packed.
fn has_ending(name: &str, endings: &[&str]) -> bool {
    let lower = name.to_ascii_lowercase();
    let unpacked = lower.strip_suffix(".gz").unwrap_or(&lower);
    unpacked.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}

//! Reading SDSS spectra: DR7 `spSpec` files and DR8 or later `spec` files, lite and full.
//!
//! HDUs are found by their content, not by number or name, and columns in any case, because real files differ in all three.
//!
//! The crate `fitsrs` (0.4.1) reads these tables, but a damaged header (a single quote, a huge axis) makes it panic, which stops a worker
//! of the page, and it reads a truncated table without an error. So the few parts of FITS that are needed here (headers, images, binary
//! tables; FITS standard 4.0) are read by the modules below.

mod binary_table;
mod hdu;
mod header;
mod spec;
mod spspec;
pub mod write;

use super::error::ReadError;
use super::observation::Observation;
use super::options::ReadOptions;
use binary_table::Tables;
use hdu::Hdu;
use header::Header;

/// A reader of one layout of FITS: from the file's name, its HDUs and the tables among them it returns the spectra, or `None` where the
/// file is of another layout.
type Layout = for<'a, 'b> fn(
    &str,
    &'b [Hdu<'a>],
    &mut Tables<'a, 'b>,
    &ReadOptions<'_>,
) -> Result<Option<Vec<Observation>>, ReadError>;

/// Every layout, tried in this order.
const LAYOUTS: [Layout; 2] = [spspec::read, spec::read];

/// Returns whether bytes begin as FITS files do.
pub(super) fn recognises(bytes: &[u8], _named: bool) -> bool {
    bytes.starts_with(b"SIMPLE")
}

/// Reads the spectra of a FITS file. `name` is the file's, for errors.
///
/// # Errors
/// A file that is not FITS, truncated, damaged, not an SDSS spectrum, or a sky fibre.
pub fn read(name: &str, bytes: &[u8], options: &ReadOptions<'_>) -> Result<Vec<Observation>, ReadError> {
    let hdus = hdu::split(name, bytes)?;
    let Some(primary) = hdus.first() else {
        return Err(ReadError::NotFits { file: name.to_owned() });
    };
    let mut tables = Tables::new(name, &hdus);
    for layout in LAYOUTS {
        if let Some(observations) = layout(name, &hdus, &mut tables, options)? {
            return Ok(observations);
        }
    }
    Err(ReadError::NotSdss { file: name.to_owned(), what: describe(&primary.header) })
}

/// Describes a file of another survey, as far as its header identifies it.
fn describe(header: &Header<'_>) -> String {
    let says = |key: &str| header.text(key).unwrap_or_default().trim().to_owned();
    let (telescope, origin) = (says("TELESCOP"), says("ORIGIN"));
    let has = |word: &str| {
        telescope.to_uppercase().contains(word) || origin.to_uppercase().split_whitespace().any(|part| part == word)
    };
    if has("GAMA") {
        return "it is a GAMA spectrum of the Anglo-Australian Telescope".to_owned();
    }
    if has("LAMOST") {
        return "it is a LAMOST spectrum".to_owned();
    }
    if has("ANGLO-AUSTRALIAN") || has("AAO") || has("AAT") {
        return "it is a spectrum of the Anglo-Australian Telescope, in the layout that Marz reads".to_owned();
    }
    let lacks = "it has neither a table with flux, loglam and ivar nor the image and keywords of spSpec";
    if telescope.is_empty() { lacks.to_owned() } else { format!("its telescope is `{telescope}`, and {lacks}") }
}

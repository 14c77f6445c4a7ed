//! Reading FITS: SDSS's `spSpec` (DR7), `spec` (DR8 and later, SDSS-V too) and `spPlate`, DESI's `coadd` and `spectra`, LAMOST's, and any
//! image of one dimension or table with wavelengths and fluxes.
//!
//! HDUs are found by their content, not by number or name, and columns in any case, because real files differ in all three.
//!
//! The crate `fitsrs` (0.4.1) reads these tables, but a damaged header (a single quote, a huge axis) makes it panic, which stops a worker
//! of the page, and it reads a truncated table without an error. So the few parts of FITS that are needed here (headers, images, binary
//! tables; FITS standard 4.0) are read by the modules below.

mod any_table;
mod assemble;
mod axis;
mod binary_table;
mod desi;
mod facts;
mod hdu;
mod header;
mod image;
mod lamost;
mod refusal;
mod spec;
mod spplate;
mod spspec;
pub mod write;

use super::error::ReadError;
use super::observation::Observation;
use super::options::ReadOptions;
use binary_table::Tables;
use hdu::Hdu;

/// A reader of one layout of FITS: from the file's name, its HDUs and the tables among them it returns the spectra, or `None` where the
/// file is of another layout.
type Layout = for<'a, 'b> fn(
    &str,
    &'b [Hdu<'a>],
    &mut Tables<'a, 'b>,
    &ReadOptions<'_>,
) -> Result<Option<Vec<Observation>>, ReadError>;

/// Every layout, tried in this order: those of surveys, then any.
const LAYOUTS: [Layout; 7] =
    [spspec::read, spec::read, spplate::read, desi::read, lamost::read, any_table::read, image::read];

/// Returns whether bytes begin as FITS files do.
pub(super) fn recognises(bytes: &[u8], _named: bool) -> bool {
    bytes.starts_with(b"SIMPLE")
}

/// Reads the spectra of a FITS file. `name` is the file's, for errors.
///
/// # Errors
/// A file that is not FITS, truncated, damaged, without a spectrum in a layout that is read, or a sky fibre.
pub fn read(name: &str, bytes: &[u8], options: &ReadOptions<'_>) -> Result<Vec<Observation>, ReadError> {
    let hdus = hdu::split(name, bytes)?;
    if hdus.is_empty() {
        return Err(ReadError::NotFits { file: name.to_owned() });
    }
    let mut tables = Tables::new(name, &hdus);
    for layout in LAYOUTS {
        if let Some(observations) = layout(name, &hdus, &mut tables, options)? {
            return Ok(observations);
        }
    }
    Err(ReadError::not_spectrum(name, refusal::describe(&hdus)))
}

//! Reading SDSS spectra: DR7 `spSpec` files and DR8 or later `spec` files, lite and full.
//!
//! HDUs are found by what they hold, not by number or name, and columns whatever their case, because files in the wild
//! differ in all three.
//!
//! The crate `fitsrs` (0.4.1) reads these tables, but a damaged header (a lone quote, a huge axis) makes it panic, a table cut
//! short ends silently, and in the page a panic is the end of the engine. So the few parts of FITS that are needed here
//! (headers, images, binary tables; FITS standard 4.0) are read by the four small files below.

mod binary_table;
mod hdu;
mod header;
mod spec;
mod spspec;
pub mod write;

use super::error::ReadError;
use super::observation::Observation;
use binary_table::Tables;
use hdu::Hdu;
use header::Header;

/// Reads one layout of FITS: from the file's name, its HDUs and the tables among them to its spectra; none where the file is of another
/// layout.
type Layout = for<'a, 'b> fn(&str, &'b [Hdu<'a>], &mut Tables<'a, 'b>) -> Result<Option<Vec<Observation>>, ReadError>;

/// Every layout, tried in this order.
const LAYOUTS: [Layout; 2] = [spspec::read, spec::read];

/// Whether bytes begin as FITS files do.
pub(super) fn recognises(bytes: &[u8], _named: bool) -> bool {
    bytes.starts_with(b"SIMPLE")
}

/// Reads the spectra of a FITS file. `name` is the file's, for errors.
///
/// # Errors
/// What is not FITS, cut short, damaged, not an SDSS spectrum (it says what it is instead, where it can tell), or a sky
/// fibre.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Observation>, ReadError> {
    let hdus = hdu::split(name, bytes)?;
    let Some(primary) = hdus.first() else {
        return Err(ReadError::NotFits { file: name.to_owned() });
    };
    let mut tables = Tables::new(name, &hdus);
    for layout in LAYOUTS {
        if let Some(observations) = layout(name, &hdus, &mut tables)? {
            return Ok(observations);
        }
    }
    Err(ReadError::NotSdss { file: name.to_owned(), what: describe(&primary.header) })
}

/// Says what a foreign file is, as far as its header tells.
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

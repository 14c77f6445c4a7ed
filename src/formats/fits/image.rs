//! Spectra as images of one dimension with a wavelength axis in keywords, linear or logarithmic (FITS standard 4.0, section 8.4; IRAF), or
//! in an image beside them. Their errors are in another image (MUSE: STAT; 2dfdr: VARIANCE), or in a band of IRAF's.

use super::any_table::{about, bad};
use super::assemble::{self, FEWEST, Pixels};
use super::axis::Axis;
use super::binary_table::Tables;
use super::hdu::Hdu;
use super::header::Header;
use crate::formats::error::ReadError;
use crate::formats::observation::Observation;
use crate::formats::options::ReadOptions;
use crate::formats::several::several;

/// Names of images that hold a flux, where the primary one does not.
const FLUXES: [&str; 5] = ["FLUX", "DATA", "SCI", "SPECTRUM", "SPEC"];

/// Reads the spectra of a file; returns `None` where no image of one dimension has wavelengths.
pub(super) fn read<'a, 'b>(
    file: &str,
    hdus: &'b [Hdu<'a>],
    _: &mut Tables<'a, 'b>,
    options: &ReadOptions<'_>,
) -> Result<Option<Vec<Observation>>, ReadError> {
    let Some(hdu) = flux_image(hdus) else { return Ok(None) };
    let headers = [hdu.header, hdus[0].header];
    let pixels = hdu.axis(1);
    let Some(axis) = Axis::of(file, hdus, hdu, &headers)? else { return Ok(None) };
    let Some((spectra, bands)) = bands(hdu) else { return Ok(None) };
    let mut observations = Vec::new();
    for row in (0..spectra).filter(|&row| options.wants(row)) {
        let of_type = || ReadError::damaged(file, hdu.index, "its image is not of numbers");
        let (wavelength, unit) = axis.wavelengths(pixels, row);
        let pixels = Pixels {
            wavelength,
            wavelength_unit: unit,
            medium: assemble::medium(&headers),
            flux: hdu.image_row(row).ok_or_else(of_type)?,
            flux_unit: headers.iter().find_map(|header| header.first_text(&["BUNIT", "FLUXUNIT"])).unwrap_or_default(),
            error: errors(hdus, hdu, row).or_else(|| sigma_band(hdu, spectra, bands, row)),
            bad: quality(hdus, hdu, row),
        };
        observations.push((row, assemble::observation(file, pixels, about(&headers), options)));
    }
    several(file, observations, spectra).map(Some)
}

/// Returns the image of the flux: the primary one, the first with a name of one, or the first of one dimension.
fn flux_image<'a, 'b>(hdus: &'b [Hdu<'a>]) -> Option<&'b Hdu<'a>> {
    let fits = |hdu: &&Hdu<'_>| hdu.is_image() && hdu.axis(1) >= FEWEST && bands(hdu).is_some();
    let primary = hdus.first().filter(fits);
    let named = || FLUXES.iter().find_map(|name| hdus.iter().filter(fits).find(|hdu| hdu.name() == *name));
    primary.or_else(named).or_else(|| hdus.iter().find(fits))
}

/// Returns how many spectra and bands an image holds: `[pixels]`, or IRAF's `[pixels, apertures, bands]`; `None` for any other image.
fn bands(hdu: &Hdu<'_>) -> Option<(usize, usize)> {
    let (apertures, rows) = (hdu.axis(2).max(1), hdu.rows());
    if rows == 1 {
        return Some((1, 1));
    }
    // Only IRAF's images of several rows are rows of spectra; others are pictures.
    let is_iraf = hdu.header.text("APNUM1").is_some()
        || hdu.header.text("BANDID1").is_some()
        || hdu.header.text("WAT0_001").is_some_and(|text| text.contains("multispec") || text.contains("equispec"));
    let axes = hdu.header.count("NAXIS")?;
    (is_iraf && axes <= 3 && apertures <= 2000 && rows <= 4 * apertures).then_some((apertures, rows / apertures))
}

/// Returns the band that IRAF names sigma.
fn sigma_band(hdu: &Hdu<'_>, apertures: usize, bands: usize, row: usize) -> Option<Vec<f64>> {
    let named = |band: &usize| {
        let name = hdu.header.text(&format!("BANDID{}", band + 1)).unwrap_or_default();
        name.to_lowercase().contains("sigma")
    };
    let band = (1..bands).find(named).or_else(|| (bands == 4).then_some(3))?;
    hdu.image_row(band * apertures + row)
}

/// Returns the standard errors in another image of the same length.
fn errors(hdus: &[Hdu<'_>], flux: &Hdu<'_>, row: usize) -> Option<Vec<f64>> {
    let find = |names: &[&str]| companion(hdus, flux, row, names);
    let root = |values: Vec<f64>| values.into_iter().map(f64::sqrt).collect();
    let inverse_root =
        |values: Vec<f64>| values.into_iter().map(|ivar| if ivar > 0.0 { ivar.sqrt().recip() } else { 0.0 }).collect();
    find(&["ERR", "ERROR", "ERRS", "ERRORS", "SIGMA", "NOISE", "UNCERT", "UNCERTAINTY", "STDDEV", "FLUX_ERR"])
        .or_else(|| find(&["STAT", "VAR", "VARIANCE"]).map(root))
        .or_else(|| find(&["IVAR", "INVVAR"]).map(inverse_root))
}

/// Returns which pixels an image of quality calls bad.
fn quality(hdus: &[Hdu<'_>], flux: &Hdu<'_>, row: usize) -> Vec<bool> {
    let values = companion(hdus, flux, row, &["DQ", "MASK", "QUAL", "QUALITY"]);
    // A quality image of zeros and ones, or of bits; JWST's rule for DQ holds for its tables alone.
    values.map(|values| bad("quality", &values)).unwrap_or_default()
}

fn companion(hdus: &[Hdu<'_>], flux: &Hdu<'_>, row: usize, names: &[&str]) -> Option<Vec<f64>> {
    let fits = |hdu: &&Hdu<'_>| hdu.index != flux.index && hdu.is_image() && hdu.axis(1) == flux.axis(1);
    let named = |name: &&str| hdus.iter().filter(fits).find(|hdu| hdu.name() == **name);
    names.iter().find_map(named)?.image_row(row)
}

/// Returns whether a header is of an image whose first axis is one of wavelengths, of any number of dimensions.
pub(super) fn has_wavelength_axis(header: &Header<'_>) -> bool {
    let axes = header.count("NAXIS").unwrap_or(0).min(9);
    (1..=axes).any(|axis| {
        let kind = header.text(&format!("CTYPE{axis}")).unwrap_or_default().to_uppercase();
        ["WAVE", "AWAV", "LAMBDA", "FREQ", "VELO", "VRAD"].iter().any(|begin| kind.starts_with(begin))
    })
}

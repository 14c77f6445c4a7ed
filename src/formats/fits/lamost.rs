//! LAMOST's low-resolution spectra, in vacuum: a table of one row of arrays (DR9 and later), or an image of five rows, flux and
//! inverse variance first, with the wavelengths in COEFF0 and COEFF1 (before).

use super::assemble::{self, About};
use super::binary_table::Tables;
use super::facts;
use super::hdu::Hdu;
use super::header::Header;
use crate::formats::error::ReadError;
use crate::formats::observation::Observation;
use crate::formats::options::ReadOptions;
use crate::formats::pixels::{Resampler, Samples};
use crate::spectrum::{ObjectFacts, SourceId};

/// Reads a LAMOST file; returns `None` where it is of another layout.
pub(super) fn read<'a, 'b>(
    file: &str,
    hdus: &'b [Hdu<'a>],
    tables: &mut Tables<'a, 'b>,
    _: &ReadOptions<'_>,
) -> Result<Option<Vec<Observation>>, ReadError> {
    let primary = &hdus[0];
    let says = |key: &str| primary.header.text(key).unwrap_or_default().to_uppercase();
    if !says("TELESCOP").contains("LAMOST") && !says("ORIGIN").contains("LAMOST") {
        return Ok(None);
    }
    let damaged =
        || ReadError::damaged(file, primary.index, "its arrays of flux, ivar and wavelength differ in length");
    let arrays = if primary.is_image() && primary.rows() >= 3 {
        let row = |row: usize| primary.image_row(row).ok_or_else(damaged);
        // The third row is the wavelength or, in the first releases, a spectrum without its continuum.
        let keyword = |key: &str| primary.header.number(key);
        let wavelength = match (keyword("COEFF0"), keyword("COEFF1")) {
            (Some(start), Some(step)) => (0..primary.axis(1)).map(|i| 10f64.powf(start + step * i as f64)).collect(),
            _ => row(2)?,
        };
        [row(0)?, row(1)?, wavelength]
    } else {
        if hdus.iter().any(|hdu| hdu.name().starts_with("COADD_")) {
            let what = "it is a medium-resolution spectrum of LAMOST, whose arms are too short for the models: open a low-resolution one";
            return Err(ReadError::not_spectrum(file, what));
        }
        let Some(table) = tables.with(&["FLUX", "IVAR", "WAVELENGTH"])? else { return Ok(None) };
        let array = |name: &str| table.cell_numbers(name, 0).ok_or_else(damaged);
        [array("FLUX")?, array("IVAR")?, array("WAVELENGTH")?]
    };
    let about = about(&primary.header);
    if ["OBJTYPE", "FIBERTYP", "CLASS"].iter().any(|key| says(key) == "SKY") {
        return Err(ReadError::SkyFibre { file: file.to_owned(), id: about.id.to_string() });
    }
    let [flux, ivar, wavelength] = arrays;
    if flux.len() != ivar.len() || flux.len() != wavelength.len() {
        return Err(damaged());
    }
    let mut samples = Samples::default();
    for ((flux, ivar), wavelength) in flux.into_iter().zip(ivar).zip(wavelength) {
        // Pixels without data are padded by zeros.
        if (1.0..1e6).contains(&wavelength) {
            samples.wavelength.push(wavelength);
            samples.flux.push(flux);
            samples.error.push(if ivar > 0.0 && ivar.is_finite() && flux.is_finite() {
                ivar.sqrt().recip()
            } else {
                0.0
            });
        }
    }
    samples.sort_and_merge();
    if samples.len() < assemble::FEWEST {
        return Err(ReadError::not_spectrum(file, "it holds too few wavelengths for a spectrum: fetch it again"));
    }
    let mut notes = Vec::new();
    let spectrum = assemble::spectrum(file, &samples, about, &mut Resampler::default(), &mut notes)?;
    Ok(Some(vec![Observation { spectrum, notes }]))
}

fn about(header: &Header<'_>) -> About {
    let class = header.text("CLASS").unwrap_or_default();
    About {
        id: header.number("OBSID").map_or(SourceId::NONE, |id| SourceId::lamost(id as i64)),
        redshift: facts::redshift(&[*header]),
        class: facts::class(&class),
        facts: ObjectFacts { name: header.first_text(&["DESIG", "OBJNAME"]), ..facts::of_headers(&[*header]) },
    }
}

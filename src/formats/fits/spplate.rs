//! `spPlate` files: all spectra of a plate as rows of images (flux, then IVAR), and a table of what each fibre was plugged to.

use super::assemble::FEWEST;
use super::binary_table::{Table, Tables};
use super::facts;
use super::hdu::Hdu;
use crate::formats::error::ReadError;
use crate::formats::observation::Observation;
use crate::formats::options::ReadOptions;
use crate::formats::several::several;
use crate::spectrum::{Class, ObjectFacts, ObservedSpectrum, SourceId};

/// Reads the wanted rows of a spPlate file that are no sky; returns `None` where the file is of another layout. The redshifts are in other
/// files.
pub(super) fn read<'a, 'b>(
    file: &str,
    hdus: &'b [Hdu<'a>],
    tables: &mut Tables<'a, 'b>,
    options: &ReadOptions<'_>,
) -> Result<Option<Vec<Observation>>, ReadError> {
    let primary = &hdus[0];
    let (pixels, rows) = (primary.axis(1), primary.rows());
    let number = |key: &str| primary.header.number(key);
    let (Some(start), Some(step)) = (number("COEFF0").or(number("CRVAL1")), number("COEFF1").or(number("CD1_1")))
    else {
        return Ok(None);
    };
    let Some(ivar) = hdus.get(1).filter(|hdu| hdu.is_image() && hdu.axis(1) == pixels && hdu.rows() == rows) else {
        return Ok(None);
    };
    let Some(fibres) = tables.with(&["FIBERID", "OBJTYPE"])?.filter(|table| table.rows() == rows) else {
        return Ok(None);
    };
    if !primary.is_image() || pixels < FEWEST {
        return Ok(None);
    }
    if !(start > 0.0 && start < 10.0 && step > 0.0 && step < 0.01) {
        let reason = format!("COEFF0 = {start}, COEFF1 = {step} make no wavelengths");
        return Err(ReadError::damaged(file, primary.index, reason));
    }
    let log_wavelength: Vec<f64> = (0..pixels).map(|i| start + step * i as f64).collect();
    let (mut read, mut sky) = (Vec::new(), None);
    for row in (0..rows).filter(|&row| options.wants(row)) {
        let id = id(primary, fibres, row);
        if ["OBJTYPE", "TARGETTYPE", "SOURCETYPE"].iter().any(|name| is_sky(&fibres.text_at(name, row))) {
            sky = sky.or(Some(id));
            continue;
        }
        let damaged = || ReadError::damaged(file, ivar.index, "its images do not hold a row for each fibre");
        let (flux, ivar) = (primary.image_row(row).ok_or_else(damaged)?, ivar.image_row(row).ok_or_else(damaged)?);
        let error = |&ivar: &f64| if ivar > 0.0 && ivar.is_finite() { ivar.sqrt().recip() as f32 } else { 0.0 };
        let spectrum = ObservedSpectrum {
            id,
            redshift: None,
            class: Class::Unknown,
            object: ObjectFacts { name: Some(format!("fibre {}", fibre(fibres, row))), ..facts::of_row(fibres, row) },
            log_wavelength: log_wavelength.clone(),
            flux: flux.into_iter().map(|value| value as f32).collect(),
            error: ivar.iter().map(error).collect(),
        };
        read.push((row, Ok(spectrum.into())));
    }
    if let (true, Some(sky)) = (read.is_empty(), sky) {
        return Err(ReadError::SkyFibre { file: file.to_owned(), id: sky.to_string() });
    }
    several(file, read, rows).map(Some)
}

fn is_sky(kind: &Option<String>) -> bool {
    kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("SKY") || kind.eq_ignore_ascii_case("NA"))
}

fn fibre(fibres: &Table<'_>, row: usize) -> i64 {
    fibres.number_at("FIBERID", row).map_or(row as i64 + 1, |number| number as i64)
}

/// Returns the identifier of a row: plate, MJD and fibre, or SDSS-V's field, MJD and catalogue id.
fn id(primary: &Hdu<'_>, fibres: &Table<'_>, row: usize) -> SourceId {
    let keyword = |keys: &[&str]| primary.header.first_number(keys).map_or(0, |number| number as i64);
    let mjd = keyword(&["MJD"]);
    let catalog_id = fibres.integers("CATALOGID").and_then(|ids| ids.get(row).copied()).filter(|&id| id > 0);
    match (primary.header.number("PLATEID"), catalog_id) {
        (None, Some(catalog_id)) => SourceId::sdss_v(keyword(&["FIELDID", "CONFID", "CONFIID"]), mjd, catalog_id),
        (plate, _) => SourceId::sdss(plate.unwrap_or(0.0) as i32, mjd as i32, fibre(fibres, row) as i32),
    }
}

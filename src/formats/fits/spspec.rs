//! `spSpec` files of DR7: the spectrum is an image in the primary HDU (row 0 flux, row 2 error), the lines are in tables.

use super::binary_table::{Table, Tables};
use super::facts;
use super::hdu::Hdu;
use super::header::Header;
use crate::formats::error::ReadError;
use crate::formats::observation::Observation;
use crate::formats::options::ReadOptions;
use crate::spectrum::classify::{self, LineFlux, Lines};
use crate::spectrum::lines::H_ALPHA;
use crate::spectrum::{Class, ObjectFacts, ObservedSpectrum, SourceId};

/// Reads a spSpec file; returns `None` where it is of another layout.
pub(super) fn read<'a, 'b>(
    file: &str,
    hdus: &'b [Hdu<'a>],
    _: &mut Tables<'a, 'b>,
    _: &ReadOptions<'_>,
) -> Result<Option<Vec<Observation>>, ReadError> {
    if !recognises(&hdus[0]) {
        return Ok(None);
    }
    Ok(Some(vec![spectrum(file, hdus)?.into()]))
}

/// Returns whether a primary HDU has the keywords and the image of a spSpec file.
fn recognises(primary: &Hdu<'_>) -> bool {
    let has = |key: &str| primary.header.number(key).is_some();
    has("COEFF0") && has("COEFF1") && has("SPEC_CLN") && has("PLATEID") && primary.axis(2) >= 3
}

fn spectrum(file: &str, hdus: &[Hdu<'_>]) -> Result<ObservedSpectrum, ReadError> {
    let primary = &hdus[0];
    let number = |key: &str| primary.header.number(key);
    let id = id_of(&primary.header);
    let kind = number("SPEC_CLN").unwrap_or(0.0) as i32;
    if kind == 5 || primary.header.text("OBJTYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("SKY")) {
        return Err(ReadError::SkyFibre { file: file.to_owned(), id: id.to_string() });
    }
    let row = |i: usize| {
        let row = primary
            .image_row(i)
            .ok_or_else(|| ReadError::damaged(file, primary.index, "its image is not of real numbers"))?;
        Ok(row.into_iter().map(|value| value as f32).collect::<Vec<f32>>())
    };
    let (flux, error) = (row(0)?, row(2)?);
    let (coeff0, coeff1) = (number("COEFF0").unwrap_or(f64::NAN), number("COEFF1").unwrap_or(f64::NAN));
    if !(coeff0.is_finite() && coeff0.abs() < 10.0 && coeff1 > 0.0 && coeff1 < 1.0) {
        return Err(ReadError::damaged(
            file,
            primary.index,
            format!("COEFF0 = {coeff0}, COEFF1 = {coeff1} make no wavelengths"),
        ));
    }
    // Z_STATUS 0: not measured, 1: failed.
    let measured = number("Z_STATUS").is_none_or(|status| status > 1.0);
    let redshift = number("Z").filter(|z| measured && z.is_finite());
    let lines = if matches!(kind, 2 | 7) { lines(file, hdus, redshift.unwrap_or(0.0))? } else { None };
    let class_note = lines.as_ref().and_then(classify::remark);
    Ok(ObservedSpectrum {
        id,
        redshift,
        class: class(kind, lines.as_ref()),
        object: ObjectFacts { name: None, class_note, ..facts::of_headers(&[primary.header]) },
        log_wavelength: (0..flux.len()).map(|i| coeff0 + coeff1 * i as f64).collect(),
        flux,
        error,
    })
}

/// Returns the class by SPEC_CLN: 1 star, 2 galaxy, 3 quasar, 4 quasar at high redshift, 6 late star, 7 emission-line galaxy.
fn class(kind: i32, lines: Option<&Lines>) -> Class {
    match kind {
        1 | 6 => Class::Star,
        3 | 4 => Class::BroadLineAgn,
        2 | 7 => lines.map_or(Class::Unknown, classify::galaxy),
        _ => Class::Unknown,
    }
}

/// Returns the lines measured at the redshift, which are the longer of the file's two line tables.
fn lines(file: &str, hdus: &[Hdu<'_>], redshift: f64) -> Result<Option<Lines>, ReadError> {
    let mut longest: Option<Table<'_>> = None;
    for hdu in hdus {
        if let Some(table) = Table::of(file, hdu)?
            && table.has(&["RESTWAVE", "HEIGHT", "SIGMA", "NSIGMA"])
            && longest.as_ref().is_none_or(|longest| table.rows() > longest.rows())
        {
            longest = Some(table);
        }
    }
    let column = |name: &str| longest.as_ref().and_then(|table| table.numbers(name));
    let (Some(wave), Some(height), Some(sigma), Some(significance)) =
        (column("RESTWAVE"), column("HEIGHT"), column("SIGMA"), column("NSIGMA"))
    else {
        return Ok(None);
    };
    let measured = wave.iter().zip(height).zip(sigma).zip(significance).filter_map(|(((wave, height), sigma), n)| {
        // -9999 stands for a line that was not measured. NSIGMA has no sign: that of the height says absorption.
        let known = sigma > 0.0 && n >= 0.0 && height > -9000.0;
        known.then_some((*wave, LineFlux { flux: height * sigma, significance: n * height.signum() }))
    });
    let width = column("EW").and_then(|width| {
        let at = wave.iter().position(|wave| (wave - H_ALPHA).abs() < 1.0)?;
        width.get(at).map(|width| width / (1.0 + redshift)).filter(|width| width.is_finite())
    });
    Ok(Some(Lines { h_alpha_width: width, ..Lines::pick(measured) }))
}

/// Returns the id that a primary header's keywords give.
fn id_of(header: &Header<'_>) -> SourceId {
    let number = |key: &str| header.number(key).map_or(0, |value| value as i32);
    SourceId::sdss(number("PLATEID"), number("MJD"), number("FIBERID"))
}

//! From a row of a file to an observed spectrum.

use super::batch::Batch;
use super::layout::{COEFFICIENTS, Layout, OBJECT, Role};
use crate::formats::error::ReadError;
use crate::formats::observation::Observation;
use crate::formats::options::ReadOptions;
use crate::formats::pixels::{FluxUnit, Resampler};
use crate::formats::table::{Facts, Pixels, Spread};
use crate::spectrum::{SourceId, Survey};

/// The lowest plate of SDSS, by which its 64-bit identifiers are told from DESI's, which are smaller.
const FIRST_PLATE: u64 = 266;
/// The smallest target id of DESI: 22 bits of object, then brick and release.
const FIRST_TARGET: u64 = 1 << 42;

/// Returns the spectrum of a row of a batch; `None` where it holds none. `name` is that of file and row; `resampler` remembers
/// the file's other rows.
///
/// # Errors
/// Lists of unequal length, and those of [`Pixels::observe`].
pub(super) fn observation(
    name: &str,
    batch: &Batch,
    row: usize,
    layout: &Layout,
    options: &ReadOptions<'_>,
    resampler: &mut Resampler,
) -> Result<Option<Observation>, ReadError> {
    let refused = |reason: String| ReadError::Rows { file: name.to_owned(), reason };
    let Some(flux) = batch.list(Role::Flux, row) else { return Ok(None) };
    let from_coefficients = || {
        let (first, step) = batch.number(COEFFICIENTS[0], row).zip(batch.number(COEFFICIENTS[1], row))?;
        Some((0..flux.len()).map(|pixel| first + step * pixel as f64).collect::<Vec<f64>>())
    };
    let computed;
    let wavelength = match layout.index(Role::Wavelength) {
        Some(_) => batch.list(Role::Wavelength, row),
        None => {
            computed = from_coefficients();
            computed.as_deref()
        }
    };
    let Some(wavelength) = wavelength else { return Ok(None) };
    let kinds =
        [(Role::Ivar, Spread::InverseVariance), (Role::Variance, Spread::Variance), (Role::Error, Spread::Error)];
    let spread = kinds.iter().find_map(|(role, kind)| Some((batch.list(*role, row)?, *kind)));
    let mask = batch.list(Role::Mask, row);
    let others = [("wavelengths", Some(wavelength)), ("errors", spread.map(|(list, _)| list)), ("a mask", mask)];
    for (what, list) in others {
        if let Some(list) = list.filter(|list| list.len() != flux.len()) {
            return Err(refused(format!(
                "its lists differ in length: {} of flux, {} of {what}",
                flux.len(),
                list.len()
            )));
        }
    }
    // Padding has a wavelength of 0, below 0 or none.
    let is_pixel = |&pixel: &usize| wavelength[pixel] > 0.0 && wavelength[pixel].is_finite();
    let kept: Vec<usize> = (0..flux.len()).filter(is_pixel).collect();
    let holds_any = kept.iter().any(|&pixel| flux[pixel].is_finite());
    if !holds_any {
        return Ok(None);
    }
    let set = |pixel: usize| mask.is_some_and(|mask| mask[pixel].is_finite() && mask[pixel] != 0.0);
    let masks_all = kept.iter().all(|&pixel| set(pixel));
    let bad = |pixel: usize| set(pixel) && !masks_all;
    let pixels = Pixels {
        wavelength: kept.iter().map(|&pixel| wavelength[pixel]).collect(),
        flux: kept.iter().map(|&pixel| if bad(pixel) { f64::NAN } else { flux[pixel] }).collect(),
        spread: spread.map_or(Vec::new(), |(list, _)| kept.iter().map(|&pixel| list[pixel]).collect()),
        spread_kind: spread.map(|(_, kind)| kind),
        wavelength_unit: layout.unit,
        flux_unit: FluxUnit::parse(&layout.flux_name, &layout.flux_unit),
        flux_unit_text: layout.flux_unit.clone(),
        said: layout.said.clone(),
        facts: facts(batch, row),
        ..Pixels::default()
    };
    let mut observation = pixels.observe_by(name, options, resampler)?;
    if masks_all && mask.is_some() {
        observation.notes.push("Its mask marks every pixel as bad and was not applied.".to_owned());
    }
    Ok(Some(observation))
}

fn facts(batch: &Batch, row: usize) -> Facts {
    let mut facts = Facts::of(&|keys| batch.text(keys, row).map(str::to_owned));
    if facts.id.is_none()
        && let Some(object) = batch.text(&OBJECT, row)
    {
        match object.parse::<u64>().or_else(|_| object.parse::<i64>().map(|id| id as u64)) {
            Ok(id) => facts.id = of_object(id),
            Err(_) => facts.object.name = facts.object.name.or_else(|| Some(object.to_owned())),
        }
    }
    facts
}

/// Returns the identifier of an `object_id`, which is SDSS's SPECOBJID or DESI's TARGETID where its size says so.
fn of_object(id: u64) -> SourceId {
    if id >> 50 >= FIRST_PLATE
        && let Some(sdss) = SourceId::from_spec_obj_id(id)
    {
        return sdss;
    }
    if id >> 50 < FIRST_PLATE && id >= FIRST_TARGET {
        return SourceId::desi(id as i64);
    }
    SourceId { survey: Survey::Other, parts: [id as i64, 0, 0] }
}

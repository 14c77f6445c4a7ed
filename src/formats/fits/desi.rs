//! DESI's `coadd` and `spectra` files: images of several targets for each arm, B, R and Z, on a linear wavelength grid in vacuum. Where
//! arms or exposures of a target overlap, they are joined by inverse variance. Redshifts are in a table REDSHIFTS, of this file or of the
//! redrock file beside it.

use std::collections::HashMap;

use super::assemble::{self, About};
use super::binary_table::{Table, Tables};
use super::facts;
use super::hdu::{self, Hdu};
use crate::formats::error::ReadError;
use crate::formats::gzip;
use crate::formats::observation::Observation;
use crate::formats::options::ReadOptions;
use crate::formats::pixels::{Resampler, Samples};
use crate::formats::several::several;
use crate::spectrum::{Class, ObjectFacts, SourceId};

/// Wavelengths closer than this, Angstrom, are those of one pixel: the arms share a grid, with rounding.
const SAME: f64 = 1e-3;

/// The images of an arm.
struct Arm<'h, 'a> {
    wavelength: Vec<f64>,
    flux: &'h Hdu<'a>,
    ivar: &'h Hdu<'a>,
    mask: Option<&'h Hdu<'a>>,
}

/// Redrock's result for a target.
#[derive(Clone)]
struct Found {
    redshift: Option<f64>,
    class: Class,
    facts: ObjectFacts,
}

/// Reads the wanted targets of a DESI file; returns `None` where the file is of another layout. Rows count targets, which are the rows of
/// a coadd file; those of sky fibres are left out.
pub(super) fn read<'a, 'b>(
    file: &str,
    hdus: &'b [Hdu<'a>],
    _: &mut Tables<'a, 'b>,
    options: &ReadOptions<'_>,
) -> Result<Option<Vec<Observation>>, ReadError> {
    let arms = arms(hdus);
    if arms.is_empty() {
        return Ok(None);
    }
    let rows = arms[0].flux.rows();
    let damaged = |hdu: &Hdu<'_>, reason: &str| ReadError::damaged(file, hdu.index, reason);
    if let Some(arm) = arms.iter().find(|arm| arm.flux.rows() != rows || arm.ivar.rows() != rows) {
        return Err(damaged(arm.flux, "its arms do not have the same number of rows"));
    }
    let map = hdus.iter().find(|hdu| hdu.name() == "FIBERMAP");
    let map = map.map(|hdu| Table::of(file, hdu)).transpose()?.flatten();
    let ids = map.as_ref().and_then(|map| map.integers("TARGETID")).unwrap_or_else(|| vec![0; rows]);
    if ids.len() != rows {
        return Err(damaged(&hdus[0], "its FIBERMAP does not have a row for each spectrum"));
    }
    let found = match options.redrock {
        Some((name, bytes)) => redshifts(name, &hdu::split(name, &gzip::unpacked(name, bytes)?)?)?,
        None => redshifts(file, hdus)?,
    };
    let targets = targets(&ids);
    let (joint, mut resampler) = (JointGrid::new(&arms), Resampler::default());
    let (mut read, mut sky) = (Vec::new(), Vec::new());
    for (number, rows) in targets.iter().enumerate().filter(|(number, _)| options.wants(*number)) {
        let id = SourceId::desi(ids[rows[0]]);
        if map
            .as_ref()
            .and_then(|map| map.text_at("OBJTYPE", rows[0]))
            .is_some_and(|kind| kind == "SKY" || kind == "BAD")
        {
            sky.push(id);
            continue;
        }
        let samples = joint.join(&arms, rows).ok_or_else(|| damaged(arms[0].flux, "its images are not of numbers"))?;
        let found = found.get(&ids[rows[0]]);
        let facts = map.as_ref().map(|map| facts::of_row(map, rows[0])).unwrap_or_default();
        let from_redrock = found.map(|found| found.facts.clone()).unwrap_or_default();
        let about = About {
            id,
            redshift: found.and_then(|found| found.redshift),
            class: found.map_or(Class::Unknown, |found| found.class),
            facts: ObjectFacts { name: None, position: facts.position, ..from_redrock },
        };
        read.push((number, observation(file, &samples, about, rows.len(), &mut resampler)));
    }
    if let (true, Some(id)) = (read.is_empty(), sky.first()) {
        return Err(ReadError::SkyFibre { file: file.to_owned(), id: id.to_string() });
    }
    let mut observations = several(file, read, targets.len())?;
    if !sky.is_empty() {
        let note = format!("{} of its rows are sky fibres or broken ones and were left out.", sky.len());
        observations.iter_mut().for_each(|observation| observation.notes.push(note.clone()));
    }
    Ok(Some(observations))
}

fn observation(
    file: &str,
    samples: &Samples,
    about: About,
    exposures: usize,
    resampler: &mut Resampler,
) -> Result<Observation, ReadError> {
    if !(0..samples.len()).any(|pixel| samples.is_good(pixel)) {
        let what = format!("no pixel of {} is good: choose another target", about.id);
        return Err(ReadError::not_spectrum(file, what));
    }
    // The layout fixes what these notes say.
    let spectrum = assemble::spectrum(file, samples, about, resampler, &mut Vec::new())?;
    let of = if exposures > 1 { format!(" and its {exposures} exposures") } else { String::new() };
    let notes = vec![format!("DESI's arms{of} were joined by inverse variance and put on even log wavelengths.")];
    Ok(Observation { spectrum, notes })
}

/// Returns the arms: the images X_WAVELENGTH, X_FLUX and X_IVAR of each X, blue ones first. Compressed masks are not read: bad pixels have
/// no inverse variance either.
fn arms<'h, 'a>(hdus: &'h [Hdu<'a>]) -> Vec<Arm<'h, 'a>> {
    let images: HashMap<String, &Hdu<'_>> =
        hdus.iter().filter(|hdu| hdu.is_image()).map(|hdu| (hdu.name(), hdu)).collect();
    let mut names: Vec<&str> = images.keys().filter_map(|name| name.strip_suffix("_WAVELENGTH")).collect();
    names.sort_unstable();
    let arm = |name: &str| {
        let image = |what: &str| images.get(&format!("{name}_{what}")).copied();
        let (wavelength, flux, ivar) = (image("WAVELENGTH")?, image("FLUX")?, image("IVAR")?);
        let pixels = wavelength.axis(1);
        let alike = flux.axis(1) == pixels && ivar.axis(1) == pixels;
        let mask = image("MASK").filter(|mask| mask.axis(1) == pixels && mask.rows() == flux.rows());
        alike.then_some(Arm { wavelength: wavelength.image_row(0)?, flux, ivar, mask })
    };
    names.into_iter().filter_map(arm).collect()
}

/// Returns the rows of each target, in the order in which targets first occur. Rows without an id are targets of their own.
fn targets(ids: &[i64]) -> Vec<Vec<usize>> {
    let mut targets: Vec<Vec<usize>> = Vec::new();
    let mut seen: HashMap<i64, usize> = HashMap::new();
    for (row, &id) in ids.iter().enumerate() {
        match seen.get(&id) {
            Some(&target) if id != 0 => targets[target].push(row),
            _ => {
                seen.insert(id, targets.len());
                targets.push(vec![row]);
            }
        }
    }
    targets
}

/// The wavelengths of all arms together.
struct JointGrid {
    /// Increasing, Angstrom.
    wavelength: Vec<f64>,
    /// For each pixel of each arm, the index of its wavelength; `None` where that is no wavelength.
    indices: Vec<Vec<Option<usize>>>,
}

impl JointGrid {
    fn new(arms: &[Arm<'_, '_>]) -> Self {
        let rounded = |wavelength: &f64| {
            let wavelength = (wavelength / SAME).round() * SAME;
            (1.0..1e6).contains(&wavelength).then_some(wavelength)
        };
        let mut wavelength: Vec<f64> = arms.iter().flat_map(|arm| arm.wavelength.iter().filter_map(rounded)).collect();
        wavelength.sort_unstable_by(f64::total_cmp);
        wavelength.dedup();
        let index = |arm: &Arm<'_, '_>| {
            let index = |at: f64| wavelength.binary_search_by(|other| other.total_cmp(&at)).ok();
            arm.wavelength.iter().map(|at| rounded(at).and_then(index)).collect()
        };
        let indices = arms.iter().map(index).collect();
        Self { wavelength, indices }
    }

    /// Returns the means, weighted by inverse variance, of all arms of some rows; `None` where an image holds no numbers or there are too
    /// few pixels.
    fn join(&self, arms: &[Arm<'_, '_>], rows: &[usize]) -> Option<Samples> {
        let count = self.wavelength.len();
        let (mut weighted, mut weight) = (vec![0.0; count], vec![0.0; count]);
        for ((arm, indices), &row) in
            arms.iter().zip(&self.indices).flat_map(|arm| rows.iter().map(move |row| (arm, row)))
        {
            let (flux, ivar) = (arm.flux.image_row(row)?, arm.ivar.image_row(row)?);
            let mask = arm.mask.and_then(|mask| mask.image_row(row));
            for (pixel, (flux, ivar)) in flux.into_iter().zip(ivar).enumerate() {
                let Some(index) = indices[pixel] else { continue };
                let masked = mask.as_ref().is_some_and(|mask| mask[pixel] != 0.0);
                if !masked && ivar > 0.0 && ivar.is_finite() && flux.is_finite() {
                    weighted[index] += ivar * flux;
                    weight[index] += ivar;
                }
            }
        }
        // Where nothing is good 0 / 0 is no number, as a bad pixel's flux has to be.
        let flux = weighted.iter().zip(&weight).map(|(weighted, weight)| weighted / weight).collect();
        let error = weight.iter().map(|&weight: &f64| if weight > 0.0 { weight.sqrt().recip() } else { 0.0 }).collect();
        (count >= assemble::FEWEST).then(|| Samples { wavelength: self.wavelength.clone(), flux, error })
    }
}

/// Returns what the table REDSHIFTS (or ZBEST, before 2022) of a file says, by target.
fn redshifts(file: &str, hdus: &[Hdu<'_>]) -> Result<HashMap<i64, Found>, ReadError> {
    let table = hdus.iter().find(|hdu| matches!(hdu.name().as_str(), "REDSHIFTS" | "ZBEST"));
    let table = table.map(|hdu| Table::of(file, hdu)).transpose()?.flatten();
    let Some((table, ids)) = table.as_ref().and_then(|table| Some((table, table.integers("TARGETID")?))) else {
        return Ok(HashMap::new());
    };
    let row = |(row, id): (usize, i64)| {
        let facts = facts::of_row(table, row);
        let class = table.text_at("SPECTYPE", row).unwrap_or_default();
        let redshift = table.number_at("Z", row).filter(|redshift| redshift.is_finite() && *redshift > -1.0);
        (id, Found { redshift, class: facts::class(&class), facts })
    };
    Ok(ids.into_iter().enumerate().map(row).collect())
}

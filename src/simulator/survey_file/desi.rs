//! Simulated spectra in the layout of DESI's coadds, and of the redshifts by redrock beside them: three arms of even steps of 0.8
//! Angstrom, many targets a file.

use super::provenance;
use crate::formats::fits::write::{self, BinaryTable, Cells, Column, Extension, Image};
use crate::simulator::random::{Purpose, Rng};
use crate::simulator::simulated::{REDSHIFT_ERROR, SimulatedSpectrum};
use crate::spectrum::Class;

/// Names of the arms and their first and last wavelengths, vacuum Angstrom.
const ARMS: [(&[&str; 3], f64, f64); 3] = [
    (&["B_WAVELENGTH", "B_FLUX", "B_IVAR"], 3600.0, 5800.0),
    (&["R_WAVELENGTH", "R_FLUX", "R_IVAR"], 5760.0, 7620.0),
    (&["Z_WAVELENGTH", "Z_FLUX", "Z_IVAR"], 7520.0, 9824.0),
];
/// Width of a pixel, Angstrom.
const STEP: f64 = 0.8;
/// Changes the seed, so that the noise is not that of the same draw in another layout.
const NOISE: u64 = 0x0de5_1000;

/// The two files of some targets.
pub struct Files {
    /// The coadd.
    pub coadd: Vec<u8>,
    /// The redshifts.
    pub redrock: Vec<u8>,
}

/// A simulated target.
pub struct Target<'a> {
    /// The spectrum.
    pub simulated: &'a SimulatedSpectrum,
    /// Its number among all that are simulated, from 0.
    pub index: usize,
}

/// Returns the target id of spectrum `index`: with the bits of brick and release empty, as no real target's are.
pub fn target_id(index: usize) -> i64 {
    index as i64 + 1
}

/// Returns the names of both files, of the coadd and of its redshifts, for a number that stands for the healpix.
pub fn names(healpix: usize) -> [String; 2] {
    ["coadd", "redrock"].map(|what| format!("{what}-simulated-bright-{healpix}.fits"))
}

/// Returns the files of some targets. The noiseless spectrum is put on DESI's wavelengths and gets noise of its own there, of the
/// signal-to-noise a unit of wavelength of the simulated telescope; the noise follows from `seed` and the target's index.
pub fn to_fits(targets: &[Target<'_>], seed: u64) -> Files {
    let mut noise: Vec<Rng> =
        targets.iter().map(|target| Rng::new(seed ^ NOISE, target.index as u64, Purpose::Noise)).collect();
    let mut extensions = vec![Extension::Table(fibermap(targets))];
    for ([wavelengths, fluxes, ivars], first, last) in ARMS {
        let grid: Vec<f64> = (0..=((last - first) / STEP).round() as usize).map(|i| first + STEP * i as f64).collect();
        let (mut flux, mut ivar) = (Vec::new(), Vec::new());
        for (target, noise) in targets.iter().zip(&mut noise) {
            for &wavelength in &grid {
                let (signal, error) = at(target.simulated, wavelength).unwrap_or((0.0, 0.0));
                flux.push(if error > 0.0 { signal + error * f64::from(noise.normal()) } else { 0.0 });
                ivar.push(if error > 0.0 { error.powi(-2) } else { 0.0 });
            }
        }
        let pixels = grid.len();
        let image = |name: &'static str, axes: Vec<usize>, pixels: Vec<f64>| {
            Extension::Image(Image { name, cards: Vec::new(), axes, pixels })
        };
        extensions.push(image(wavelengths, vec![pixels], grid));
        extensions.push(image(fluxes, vec![pixels, targets.len()], flux));
        extensions.push(image(ivars, vec![pixels, targets.len()], ivar));
    }
    let primary = Image { name: "", cards: provenance("SIMULATED"), axes: Vec::new(), pixels: Vec::new() };
    Files {
        coadd: write::file_with_images(&primary, &extensions),
        redrock: write::file(&provenance("SIMULATED"), &[redshifts(targets)]),
    }
}

/// Returns noiseless flux and error a pixel at a wavelength; `None` outside the simulated range.
fn at(simulated: &SimulatedSpectrum, wavelength: f64) -> Option<(f64, f64)> {
    let logs = &simulated.observed.log_wavelength;
    let [first, .., last] = logs[..] else { return None };
    let step = (last - first) / (logs.len() - 1) as f64;
    let place = (wavelength.log10() - first) / step;
    if place < 0.0 || place >= (logs.len() - 1) as f64 {
        return None;
    }
    let (pixel, share) = (place as usize, place.fract());
    let flux = |pixel: usize| f64::from(simulated.noiseless[pixel]);
    let width = wavelength * std::f64::consts::LN_10 * step;
    let error = f64::from(simulated.observed.error[place.round() as usize]) * (width / STEP).sqrt();
    Some(((1.0 - share) * flux(pixel) + share * flux(pixel + 1), error))
}

fn ids(targets: &[Target<'_>]) -> Column {
    Column::new("TARGETID", "", Cells::Long(targets.iter().map(|target| target_id(target.index)).collect()))
}

/// Returns the table of the targets, with positions where all have one.
fn fibermap(targets: &[Target<'_>]) -> BinaryTable {
    let mut columns =
        vec![ids(targets), Column::new("OBJTYPE", "", Cells::Text(vec!["TGT".to_owned(); targets.len()]))];
    let positions = targets.iter().map(|target| target.simulated.observed.object.position);
    if let Some(positions) = positions.collect::<Option<Vec<_>>>() {
        let (ra, dec) = positions.into_iter().map(|position| (position.ra, position.dec)).unzip();
        columns.push(Column::new("TARGET_RA", "deg", Cells::Double(ra)));
        columns.push(Column::new("TARGET_DEC", "deg", Cells::Double(dec)));
    }
    BinaryTable { name: "FIBERMAP", columns }
}

fn redshifts(targets: &[Target<'_>]) -> BinaryTable {
    let count = targets.len();
    let redshift = |target: &Target<'_>| target.simulated.observed.redshift.unwrap_or(f64::NAN);
    let class = |target: &Target<'_>| match target.simulated.class {
        Class::Star => "STAR",
        Class::BroadLineAgn => "QSO",
        Class::NarrowLineAgn | Class::EmissionLine | Class::Quiescent | Class::Unknown => "GALAXY",
    };
    let columns = vec![
        ids(targets),
        Column::new("Z", "", Cells::Double(targets.iter().map(redshift).collect())),
        Column::new("ZERR", "", Cells::Double(vec![REDSHIFT_ERROR; count])),
        Column::new("ZWARN", "", Cells::Long(vec![0; count])),
        Column::new("SPECTYPE", "", Cells::Text(targets.iter().map(|target| class(target).to_owned()).collect())),
    ];
    BinaryTable { name: "REDSHIFTS", columns }
}

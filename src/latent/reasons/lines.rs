//! Emission lines that are too strong or too broad.

use super::evidence::{Evidence, Reason, ReasonKind};
use crate::numerics::statistics::upper_median;
use crate::spectrum::constants::LIGHT_SPEED;
use crate::spectrum::grid;
use crate::spectrum::lines::{H_ALPHA, H_BETA};

/// A line or blend.
struct Blend {
    label: &'static str,
    /// Range of the line, rest-frame vacuum Angstrom.
    line: (f64, f64),
    /// Ranges of continuum on either side, rest-frame vacuum Angstrom.
    sides: [(f64, f64); 2],
    /// Equivalent width that hardly any galaxy reaches, Angstrom.
    extreme: f64,
}

const BLENDS: [Blend; 4] = [
    Blend { label: "[O II]", line: (3712.0, 3745.0), sides: [(3650.0, 3700.0), (3750.0, 3780.0)], extreme: 120.0 },
    Blend { label: "Hβ", line: (4845.0, 4880.0), sides: [(4800.0, 4835.0), (4890.0, 4930.0)], extreme: 60.0 },
    Blend { label: "[O III]", line: (4992.0, 5025.0), sides: [(4895.0, 4940.0), (5035.0, 5080.0)], extreme: 200.0 },
    Blend {
        label: "Hα + [N II]", line: (6535.0, 6600.0), sides: [(6430.0, 6510.0), (6625.0, 6690.0)], extreme: 300.0
    },
];

/// Ratio to the reconstruction's equivalent width above which a line is too strong.
const RATIO: f64 = 1.6;
/// Smallest equivalent width, and smallest excess over the reconstruction, that counts, Angstrom.
const LEAST: f64 = 10.0;
/// Significance that an excess must reach, in standard errors.
const SIGNIFICANT: f64 = 6.0;
/// Equivalent width of the emission on each side of a Balmer line above which the line is called broad, Angstrom.
const BROAD: f64 = 3.0;
/// Significance that the weaker side must reach, in standard errors.
const BROAD_SIGNIFICANT: f64 = 3.0;

/// Returns a reason where a line is far stronger than in the reconstruction, or than in nearly all galaxies; it names the strongest.
pub fn are_strong(evidence: &Evidence<'_>) -> Option<Reason> {
    let one = |blend: &Blend| {
        let level = continuum(evidence, &blend.sides)?;
        let seen = width(evidence, evidence.flux, blend.line, &level)?;
        let expected = width(
            evidence,
            evidence.reconstruction,
            blend.line,
            &continuum_of(evidence, evidence.reconstruction, &blend.sides)?,
        )?;
        let ratio = seen.value / expected.value.max(5.0);
        let excess = seen.value - expected.value;
        let beyond_model = excess > LEAST && excess > SIGNIFICANT * seen.error;
        let surprise = if beyond_model { ratio / RATIO } else { 0.0 };
        let strength = surprise.max(seen.value / blend.extreme);
        (strength >= 1.0 && seen.value > LEAST).then(|| Reason {
            kind: ReasonKind::StrongLines,
            strength,
            text: format!(
                "unusually strong {} emission: equivalent width {:.0} Å, {ratio:.1} times the reconstruction's",
                blend.label, seen.value
            ),
        })
    };
    BLENDS.iter().filter_map(one).max_by(|a, b| a.strength.total_cmp(&b.strength))
}

/// Returns a reason where H-alpha, or H-beta where H-alpha is not observed, has wings on both sides beyond the reach of the narrow and
/// forbidden lines near by.
pub fn are_broad(evidence: &Evidence<'_>) -> Option<Reason> {
    let lines = [
        ("Hα", H_ALPHA, [(6460.0, 6532.0), (6606.0, 6665.0)], [(6340.0, 6390.0), (6780.0, 6860.0)]),
        ("Hβ", H_BETA, [(4785.0, 4843.0), (4884.0, 4930.0)], [(4680.0, 4735.0), (5045.0, 5095.0)]),
    ];
    for (label, line, wings, sides) in lines {
        let Some(level) = continuum(evidence, &sides) else { continue };
        let measured = wings.map(|wing| width(evidence, evidence.flux, wing, &level));
        let [Some(blue), Some(red)] = measured else { continue };
        let weaker = [blue, red].into_iter().map(|wing| wing.value / wing.error).fold(f64::INFINITY, f64::min);
        let strength = (blue.value.min(red.value) / BROAD).min(weaker / BROAD_SIGNIFICANT);
        let edge = LIGHT_SPEED * (1.0 - wings[0].1 / line);
        return (strength >= 1.0).then(|| Reason {
            kind: ReasonKind::BroadLines,
            strength,
            text: format!(
                "broad {label} emission: equivalent width {:.0} Å beyond {edge:.0} km/s",
                blue.value + red.value
            ),
        });
    }
    None
}

/// An equivalent width and its standard error, Angstrom, positive in emission.
#[derive(Clone, Copy)]
pub(super) struct Width {
    pub(super) value: f64,
    pub(super) error: f64,
}

/// The continuum: a straight line through the medians of two ranges, each at (wavelength, flux).
pub(super) struct Level {
    at: [(f64, f64); 2],
}

impl Level {
    /// Returns the continuum at a wavelength.
    pub(super) fn at(&self, wavelength: f64) -> f64 {
        let [(x0, y0), (x1, y1)] = self.at;
        y0 + (y1 - y0) * (wavelength - x0) / (x1 - x0)
    }
}

/// Returns the continuum of a spectrum between two ranges; `None` where too few pixels are left.
pub(super) fn continuum(evidence: &Evidence<'_>, sides: &[(f64, f64); 2]) -> Option<Level> {
    continuum_of(evidence, evidence.flux, sides)
}

fn continuum_of(evidence: &Evidence<'_>, flux: &[f32], sides: &[(f64, f64); 2]) -> Option<Level> {
    let side = |&(from, to): &(f64, f64)| {
        let mut good: Vec<f64> = good_pixels(evidence, from, to)?.iter().map(|&i| f64::from(flux[i])).collect();
        Some(((from + to) / 2.0, upper_median(&mut good)?)).filter(|(_, level)| *level > 0.02)
    };
    Some(Level { at: [side(&sides[0])?, side(&sides[1])?] })
}

/// Returns the equivalent width of `flux` in a range; `None` where too few pixels are left.
pub(super) fn width(evidence: &Evidence<'_>, flux: &[f32], (from, to): (f64, f64), level: &Level) -> Option<Width> {
    let (mut value, mut variance) = (0.0, 0.0);
    let good = good_pixels(evidence, from, to)?;
    // Masked pixels count as the mean of the unmasked ones.
    let scale = (grid::pixel(to) - grid::pixel(from)) / good.len() as f64;
    for i in good {
        let wavelength = grid::wavelength(i as f64);
        let (level, step) = (level.at(wavelength), wavelength * grid::COEFF1 * std::f64::consts::LN_10);
        value += scale * step * (f64::from(flux[i]) / level - 1.0);
        variance += (scale * step / level).powi(2) / f64::from(evidence.ivar[i]);
    }
    // The continuum's own error, common to all pixels, adds a half; calibration adds one per cent.
    let error = variance.sqrt() * 1.5 + 0.01 * (to - from);
    Some(Width { value, error })
}

/// Returns the unmasked pixels between two wavelengths; `None` where they are fewer than half.
fn good_pixels(evidence: &Evidence<'_>, from: f64, to: f64) -> Option<Vec<usize>> {
    let (first, last) = (grid::pixel(from).ceil() as usize, grid::pixel(to) as usize);
    let good: Vec<usize> = (first..=last).filter(|&i| evidence.ivar.get(i).is_some_and(|&ivar| ivar > 0.0)).collect();
    (2 * good.len() >= last + 1 - first).then_some(good)
}

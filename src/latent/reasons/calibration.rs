//! A break in flux calibration where the spectrograph's arms meet, near observed 6000 Angstrom.

use super::evidence::{Evidence, Reason, ReasonKind};
use crate::numerics::statistics::upper_median;
use crate::spectrum::{PIXELS, grid};

/// Observed wavelengths between which the arms meet, Angstrom.
const JOINT: (f64, f64) = (5800.0, 6200.0);
/// Pixels on either side that are compared.
const REACH: usize = 50;
/// Pixels next to the break that are left out: infill and rebinning blur it.
const BLUR: usize = 2;
/// Steps of the ratio that are still ordinary.
const SMALL_STEP: f64 = 0.06;
/// Times the scatter of steps elsewhere in the same spectrum that a step must reach.
const SIGNIFICANT: f64 = 5.0;
/// Step against the first reconstruction from which on it is measured without the break, since it may hide most of it.
const WORTH_A_LOOK: f64 = 0.04;
/// Reconstructions of the mended spectrum, at most.
const ROUNDS: usize = 8;
/// Change of the step that is no longer worth another.
const SETTLED: f64 = 0.003;

/// The largest step within [`JOINT`].
#[derive(Clone, Copy)]
struct Break {
    /// First pixel of the red side.
    at: usize,
    /// Logarithm of the red side over the blue.
    step: f64,
    /// Scatter of steps elsewhere in the spectrum, as a standard deviation.
    scatter: f64,
}

/// Returns a reason where the flux steps up or down within [`JOINT`] against what the model makes of the spectrum without that step, and
/// more than it does elsewhere. A model has learned to follow breaks, so that against the reconstruction of the broken spectrum a break
/// looks up to three times smaller than it is.
pub fn is_broken(evidence: &Evidence<'_>) -> Option<Reason> {
    let mut found = largest_step(evidence, evidence.reconstruction)?;
    if let Some(reconstruct) = evidence.reconstruct.filter(|_| found.step.abs() > WORTH_A_LOOK) {
        for _ in 0..ROUNDS {
            let before = found.step;
            found = largest_step(evidence, &reconstruct(&mended(evidence.flux, found)))?;
            if (found.step - before).abs() < SETTLED {
                break;
            }
        }
    }
    let Break { at, step, scatter } = found;
    let strength = (step.abs() / SMALL_STEP).min(step.abs() / (SIGNIFICANT * scatter));
    (strength >= 1.0).then(|| Reason {
        kind: ReasonKind::CalibrationBreak,
        strength,
        text: format!(
            "red/blue calibration break: the red side is {:.0} % {} than the blue at observed {:.0} Å",
            100.0 * (step.exp() - 1.0).abs(),
            if step > 0.0 { "brighter" } else { "fainter" },
            grid::wavelength(at as f64) * (1.0 + evidence.redshift)
        ),
    })
}

/// Returns the flux with its red side scaled so that a break is gone, and the norm as before.
fn mended(flux: &[f32], Break { at, step, .. }: Break) -> Vec<f32> {
    let square = |values: &[f32]| values.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>();
    let factor = (-step).exp() as f32;
    let mut mended: Vec<f32> = flux.to_vec();
    mended[at..].iter_mut().for_each(|value| *value *= factor);
    let norm = (square(flux) / square(&mended)).sqrt() as f32;
    mended.iter_mut().for_each(|value| *value *= norm);
    mended
}

/// Returns the largest step of the ratio of flux to an `expected` flux `[1000]` where the arms meet.
fn largest_step(evidence: &Evidence<'_>, expected: &[f32]) -> Option<Break> {
    let ratio: Vec<Option<f64>> = (0..PIXELS)
        .map(|i| {
            let (flux, model) = (f64::from(evidence.flux[i]), f64::from(*expected.get(i)?));
            (evidence.ivar[i] > 0.0 && model > 0.1).then_some(flux / model).filter(|ratio| ratio.is_finite())
        })
        .collect();
    let shift = (1.0 + evidence.redshift).log10();
    let pixel = |observed: f64| (observed.log10() - shift - grid::COEFF0) / grid::COEFF1;
    let (from, to) = (pixel(JOINT.0), pixel(JOINT.1));
    let (mut here, mut elsewhere) = (Vec::new(), Vec::new());
    for at in (REACH..PIXELS - REACH).step_by(2) {
        let Some(step) = step_at(&ratio, at) else { continue };
        if (from..to).contains(&(at as f64)) {
            here.push((at, step));
        } else if at as f64 + (REACH as f64) < from || at as f64 > to + REACH as f64 {
            elsewhere.push(step.abs());
        }
    }
    let &(largest, step) = here.iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))?;
    // Medians hardly change while the break lies within a quarter of a stretch: it is in the middle of where they do not.
    let alike =
        |&&(at, other): &&(usize, f64)| at.abs_diff(largest) < REACH && other * step.signum() > 0.98 * step.abs();
    let (sum, count) = here.iter().filter(alike).fold((0, 0), |(sum, count), &(at, _)| (sum + at, count + 1));
    let at = sum / count.max(1);
    // The median of absolute values is 0.67 standard deviations.
    let scatter = upper_median(&mut elsewhere).unwrap_or(f64::NAN) / 0.6745;
    Some(Break { at, step, scatter })
}

/// Returns the step in the logarithm of the ratio at pixel `at`, between a stretch blueward and one redward that are fitted by lines of
/// a common slope. Medians of quarters represent the pixels, so that a few emission lines do no harm.
fn step_at(ratio: &[Option<f64>], at: usize) -> Option<f64> {
    let side = |from: usize, to: usize| -> Option<(f64, f64)> {
        let half = (to - from) / 2;
        let part = |from: usize, to: usize| {
            let mut good: Vec<f64> = ratio[from..to].iter().flatten().copied().collect();
            let enough = 2 * good.len() >= to - from;
            upper_median(&mut good).filter(|&median| enough && median > 0.0).map(f64::ln)
        };
        Some((part(from, from + half)?, part(from + half, to)?))
    };
    let (far_blue, near_blue) = side(at - REACH, at - BLUR)?;
    let (near_red, far_red) = side(at + BLUR, at + REACH)?;
    // Four points at -3, -1, 1, 3 (halves of a stretch): the common slope is the mean of (near - far) of both sides over 2; the
    // difference of the sides' means beyond slope times 4 is the break.
    let slope = ((near_blue - far_blue) + (far_red - near_red)) / 4.0;
    Some((near_red + far_red - near_blue - far_blue) / 2.0 - 4.0 * slope)
}

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

/// Returns a reason where the ratio of flux to reconstruction steps up or down within [`JOINT`], and more than it does elsewhere.
pub fn is_broken(evidence: &Evidence<'_>) -> Option<Reason> {
    let ratio: Vec<Option<f64>> = (0..PIXELS)
        .map(|i| {
            let (flux, model) = (f64::from(evidence.flux[i]), f64::from(evidence.reconstruction[i]));
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
    let &(at, step) = here.iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))?;
    // The median of absolute values is 0.67 standard deviations.
    let scatter = upper_median(&mut elsewhere).unwrap_or(f64::NAN) / 0.6745;
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

//! A star of our own Galaxy among the galaxies.

use nalgebra::{Matrix3, Vector3};

use super::evidence::{Evidence, Reason, ReasonKind, weight};
use crate::spectrum::{PIXELS, grid};

/// Redshift below which hardly anything outside our own Galaxy lies: 450 km/s.
const STAR_REDSHIFT: f64 = 0.0015;
/// Factor by which a star must fit better than the reconstruction.
const BETTER: f64 = 1.5;
/// Mean square residual over variance up to which a star counts as fitting.
const FITS: f64 = 12.0;
/// Fewest pixels for a comparison.
const ENOUGH: usize = 300;
/// Pixels by which a star may be shifted: 540 km/s.
const SHIFTS: [f64; 5] = [-2.0, -1.0, 0.0, 1.0, 2.0];

/// Returns a reason where the redshift is that of a star, or a star at observed wavelengths fits better than the reconstruction at
/// rest-frame wavelengths. Each is multiplied by a parabola of its own, so that neither reddening nor calibration decides.
pub fn looks_like_one(evidence: &Evidence<'_>) -> Option<Reason> {
    let offset = (1.0 + evidence.redshift).log10() / grid::COEFF1;
    let best = evidence
        .stars
        .iter()
        .filter(|star| star.flux.len() == PIXELS)
        .flat_map(|star| SHIFTS.iter().map(move |shift| (star, offset + shift)))
        .filter_map(|(star, offset)| Some((star, compare(evidence, &star.flux, offset)?)))
        .min_by(|a, b| a.1.star.total_cmp(&b.1.star));
    if evidence.redshift.abs() < STAR_REDSHIFT {
        let like =
            best.filter(|(_, fit)| fit.star < FITS).map_or(String::new(), |(star, _)| format!(", like {}", star.name));
        let text = format!("looks like a star{like}: its redshift {:.4} is that of our own Galaxy", evidence.redshift);
        return Some(Reason { kind: ReasonKind::Star, strength: 5.0, text });
    }
    let (star, fit) = best?;
    let better = fit.model / fit.star;
    (better > BETTER && fit.star < FITS).then(|| Reason {
        kind: ReasonKind::Star,
        strength: better / BETTER,
        text: format!(
            "looks like a star: {} at redshift 0 fits {better:.1} times better than the reconstruction does",
            star.name
        ),
    })
}

/// The mean square residuals over variance of two fits.
struct Fit {
    star: f64,
    model: f64,
}

/// Fits a star `[1000]`, whose pixel i + `offset` is the spectrum's pixel i, and the reconstruction to the same pixels; `None` where
/// too few are left.
fn compare(evidence: &Evidence<'_>, star: &[f32], offset: f64) -> Option<Fit> {
    let pixels: Vec<usize> = (0..PIXELS)
        .filter(|&i| evidence.ivar[i] > 0.0 && (0.0..(PIXELS - 1) as f64).contains(&(i as f64 + offset)))
        .collect();
    if pixels.len() < ENOUGH {
        return None;
    }
    let at_star = |i: usize| {
        let position = i as f64 + offset;
        let (left, part) = (position as usize, position.fract());
        f64::from(star[left]) * (1.0 - part) + f64::from(star[left + 1]) * part
    };
    let star = residual(evidence, &pixels, at_star)?;
    let model = residual(evidence, &pixels, |i| f64::from(evidence.reconstruction[i]))?;
    Some(Fit { star, model })
}

/// Returns the mean square residual over variance after the best parabola times `shape` is subtracted; `None` where the fit is singular.
fn residual(evidence: &Evidence<'_>, pixels: &[usize], shape: impl Fn(usize) -> f64) -> Option<f64> {
    let (mut matrix, mut right, mut square) = (Matrix3::zeros(), Vector3::zeros(), 0.0);
    for &i in pixels {
        let x = 2.0 * i as f64 / PIXELS as f64 - 1.0;
        let (flux, weight) = (f64::from(evidence.flux[i]), weight(evidence.ivar[i], 20.0));
        let row = Vector3::new(1.0, x, x * x) * shape(i);
        matrix += weight * row * row.transpose();
        right += weight * flux * row;
        square += weight * flux * flux;
    }
    let solution = matrix.cholesky()?.solve(&right);
    let left = square - solution.dot(&right);
    (left.is_finite()).then(|| left.max(0.0) / pixels.len() as f64)
}

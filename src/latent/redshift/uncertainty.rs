//! The standard error of a redshift by trial, from the curve of chi-squared around its minimum.
//!
//! The curve alone states too small an error in two cases, measured on simulated spectra with VAE-6. Narrow lines fix the redshift of the
//! gas to a few km/s, but gas moves against the stars. And in noise beyond that of its training the encoder's answer scatters, which the
//! curve of a single spectrum does not show.

use crate::spectrum::constants::LIGHT_SPEED;

/// Half width, km/s, of the part of the curve to which a parabola is fitted: farther out the curve of a narrow line is no parabola.
const WINDOW: f64 = 200.0;
/// Velocity of gas against stars, km/s, which a redshift from lines differs by: the dispersion that the simulator gives it.
const GAS: f64 = 20.0;
/// Signal-to-noise, median per pixel, at which the scatter of the encoder doubles the variance of the curve.
const NOISY: f64 = 2.0;
/// Smallest number of trials that a parabola is fitted to.
const LEAST_TRIALS: usize = 5;

/// A redshift and its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Minimum {
    pub(super) redshift: f64,
    /// Infinite where the trials do not enclose a minimum.
    pub(super) error: f64,
}

/// Fits a parabola to trials, each a redshift and a chi-squared, around the `best` redshift. The curve's error is where chi-squared has
/// risen by `scale`: 1 where the model fits to the noise, its chi-squared per pixel where it does not. It is widened to
/// sqrt(curve^2 (1 + (2 / snr)^2) + (20 km/s)^2), where `snr` is the spectrum's median signal-to-noise per pixel.
pub(super) fn minimum(trials: impl Iterator<Item = (f64, f64)>, best: f64, scale: f64, snr: f64) -> Minimum {
    let unknown = Minimum { redshift: best, error: f64::INFINITY };
    let velocity = |redshift: f64| LIGHT_SPEED * ((1.0 + redshift) / (1.0 + best)).ln();
    let near: Vec<(f64, f64)> = trials
        .map(|(redshift, chi2)| (velocity(redshift) / WINDOW, chi2))
        .filter(|(x, chi2)| x.abs() <= 1.0 && chi2.is_finite())
        .collect();
    let enclosed = near.iter().any(|(x, _)| *x < 0.0) && near.iter().any(|(x, _)| *x > 0.0);
    let Some((slope, bend)) = parabola(&near).filter(|(_, bend)| enclosed && *bend > 0.0) else { return unknown };
    let shift = (-slope / (2.0 * bend)).clamp(-0.5, 0.5);
    let redshift = (1.0 + best) * (shift * WINDOW / LIGHT_SPEED).exp() - 1.0;
    let curve = WINDOW * (scale / bend).sqrt();
    let error = (curve * 1f64.hypot(NOISY / snr.max(0.1))).hypot(GAS);
    Minimum { redshift, error: error / LIGHT_SPEED * (1.0 + redshift) }
}

/// Returns slope and bend of a parabola fitted by least squares.
fn parabola(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    if points.len() < LEAST_TRIALS {
        return None;
    }
    let mut matrix = nalgebra::Matrix3::<f64>::zeros();
    let mut right = nalgebra::Vector3::<f64>::zeros();
    let least = points.iter().map(|(_, y)| *y).fold(f64::INFINITY, f64::min);
    for (x, y) in points {
        let powers = nalgebra::Vector3::new(1.0, *x, x * x);
        matrix += powers * powers.transpose();
        right += powers * (y - least);
    }
    let solution = matrix.lu().solve(&right)?;
    Some((solution[1], solution[2]))
}

//! A smooth continuum of an observed spectrum.

use nalgebra::{DMatrix, DVector};

use crate::spectrum::ObservedSpectrum;

/// A polynomial in log wavelength, fitted to an observed spectrum.
#[derive(Debug, Clone)]
pub(super) struct Continuum {
    /// log10 wavelength at the middle of the range, and half of the range.
    middle: f64,
    half: f64,
    coefficients: Vec<f64>,
}

impl Continuum {
    /// Fits the polynomial by least squares to good pixels, weighted by inverse variance; it is 0 where there are too few.
    pub(super) fn fit(observed: &ObservedSpectrum, degree: usize) -> Self {
        let (first, last) = match observed.log_wavelength[..] {
            [first, .., last] if last > first => (first, last),
            _ => (0.0, 1.0),
        };
        let mut fit = Self { middle: (first + last) / 2.0, half: (last - first) / 2.0, coefficients: Vec::new() };
        let terms = degree + 1;
        let mut matrix = DMatrix::<f64>::zeros(terms, terms);
        let mut right = DVector::<f64>::zeros(terms);
        for ((&log_wavelength, &flux), &error) in
            observed.log_wavelength.iter().zip(&observed.flux).zip(&observed.error)
        {
            let (flux, weight) = (f64::from(flux), f64::from(error).powi(-2));
            if !(error > 0.0 && weight.is_normal() && flux.is_finite()) {
                continue;
            }
            let powers = fit.powers(log_wavelength, terms);
            for i in 0..terms {
                right[i] += weight * powers[i] * flux;
                for j in 0..terms {
                    matrix[(i, j)] += weight * powers[i] * powers[j];
                }
            }
        }
        if let Some(solution) = matrix.cholesky().map(|cholesky| cholesky.solve(&right)) {
            fit.coefficients = solution.iter().copied().collect();
        }
        fit
    }

    /// Returns the flux at a log10 wavelength.
    pub(super) fn at(&self, log_wavelength: f64) -> f64 {
        let powers = self.powers(log_wavelength, self.coefficients.len());
        powers.iter().zip(&self.coefficients).map(|(power, coefficient)| power * coefficient).sum()
    }

    fn powers(&self, log_wavelength: f64, terms: usize) -> Vec<f64> {
        let x = ((log_wavelength - self.middle) / self.half).clamp(-1.0, 1.0);
        (0..terms).map(|power| x.powi(power as i32)).collect()
    }
}

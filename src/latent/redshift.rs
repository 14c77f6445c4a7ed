//! Redshift by trial: a spectrum is put to rest at one redshift after another, and the one at which a model reconstructs it best
//! is taken.
//!
//! The trouble is in what "best" means. A trial's chi2 per pixel is over the part of the spectrum that then lies on the grid, so
//! a wrong redshift that pushes a strong line off the grid has an easier task than the right one. Therefore every trial answers
//! for the same observed pixels: those that it leaves off the grid are charged as if a smooth continuum (a polynomial, fitted once to
//! the observed spectrum) had been their model. Up to a constant that is sum w ((flux - reconstruction)^2 - (flux - continuum)^2)
//! over the pixels on the grid, and that is how it is computed.

use nalgebra::{DMatrix, DVector};

use super::error::LatentError;
use crate::spectrum::pipeline::{self, PipelineOptions};
use crate::spectrum::{InfillBasis, Normalization, ObservedSpectrum, PIXELS, SpectrumError, grid};

/// Lowest and highest trial redshift that the paper's models know.
pub const REDSHIFT_RANGE: (f64, f64) = (0.0, 0.36);
/// Speed of light, km/s.
pub const LIGHT_SPEED: f64 = 299_792.458;

/// Which redshifts are tried and how they are judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrialOptions {
    /// Lowest trial redshift: 0.
    pub low: f64,
    /// Highest trial redshift: 0.36.
    pub high: f64,
    /// Step of the first look, in pixels of the grid (269 km/s): 1.
    pub step: f64,
    /// Step of the second look, within one first step of the best minima, in pixels: 0.1.
    pub fine_step: f64,
    /// Signal-to-noise at which a pixel's weight is capped: no model is better than a few per cent.
    pub max_snr: f64,
    /// Degree of the polynomial continuum that answers for pixels off the grid.
    pub continuum_degree: usize,
    /// Trials in one call of the model: 256.
    pub batch: usize,
}

/// One trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial {
    /// Redshift.
    pub redshift: f64,
    /// Mean over unmasked pixels on the grid of (flux - reconstruction)^2 ivar.
    pub chi2: f64,
    /// Those pixels.
    pub pixels: usize,
    /// What is compared: weighted square deviation a pixel with every observed pixel answered for; the lower the better.
    pub score: f64,
}

/// What the trials say.
#[derive(Debug, Clone, PartialEq)]
pub struct RedshiftEstimate {
    /// The first look, from low redshift to high; without redshifts at which the spectrum cannot be put on the grid.
    pub curve: Vec<Trial>,
    /// The best trial of the second look.
    pub best: Trial,
    /// The best one more than 1500 km/s from it.
    pub second: Option<Trial>,
}

impl TrialOptions {
    /// The whole range of the paper's models.
    pub fn standard() -> Self {
        let (low, high) = REDSHIFT_RANGE;
        Self { low, high, step: 1.0, fine_step: 0.1, max_snr: 20.0, continuum_degree: 4, batch: 256 }
    }
}

impl RedshiftEstimate {
    /// How many times worse the second-best redshift is: a confidence. About 1 where two redshifts do equally well; infinite
    /// where there is no second.
    pub fn confidence(&self) -> f64 {
        self.second.map_or(f64::INFINITY, |second| second.score / self.best.score)
    }
}

/// Velocity between two redshifts, km/s: c times the difference over 1 + `truth`.
pub fn velocity_difference(redshift: f64, truth: f64) -> f64 {
    LIGHT_SPEED * (redshift - truth) / (1.0 + truth)
}

/// Tries redshifts. `reconstruct` takes rows of normalised, infilled flux `[n * 1000]` and gives as many as its model makes of them;
/// `basis` and `normalization` are those that the model was trained with.
///
/// # Errors
/// A range beyond [`REDSHIFT_RANGE`], steps that are none, a spectrum that fits on the grid at no trial redshift, and
/// reconstructions of another length.
pub fn redshift_by_trial(
    observed: &ObservedSpectrum,
    basis: &InfillBasis,
    normalization: Normalization,
    pipeline: &PipelineOptions,
    options: &TrialOptions,
    reconstruct: impl FnMut(&[f32]) -> Vec<f32>,
) -> Result<RedshiftEstimate, LatentError> {
    check(options)?;
    let continuum = Continuum::fit(observed, options.continuum_degree);
    let mut judge = Judge { observed, basis, normalization, pipeline, options, continuum, reconstruct };
    let looked = judge.look(&redshifts(options.low, options.high, options.step))?;
    let mut refined: Vec<Look> = Vec::new();
    for index in minima(&looked).into_iter().take(REFINED) {
        let (low, high) = neighbourhood(looked[index].redshift, options);
        let closer = judge.look(&redshifts(low, high, options.fine_step))?;
        refined.extend(closer);
    }
    // What all the observed pixels cost with no model at all, and how many there are.
    let all = || looked.iter().chain(&refined);
    let whole = all().map(|look| look.continuum).fold(0.0, f64::max);
    let pixels = all().map(|look| look.pixels).max().unwrap_or(1) as f64;
    let trial = |look: &Look| Trial {
        redshift: look.redshift,
        chi2: look.chi2 / look.pixels as f64,
        pixels: look.pixels,
        score: (whole + look.excess()) / pixels,
    };
    let (curve, refined): (Vec<Trial>, Vec<Trial>) =
        (looked.iter().map(trial).collect(), refined.iter().map(trial).collect());
    let best = refined.iter().chain(&curve).copied().min_by(|a, b| a.score.total_cmp(&b.score));
    let Some(best) = best else {
        return Err(LatentError::NoTrial(SpectrumError::NoFlux));
    };
    let far = |trial: &&Trial| velocity_difference(trial.redshift, best.redshift).abs() > APART;
    let second = refined.iter().chain(&curve).filter(far).min_by(|a, b| a.score.total_cmp(&b.score)).copied();
    Ok(RedshiftEstimate { curve, best, second })
}

/// Minima looked at a second time.
const REFINED: usize = 4;
/// Redshifts nearer than this, in km/s, are the same one.
const APART: f64 = 1500.0;

/// Everything that a trial needs.
struct Judge<'a, F> {
    observed: &'a ObservedSpectrum,
    basis: &'a InfillBasis,
    normalization: Normalization,
    pipeline: &'a PipelineOptions,
    options: &'a TrialOptions,
    continuum: Continuum,
    reconstruct: F,
}

/// Sums over the pixels on the grid at one redshift.
struct Look {
    redshift: f64,
    pixels: usize,
    /// (flux - reconstruction)^2 ivar.
    chi2: f64,
    /// The same with capped weights.
    model: f64,
    /// The same with capped weights and the continuum for a model.
    continuum: f64,
}

impl Look {
    /// By how much the model is worse than the continuum; below zero where it is better.
    fn excess(&self) -> f64 {
        self.model - self.continuum
    }
}

impl<F: FnMut(&[f32]) -> Vec<f32>> Judge<'_, F> {
    /// Looks at all `redshifts` at which the spectrum can be put on the grid.
    fn look(&mut self, redshifts: &[f64]) -> Result<Vec<Look>, LatentError> {
        let mut looks = Vec::with_capacity(redshifts.len());
        let mut obstacle = SpectrumError::NoRedshift;
        for batch in redshifts.chunks(self.options.batch.max(1)) {
            let (mut spectra, mut rows) = (Vec::new(), Vec::new());
            for &redshift in batch {
                match pipeline::to_rest_frame(self.observed, redshift, self.pipeline) {
                    Ok(rest) => {
                        let spectrum = pipeline::finish(&rest, self.basis, self.normalization);
                        rows.extend_from_slice(&spectrum.flux);
                        spectra.push((redshift, spectrum));
                    }
                    Err(error) => obstacle = error,
                }
            }
            if spectra.is_empty() {
                continue;
            }
            let models = (self.reconstruct)(&rows);
            if models.len() != rows.len() {
                let expected = format!("{} spectra of {PIXELS} pixels", spectra.len());
                return Err(LatentError::Shape { what: "reconstructions", found: models.len(), expected });
            }
            for ((redshift, spectrum), model) in spectra.iter().zip(models.chunks_exact(PIXELS)) {
                looks.push(self.sum(*redshift, spectrum, model));
            }
        }
        if looks.is_empty() { Err(LatentError::NoTrial(obstacle)) } else { Ok(looks) }
    }

    fn sum(&self, redshift: f64, spectrum: &crate::spectrum::GridSpectrum, model: &[f32]) -> Look {
        let mut look = Look { redshift, pixels: 0, chi2: 0.0, model: 0.0, continuum: 0.0 };
        let shift = (1.0 + redshift).log10();
        let floor = self.options.max_snr.powi(-2);
        for i in (0..PIXELS).filter(|&i| spectrum.ivar[i] > 0.0) {
            let (flux, ivar) = (f64::from(spectrum.flux[i]), f64::from(spectrum.ivar[i]));
            let weight = 1.0 / (1.0 / ivar + floor);
            let square = (flux - f64::from(model[i])).powi(2);
            let continuum = self.continuum.at(grid::log_wavelength(i as f64) + shift) / f64::from(spectrum.norm);
            look.pixels += 1;
            look.chi2 += square * ivar;
            look.model += square * weight;
            look.continuum += (flux - continuum).powi(2) * weight;
        }
        look
    }
}

/// A polynomial through an observed spectrum.
struct Continuum {
    /// log10 wavelength at the middle, and half of the range.
    middle: f64,
    half: f64,
    coefficients: Vec<f64>,
}

impl Continuum {
    /// Least squares over good pixels, weighted by their inverse variance; 0 where there are too few.
    fn fit(observed: &ObservedSpectrum, degree: usize) -> Self {
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

    fn at(&self, log_wavelength: f64) -> f64 {
        let powers = self.powers(log_wavelength, self.coefficients.len());
        powers.iter().zip(&self.coefficients).map(|(power, coefficient)| power * coefficient).sum()
    }

    fn powers(&self, log_wavelength: f64, terms: usize) -> Vec<f64> {
        let x = ((log_wavelength - self.middle) / self.half).clamp(-1.0, 1.0);
        (0..terms).map(|power| x.powi(power as i32)).collect()
    }
}

fn check(options: &TrialOptions) -> Result<(), LatentError> {
    let (lowest, highest) = REDSHIFT_RANGE;
    let TrialOptions { low, high, .. } = *options;
    if !(low >= lowest && high <= highest && low <= high) {
        return Err(LatentError::TrialRange { low, high, lowest, highest });
    }
    for (what, value) in [
        ("step of trial redshifts, pixels", options.step),
        ("fine step of trial redshifts, pixels", options.fine_step),
        ("signal-to-noise cap", options.max_snr),
    ] {
        if !(value >= 0.001 && value.is_finite()) {
            return Err(LatentError::OutOfRange { what, value, allowed: "0.001 or more" });
        }
    }
    Ok(())
}

/// From `low` to `high`, both included, by steps of so many pixels: even in log(1 + redshift), as the grid is.
fn redshifts(low: f64, high: f64, step: f64) -> Vec<f64> {
    let (from, to) = ((1.0 + low).log10(), (1.0 + high).log10());
    let steps = ((to - from) / (step * grid::COEFF1)).ceil().max(0.0) as usize;
    let at = |i: usize| 10f64.powf(from + (to - from) * i as f64 / steps.max(1) as f64) - 1.0;
    (0..=steps).map(|i| at(i).clamp(low, high)).collect()
}

/// One first step to either side, held inside the range.
fn neighbourhood(redshift: f64, options: &TrialOptions) -> (f64, f64) {
    let factor = 10f64.powf(options.step * grid::COEFF1);
    let (low, high) = ((1.0 + redshift) / factor - 1.0, (1.0 + redshift) * factor - 1.0);
    (low.max(options.low), high.min(options.high))
}

/// Local minima of the score, the best first; ends of the curve count.
fn minima(curve: &[Look]) -> Vec<usize> {
    let score = |i: usize| curve[i].excess();
    let lower = |i: usize| (i == 0 || score(i) <= score(i - 1)) && (i + 1 == curve.len() || score(i) < score(i + 1));
    let mut found: Vec<usize> = (0..curve.len()).filter(|&i| lower(i)).collect();
    found.sort_by(|&a, &b| score(a).total_cmp(&score(b)));
    found
}

//! The search for a redshift, in two passes over trial redshifts: a coarse one, and a fine one around its best minima; then one trial at
//! the minimum between the fine ones.

use super::continuum::Continuum;
use super::trial::{RedshiftEstimate, Trial, TrialOptions, velocity_difference};
use super::uncertainty;
use crate::latent::error::LatentError;
use crate::preprocess::{InfillBasis, REDSHIFT_RANGE, Recipe};
use crate::spectrum::{GridSpectrum, ObservedSpectrum, PIXELS, SpectrumError, grid};

/// Number of minima refined in the second pass.
const REFINED: usize = 4;
/// Smallest difference, km/s, between distinct redshifts.
const APART: f64 = 1500.0;

/// A search for a redshift in steps of some trials, so that the caller can do something else in between.
#[derive(Debug, Clone)]
pub struct RedshiftScan {
    observed: ObservedSpectrum,
    recipe: Recipe,
    basis: InfillBasis,
    options: TrialOptions,
    continuum: Continuum,
    /// Range of the current trials.
    range: Range,
    /// Ranges of the second pass that remain.
    remaining: Vec<Range>,
    coarse: Vec<TrialSums>,
    refined: Vec<TrialSums>,
    /// Trial at the minimum, once done, if the spectrum fits on the grid there.
    minimum: Option<TrialSums>,
    tried: usize,
}

/// The pass that a range of trials belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    Coarse,
    Fine,
    Minimum,
}

/// A range of trial redshifts, and the progress through it.
#[derive(Debug, Clone)]
struct Range {
    redshifts: Vec<f64>,
    next: usize,
    /// Number of redshifts so far at which the spectrum fits on the grid.
    found: usize,
    /// Error of the last redshift at which it does not.
    obstacle: SpectrumError,
    pass: Pass,
}

/// The sums over the pixels on the grid at one redshift.
#[derive(Debug, Clone)]
struct TrialSums {
    redshift: f64,
    pixels: usize,
    /// Sum of (flux - reconstruction)^2 ivar.
    chi2: f64,
    /// Sum of (flux - reconstruction)^2 times the capped weight.
    model: f64,
    /// Sum of (flux - continuum)^2 times the capped weight.
    continuum: f64,
}

impl TrialSums {
    /// Returns by how much the model fits worse than the continuum; below zero where it fits better.
    fn excess(&self) -> f64 {
        self.model - self.continuum
    }
}

impl Range {
    fn new(redshifts: Vec<f64>, pass: Pass) -> Self {
        Self { redshifts, next: 0, found: 0, obstacle: SpectrumError::NoRedshift, pass }
    }
}

impl RedshiftScan {
    /// Begins a search; `recipe` and `basis` are those of the model.
    ///
    /// # Errors
    /// A range beyond [`REDSHIFT_RANGE`], and steps that are not positive.
    pub fn new(
        observed: ObservedSpectrum,
        recipe: Recipe,
        basis: InfillBasis,
        options: TrialOptions,
    ) -> Result<Self, LatentError> {
        check(&options)?;
        let continuum = Continuum::fit(&observed, options.continuum_degree);
        let range = Range::new(redshifts(options.low, options.high, options.step), Pass::Coarse);
        let (coarse, refined) = (Vec::with_capacity(range.redshifts.len()), Vec::new());
        Ok(Self {
            observed,
            recipe,
            basis,
            options,
            continuum,
            range,
            remaining: Vec::new(),
            coarse,
            refined,
            minimum: None,
            tried: 0,
        })
    }

    /// Returns the number of trials done and of all trials; the latter grows when the second pass and the trial at the minimum begin.
    pub fn position(&self) -> (usize, usize) {
        let left = |range: &Range| range.redshifts.len() - range.next;
        (self.tried, self.tried + left(&self.range) + self.remaining.iter().map(left).sum::<usize>())
    }

    /// Tries up to `trials` more redshifts in one call of the model; returns the estimate after the last one. `reconstruct` is
    /// as in [`redshift_by_trial`].
    ///
    /// # Errors
    /// A spectrum that fits on the grid at no trial redshift, and reconstructions of another length.
    pub fn advance(
        &mut self,
        trials: usize,
        reconstruct: impl FnOnce(&[f32]) -> Vec<f32>,
    ) -> Result<Option<RedshiftEstimate>, LatentError> {
        self.try_next(trials.max(1), reconstruct)?;
        if self.range.next < self.range.redshifts.len() {
            return Ok(None);
        }
        if self.range.pass == Pass::Minimum {
            return self.estimate().map(Some);
        }
        if self.range.found == 0 {
            return Err(LatentError::NoTrial(self.range.obstacle.clone()));
        }
        if self.range.pass == Pass::Coarse {
            self.remaining = self.fine_ranges();
        }
        match self.remaining.pop() {
            Some(range) => {
                self.range = range;
                Ok(None)
            }
            None => {
                self.range = Range::new(vec![self.estimate()?.best.redshift], Pass::Minimum);
                Ok(None)
            }
        }
    }

    /// Returns the ranges around the best minima, the best last.
    fn fine_ranges(&self) -> Vec<Range> {
        let best = minima(&self.coarse).into_iter().take(REFINED);
        let ranges = best.map(|index| {
            let (low, high) = neighbourhood(self.coarse[index].redshift, &self.options);
            Range::new(redshifts(low, high, self.options.fine_step), Pass::Fine)
        });
        let mut ranges: Vec<Range> = ranges.collect();
        ranges.reverse();
        ranges
    }

    /// Tries the next `trials` redshifts of the range; those at which the spectrum does not fit on the grid are skipped.
    fn try_next(&mut self, trials: usize, reconstruct: impl FnOnce(&[f32]) -> Vec<f32>) -> Result<(), LatentError> {
        let end = self.range.redshifts.len().min(self.range.next.saturating_add(trials));
        let (mut spectra, mut rows) = (Vec::new(), Vec::new());
        for &redshift in &self.range.redshifts[self.range.next..end] {
            match self.recipe.prepare(&self.observed, redshift, &self.basis) {
                Ok(spectrum) => {
                    rows.extend_from_slice(&spectrum.flux);
                    spectra.push((redshift, spectrum));
                }
                Err(error) => self.range.obstacle = error,
            }
        }
        self.tried += end - self.range.next;
        self.range.next = end;
        self.range.found += spectra.len();
        if spectra.is_empty() {
            return Ok(());
        }
        let models = reconstruct(&rows);
        if models.len() != rows.len() {
            let expected = format!("{} spectra of {PIXELS} pixels", spectra.len());
            return Err(LatentError::Shape { what: "reconstructions", found: models.len(), expected });
        }
        for ((redshift, spectrum), model) in spectra.iter().zip(models.chunks_exact(PIXELS)) {
            let sums = self.sum(*redshift, spectrum, model);
            match self.range.pass {
                Pass::Coarse => self.coarse.push(sums),
                Pass::Fine => self.refined.push(sums),
                Pass::Minimum => self.minimum = Some(sums),
            }
        }
        Ok(())
    }

    fn sum(&self, redshift: f64, spectrum: &GridSpectrum, model: &[f32]) -> TrialSums {
        let mut sums = TrialSums { redshift, pixels: 0, chi2: 0.0, model: 0.0, continuum: 0.0 };
        let shift = (1.0 + redshift).log10();
        let floor = self.options.max_snr.powi(-2);
        for i in (0..PIXELS).filter(|&i| spectrum.ivar[i] > 0.0) {
            let (flux, ivar) = (f64::from(spectrum.flux[i]), f64::from(spectrum.ivar[i]));
            let weight = 1.0 / (1.0 / ivar + floor);
            let square = (flux - f64::from(model[i])).powi(2);
            let continuum = self.continuum.at(grid::log_wavelength(i as f64) + shift) / f64::from(spectrum.norm);
            sums.pixels += 1;
            sums.chi2 += square * ivar;
            sums.model += square * weight;
            sums.continuum += (flux - continuum).powi(2) * weight;
        }
        sums
    }

    fn estimate(&self) -> Result<RedshiftEstimate, LatentError> {
        // The cost of all observed pixels under the continuum alone, and their number.
        let all = || self.coarse.iter().chain(&self.refined);
        let whole = all().map(|sums| sums.continuum).fold(0.0, f64::max);
        let pixels = all().map(|sums| sums.pixels).max().unwrap_or(1) as f64;
        let trial = |sums: &TrialSums| Trial {
            redshift: sums.redshift,
            chi2: sums.chi2 / sums.pixels as f64,
            pixels: sums.pixels,
            score: (whole + sums.excess()) / pixels,
        };
        let (curve, refined): (Vec<Trial>, Vec<Trial>) =
            (self.coarse.iter().map(trial).collect(), self.refined.iter().map(trial).collect());
        let best = refined.iter().chain(&curve).copied().min_by(|a, b| a.score.total_cmp(&b.score));
        let Some(best) = best else {
            return Err(LatentError::NoTrial(SpectrumError::NoFlux));
        };
        let far = |trial: &&Trial| velocity_difference(trial.redshift, best.redshift).abs() > APART;
        let second = refined.iter().chain(&curve).filter(far).min_by(|a, b| a.score.total_cmp(&b.score)).copied();
        let around = self.refined.iter().map(|sums| (sums.redshift, sums.excess()));
        let minimum =
            uncertainty::minimum(around, best.redshift, best.score.max(1.0), f64::from(self.observed.median_snr()));
        // Without a trial there, the nearest one stands in for it.
        let there = self.minimum.as_ref().map_or(best, trial);
        Ok(RedshiftEstimate {
            curve,
            best: Trial { redshift: minimum.redshift, ..there },
            error: minimum.error,
            second,
        })
    }
}

/// Estimates a redshift by trial. `reconstruct` takes rows of normalised, infilled flux `[n * 1000]` and returns their
/// reconstructions `[n * 1000]`; `recipe` and `basis` are those of the model.
///
/// # Errors
/// A range beyond [`REDSHIFT_RANGE`], steps that are not positive, a spectrum that fits on the grid at no trial redshift, and
/// reconstructions of another length.
pub fn redshift_by_trial(
    observed: &ObservedSpectrum,
    recipe: Recipe,
    basis: &InfillBasis,
    options: &TrialOptions,
    mut reconstruct: impl FnMut(&[f32]) -> Vec<f32>,
) -> Result<RedshiftEstimate, LatentError> {
    let mut scan = RedshiftScan::new(observed.clone(), recipe, basis.clone(), *options)?;
    loop {
        if let Some(estimate) = scan.advance(options.batch, &mut reconstruct)? {
            return Ok(estimate);
        }
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

/// Returns redshifts from `low` to `high`, both included, in steps of `step` pixels: even in log(1 + redshift), as the grid is.
fn redshifts(low: f64, high: f64, step: f64) -> Vec<f64> {
    let (from, to) = ((1.0 + low).log10(), (1.0 + high).log10());
    let steps = ((to - from) / (step * grid::COEFF1)).ceil().max(0.0) as usize;
    let at = |i: usize| 10f64.powf(from + (to - from) * i as f64 / steps.max(1) as f64) - 1.0;
    (0..=steps).map(|i| at(i).clamp(low, high)).collect()
}

/// Returns the range of one coarse step to either side, clamped to the whole range.
fn neighbourhood(redshift: f64, options: &TrialOptions) -> (f64, f64) {
    let factor = 10f64.powf(options.step * grid::COEFF1);
    let (low, high) = ((1.0 + redshift) / factor - 1.0, (1.0 + redshift) * factor - 1.0);
    (low.max(options.low), high.min(options.high))
}

/// Returns the indices of the local minima of the score, the best first; ends of the curve count.
fn minima(curve: &[TrialSums]) -> Vec<usize> {
    let score = |i: usize| curve[i].excess();
    let lower = |i: usize| (i == 0 || score(i) <= score(i - 1)) && (i + 1 == curve.len() || score(i) < score(i + 1));
    let mut found: Vec<usize> = (0..curve.len()).filter(|&i| lower(i)).collect();
    found.sort_by(|&a, &b| score(a).total_cmp(&score(b)));
    found
}

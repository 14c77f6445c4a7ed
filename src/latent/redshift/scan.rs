//! The trials of a redshift, one after the other.

use super::continuum::Continuum;
use super::trial::{REDSHIFT_RANGE, RedshiftEstimate, Trial, TrialOptions, velocity_difference};
use crate::latent::error::LatentError;
use crate::preprocess::{InfillBasis, Recipe};
use crate::spectrum::{GridSpectrum, ObservedSpectrum, PIXELS, SpectrumError, grid};

/// Minima looked at a second time.
const REFINED: usize = 4;
/// Redshifts nearer than this, in km/s, are the same one.
const APART: f64 = 1500.0;

/// A search for a redshift, some trials at a time, for those who must do other things in between.
#[derive(Debug, Clone)]
pub struct RedshiftScan {
    observed: ObservedSpectrum,
    recipe: Recipe,
    basis: InfillBasis,
    options: TrialOptions,
    continuum: Continuum,
    /// The range of the trials now.
    range: Range,
    /// Ranges of the second look that are still to be tried.
    coming: Vec<Range>,
    looked: Vec<Look>,
    refined: Vec<Look>,
    tried: usize,
}

/// A range of trial redshifts, and how far it is done.
#[derive(Debug, Clone)]
struct Range {
    redshifts: Vec<f64>,
    next: usize,
    /// Redshifts in it that could be tried.
    found: usize,
    /// Why the last one that could not be tried could not.
    obstacle: SpectrumError,
    second_look: bool,
}

/// Sums over the pixels on the grid at one redshift.
#[derive(Debug, Clone)]
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
    /// Returns by how much the model is worse than the continuum; below zero where it is better.
    fn excess(&self) -> f64 {
        self.model - self.continuum
    }
}

impl Range {
    fn new(redshifts: Vec<f64>, second_look: bool) -> Self {
        Self { redshifts, next: 0, found: 0, obstacle: SpectrumError::NoRedshift, second_look }
    }
}

impl RedshiftScan {
    /// Begins a search, before the first trial; `recipe` and `basis` are those of the model.
    ///
    /// # Errors
    /// A range beyond [`REDSHIFT_RANGE`], and steps that are none.
    pub fn new(
        observed: ObservedSpectrum,
        recipe: Recipe,
        basis: InfillBasis,
        options: TrialOptions,
    ) -> Result<Self, LatentError> {
        check(&options)?;
        let continuum = Continuum::fit(&observed, options.continuum_degree);
        let range = Range::new(redshifts(options.low, options.high, options.step), false);
        let (looked, refined) = (Vec::with_capacity(range.redshifts.len()), Vec::new());
        Ok(Self { observed, recipe, basis, options, continuum, range, coming: Vec::new(), looked, refined, tried: 0 })
    }

    /// Returns the trials made, and how many there will be; the second number grows once, when the second look begins.
    pub fn position(&self) -> (usize, usize) {
        let left = |range: &Range| range.redshifts.len() - range.next;
        (self.tried, self.tried + left(&self.range) + self.coming.iter().map(left).sum::<usize>())
    }

    /// Makes up to `trials` trials in one call of the model; the estimate once all are made. `reconstruct` as in
    /// [`redshift_by_trial`].
    ///
    /// # Errors
    /// A spectrum that fits on the grid at no trial redshift, and reconstructions of another length.
    pub fn advance(
        &mut self,
        trials: usize,
        reconstruct: impl FnOnce(&[f32]) -> Vec<f32>,
    ) -> Result<Option<RedshiftEstimate>, LatentError> {
        self.look(trials.max(1), reconstruct)?;
        if self.range.next < self.range.redshifts.len() {
            return Ok(None);
        }
        if self.range.found == 0 {
            return Err(LatentError::NoTrial(self.range.obstacle.clone()));
        }
        if !self.range.second_look {
            self.coming = self.second_look();
        }
        match self.coming.pop() {
            Some(range) => {
                self.range = range;
                Ok(None)
            }
            None => self.estimate().map(Some),
        }
    }

    /// Returns the neighbourhoods of the best minima, the best last.
    fn second_look(&self) -> Vec<Range> {
        let best = minima(&self.looked).into_iter().take(REFINED);
        let ranges = best.map(|index| {
            let (low, high) = neighbourhood(self.looked[index].redshift, &self.options);
            Range::new(redshifts(low, high, self.options.fine_step), true)
        });
        let mut ranges: Vec<Range> = ranges.collect();
        ranges.reverse();
        ranges
    }

    /// Looks at the next `trials` redshifts of the range, those at which the spectrum can be put on the grid.
    fn look(&mut self, trials: usize, reconstruct: impl FnOnce(&[f32]) -> Vec<f32>) -> Result<(), LatentError> {
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
            let look = self.sum(*redshift, spectrum, model);
            if self.range.second_look { &mut self.refined } else { &mut self.looked }.push(look);
        }
        Ok(())
    }

    fn sum(&self, redshift: f64, spectrum: &GridSpectrum, model: &[f32]) -> Look {
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

    fn estimate(&self) -> Result<RedshiftEstimate, LatentError> {
        // What all the observed pixels cost with no model at all, and how many there are.
        let all = || self.looked.iter().chain(&self.refined);
        let whole = all().map(|look| look.continuum).fold(0.0, f64::max);
        let pixels = all().map(|look| look.pixels).max().unwrap_or(1) as f64;
        let trial = |look: &Look| Trial {
            redshift: look.redshift,
            chi2: look.chi2 / look.pixels as f64,
            pixels: look.pixels,
            score: (whole + look.excess()) / pixels,
        };
        let (curve, refined): (Vec<Trial>, Vec<Trial>) =
            (self.looked.iter().map(trial).collect(), self.refined.iter().map(trial).collect());
        let best = refined.iter().chain(&curve).copied().min_by(|a, b| a.score.total_cmp(&b.score));
        let Some(best) = best else {
            return Err(LatentError::NoTrial(SpectrumError::NoFlux));
        };
        let far = |trial: &&Trial| velocity_difference(trial.redshift, best.redshift).abs() > APART;
        let second = refined.iter().chain(&curve).filter(far).min_by(|a, b| a.score.total_cmp(&b.score)).copied();
        Ok(RedshiftEstimate { curve, best, second })
    }
}

/// Tries redshifts. `reconstruct` takes rows of normalised, infilled flux `[n * 1000]` and returns as many as its model makes of them;
/// `recipe` and `basis` are those of the model.
///
/// # Errors
/// A range beyond [`REDSHIFT_RANGE`], steps that are none, a spectrum that fits on the grid at no trial redshift, and
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

/// Returns redshifts from `low` to `high`, both included, by steps of so many pixels: even in log(1 + redshift), as the grid is.
fn redshifts(low: f64, high: f64, step: f64) -> Vec<f64> {
    let (from, to) = ((1.0 + low).log10(), (1.0 + high).log10());
    let steps = ((to - from) / (step * grid::COEFF1)).ceil().max(0.0) as usize;
    let at = |i: usize| 10f64.powf(from + (to - from) * i as f64 / steps.max(1) as f64) - 1.0;
    (0..=steps).map(|i| at(i).clamp(low, high)).collect()
}

/// Returns the range of one first step to either side, held inside the range.
fn neighbourhood(redshift: f64, options: &TrialOptions) -> (f64, f64) {
    let factor = 10f64.powf(options.step * grid::COEFF1);
    let (low, high) = ((1.0 + redshift) / factor - 1.0, (1.0 + redshift) * factor - 1.0);
    (low.max(options.low), high.min(options.high))
}

/// Returns the local minima of the score, the best first; ends of the curve count.
fn minima(curve: &[Look]) -> Vec<usize> {
    let score = |i: usize| curve[i].excess();
    let lower = |i: usize| (i == 0 || score(i) <= score(i - 1)) && (i + 1 == curve.len() || score(i) < score(i + 1));
    let mut found: Vec<usize> = (0..curve.len()).filter(|&i| lower(i)).collect();
    found.sort_by(|&a, &b| score(a).total_cmp(&score(b)));
    found
}

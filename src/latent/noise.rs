//! How well a model knows its own uncertainty: the paper's figure 17. White noise is added to one good spectrum again and again;
//! were the encoder right about how uncertain its latents are, their means would scatter by the variance that it states.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use super::error::LatentError;
use crate::preprocess::Normalization;

/// How noise is added.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NoiseOptions {
    /// Levels of noise: 10.
    pub levels: usize,
    /// Draws at each level: 200, so that a variance is known to a tenth.
    pub draws: usize,
    /// Median signal-to-noise of the worst level: 1. The levels are evenly spaced in its logarithm, down from the spectrum's own.
    pub lowest_snr: f64,
    /// How noisy spectra are normalised again, as the pipeline would have done; none to leave the noise as the only change.
    pub normalization: Option<Normalization>,
    /// Seed of the draws.
    pub seed: u64,
}

/// The curves of figure 17.
#[derive(Debug, Clone, PartialEq)]
pub struct NoiseCurve {
    /// Median signal-to-noise a pixel of the spectrum as it is.
    pub snr: f64,
    /// `[d]` latent means of the spectrum as it is.
    pub mean: Vec<f32>,
    /// From little noise to much.
    pub levels: Vec<NoiseLevel>,
}

/// One level of noise.
#[derive(Debug, Clone, PartialEq)]
pub struct NoiseLevel {
    /// Median signal-to-noise a pixel with the noise added.
    pub snr: f64,
    /// Standard deviation of the added noise, in the unit of the flux.
    pub sigma: f64,
    /// `[d]` variance of the latent means over the draws (divided by draws - 1), over the mean latent variance exp(log_var):
    /// 1 where the encoder knows its uncertainty, more where it is too sure.
    pub variance_ratio: Vec<f64>,
    /// `[d]` mean of the latent means less that of the spectrum as it is, over the root of the mean latent variance.
    pub bias: Vec<f64>,
}

impl NoiseOptions {
    /// The paper's ten levels.
    pub fn paper(seed: u64) -> Self {
        Self { levels: 10, draws: 200, lowest_snr: 1.0, normalization: None, seed }
    }
}

/// Figure 17 in the making, level by level: for those who must do other things in between.
#[derive(Debug, Clone)]
pub struct NoiseStudy {
    flux: Vec<f32>,
    ivar: Vec<f32>,
    options: NoiseOptions,
    /// So far.
    curve: NoiseCurve,
}

impl NoiseStudy {
    /// Before the first level. As [`noise_sensitivity`] takes them.
    ///
    /// # Errors
    /// As [`noise_sensitivity`].
    pub fn new(
        flux: &[f32],
        ivar: &[f32],
        options: &NoiseOptions,
        encode: impl FnOnce(&[f32], &[f32]) -> (Vec<f32>, Vec<f32>),
    ) -> Result<Self, LatentError> {
        check(flux, ivar, options)?;
        let snr = median_snr(flux, ivar, 0.0);
        if snr.is_nan() || snr <= options.lowest_snr {
            return Err(LatentError::OutOfRange {
                what: "median signal-to-noise of the spectrum to add noise to",
                value: snr,
                allowed: "above that of the noisiest level",
            });
        }
        let (mean, log_var) = encode(flux, ivar);
        let dims = mean.len();
        if dims == 0 || log_var.len() != dims {
            return Err(LatentError::Shape {
                what: "log variances",
                found: log_var.len(),
                expected: format!("{dims} latents"),
            });
        }
        let curve = NoiseCurve { snr, mean, levels: Vec::with_capacity(options.levels) };
        Ok(Self { flux: flux.to_vec(), ivar: ivar.to_vec(), options: *options, curve })
    }

    /// Whether every level is there.
    pub fn is_finished(&self) -> bool {
        self.curve.levels.len() >= self.options.levels
    }

    /// The levels so far.
    pub fn curve(&self) -> &NoiseCurve {
        &self.curve
    }

    /// Does one more level; nothing where all are there.
    ///
    /// # Errors
    /// Latents from `encode` that do not fit its rows.
    pub fn level(&mut self, encode: impl FnOnce(&[f32], &[f32]) -> (Vec<f32>, Vec<f32>)) -> Result<(), LatentError> {
        if self.is_finished() {
            return Ok(());
        }
        let Self { flux, ivar, options, curve: NoiseCurve { snr, mean, levels } } = self;
        let (level, dims) = (levels.len(), mean.len());
        let wanted = *snr * (options.lowest_snr / *snr).powf((level + 1) as f64 / options.levels as f64);
        let sigma = sigma_for(wanted, flux, ivar);
        let (rows, ivars) = noisy(flux, ivar, sigma, level as u64, options);
        let (means, log_vars) = encode(&rows, &ivars);
        if means.len() != options.draws * dims || log_vars.len() != means.len() {
            let expected = format!("{} spectra of {dims} latents", options.draws);
            return Err(LatentError::Shape { what: "encoded latents", found: means.len(), expected });
        }
        let (variance_ratio, bias) = (0..dims).map(|k| statistics(&means, &log_vars, mean, k)).unzip();
        levels.push(NoiseLevel { snr: median_snr(flux, ivar, sigma), sigma, variance_ratio, bias });
        Ok(())
    }
}

/// Follows one spectrum, `flux` and `ivar` `[m]` (normalised; ivar 0 = masked), through the levels. `encode` takes rows of flux and
/// of inverse variance `[n * m]`, the second for models that look at it, and gives latent means and log variances `[n * d]`.
/// The noise is white: the same in every unmasked pixel. Masked ones stay as they were filled.
///
/// # Errors
/// Rows of unequal length, options out of range, a spectrum with a median signal-to-noise of no more than the lowest level's, and
/// latents from `encode` that do not fit its rows.
pub fn noise_sensitivity(
    flux: &[f32],
    ivar: &[f32],
    options: &NoiseOptions,
    mut encode: impl FnMut(&[f32], &[f32]) -> (Vec<f32>, Vec<f32>),
) -> Result<NoiseCurve, LatentError> {
    let mut study = NoiseStudy::new(flux, ivar, options, &mut encode)?;
    while !study.is_finished() {
        study.level(&mut encode)?;
    }
    Ok(study.curve)
}

/// One spectrum, `flux` and `ivar` `[m]` (ivar 0 = masked), with white noise that brings its median signal-to-noise a pixel down to
/// `snr`: flux and inverse variance. As it is where it has no more than that. The same seed gives the same noise, only
/// stronger, at every `snr`.
///
/// # Errors
/// Rows of unequal length, a spectrum without a signal, and a signal-to-noise that is not above 0.
pub fn degraded(flux: &[f32], ivar: &[f32], snr: f64, seed: u64) -> Result<(Vec<f32>, Vec<f32>), LatentError> {
    let options = NoiseOptions { levels: 1, draws: 2, lowest_snr: snr, normalization: None, seed };
    check(flux, ivar, &options)?;
    let own = median_snr(flux, ivar, 0.0);
    if own.is_nan() || own <= 0.0 {
        let what = "median signal-to-noise of the spectrum to add noise to";
        return Err(LatentError::OutOfRange { what, value: own, allowed: "above 0" });
    }
    if own <= snr {
        return Ok((flux.to_vec(), ivar.to_vec()));
    }
    Ok(noisy(flux, ivar, sigma_for(snr, flux, ivar), 0, &NoiseOptions { draws: 1, ..options }))
}

/// Median of flux over its error with noise of standard deviation `sigma` added, over unmasked pixels; NaN where there is none.
pub fn median_snr(flux: &[f32], ivar: &[f32], sigma: f64) -> f64 {
    let good = flux.iter().zip(ivar).filter(|(flux, ivar)| flux.is_finite() && **ivar > 0.0);
    let ratios = good.map(|(&flux, &ivar)| f64::from(flux) / (1.0 / f64::from(ivar) + sigma * sigma).sqrt());
    crate::numerics::statistics::percentile(&crate::numerics::statistics::sorted(ratios), 50.0)
}

fn check(flux: &[f32], ivar: &[f32], options: &NoiseOptions) -> Result<(), LatentError> {
    if flux.len() != ivar.len() {
        let expected = format!("{} pixels of flux", flux.len());
        return Err(LatentError::Shape { what: "inverse variances", found: ivar.len(), expected });
    }
    if options.draws < 2 {
        let value = options.draws as f64;
        return Err(LatentError::OutOfRange { what: "number of noise draws", value, allowed: "2 or more" });
    }
    if options.lowest_snr.is_nan() || options.lowest_snr <= 0.0 {
        let value = options.lowest_snr;
        return Err(LatentError::OutOfRange { what: "lowest signal-to-noise", value, allowed: "above 0" });
    }
    Ok(())
}

/// The noise that brings the median signal-to-noise down to `wanted`, by bisection in its logarithm.
fn sigma_for(wanted: f64, flux: &[f32], ivar: &[f32]) -> f64 {
    let (mut low, mut high) = (1e-9f64, 1e9f64);
    for _ in 0..100 {
        let middle = (low * high).sqrt();
        if median_snr(flux, ivar, middle) > wanted { low = middle } else { high = middle }
    }
    (low * high).sqrt()
}

/// `draws` noisy rows of flux and of the inverse variance that goes with them.
fn noisy(flux: &[f32], ivar: &[f32], sigma: f64, level: u64, options: &NoiseOptions) -> (Vec<f32>, Vec<f32>) {
    let mut generator = ChaCha8Rng::seed_from_u64(options.seed);
    generator.set_stream(level);
    let (mut rows, mut ivars) = (Vec::new(), Vec::new());
    for _ in 0..options.draws {
        let start = rows.len();
        for (&value, &ivar) in flux.iter().zip(ivar) {
            let normal: f64 = generator.sample(StandardNormal);
            let good = ivar > 0.0;
            rows.push(if good { (f64::from(value) + sigma * normal) as f32 } else { value });
            ivars.push(if good { (1.0 / (1.0 / f64::from(ivar) + sigma * sigma)) as f32 } else { 0.0 });
        }
        if let Some(normalization) = options.normalization {
            let norm = normalization.of(&rows[start..]);
            rows[start..].iter_mut().for_each(|value| *value /= norm);
            ivars[start..].iter_mut().for_each(|value| *value *= norm * norm);
        }
    }
    (rows, ivars)
}

/// Variance ratio and bias of latent `k` of rows `[n * d]`.
fn statistics(means: &[f32], log_vars: &[f32], original: &[f32], k: usize) -> (f64, f64) {
    let dims = original.len();
    let column = |rows: &[f32]| rows.iter().skip(k).step_by(dims).map(|&value| f64::from(value)).collect::<Vec<_>>();
    let (values, log_vars) = (column(means), column(log_vars));
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let stated = log_vars.iter().map(|value| value.exp()).sum::<f64>() / count;
    (variance / stated, (mean - f64::from(original[k])) / stated.sqrt())
}

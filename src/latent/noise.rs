//! How well a model knows its own uncertainty (the paper, figure 17). White noise is added to one good spectrum repeatedly; if the encoder
//! states the uncertainty of its latents correctly, their means scatter by the variance that it states.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use super::error::LatentError;
use crate::numerics::statistics::{percentile, sorted};
use crate::preprocess::Normalization;

/// Options of the noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NoiseOptions {
    /// Number of noise levels; the paper: 10.
    pub levels: usize,
    /// Draws per level; 200 determine a variance to a tenth.
    pub draws: usize,
    /// Median signal-to-noise of the noisiest level. The levels are evenly spaced in its logarithm, down from the spectrum's own.
    pub lowest_snr: f64,
    /// Normalisation that is applied again to noisy spectra, as preprocessing would; `None` leaves the noise as the only change.
    pub normalization: Option<Normalization>,
    /// Seed of the draws.
    pub seed: u64,
}

/// The curves of figure 17.
#[derive(Debug, Clone, PartialEq)]
pub struct NoiseCurve {
    /// Median signal-to-noise per pixel of the original spectrum.
    pub snr: f64,
    /// `[d]` latent means of the original spectrum.
    pub mean: Vec<f32>,
    /// Levels, from little noise to much.
    pub levels: Vec<NoiseLevel>,
}

/// One level of noise.
#[derive(Debug, Clone, PartialEq)]
pub struct NoiseLevel {
    /// Median signal-to-noise per pixel with the noise added.
    pub snr: f64,
    /// Standard deviation of the added noise, in the unit of the flux.
    pub sigma: f64,
    /// `[d]` variance of the latent means over the draws (divided by draws - 1), over the mean latent variance exp(log_var):
    /// 1 where the encoder states its uncertainty correctly, larger where it is overconfident.
    pub variance_ratio: Vec<f64>,
    /// `[d]` mean of the latent means minus that of the original spectrum, over the root of the mean latent variance.
    pub bias: Vec<f64>,
}

impl NoiseOptions {
    /// Returns the paper's options: ten levels down to a signal-to-noise of 1.
    pub fn paper(seed: u64) -> Self {
        Self { levels: 10, draws: 200, lowest_snr: 1.0, normalization: None, seed }
    }
}

/// A computation of figure 17 in steps of one level, so that the caller can do something else in between.
#[derive(Debug, Clone)]
pub struct NoiseStudy {
    flux: Vec<f32>,
    ivar: Vec<f32>,
    options: NoiseOptions,
    /// Levels so far.
    curve: NoiseCurve,
}

impl NoiseStudy {
    /// Starts the computation; parameters as in [`noise_sensitivity`].
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

    /// Returns whether every level is computed.
    pub fn is_finished(&self) -> bool {
        self.curve.levels.len() >= self.options.levels
    }

    /// Returns the levels so far.
    pub fn curve(&self) -> &NoiseCurve {
        &self.curve
    }

    /// Computes one more level; does nothing once all are computed.
    ///
    /// # Errors
    /// Latents from `encode` of another shape.
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

/// Computes all levels for one spectrum, `flux` and `ivar` `[m]` (normalised; ivar 0 = masked). `encode` takes rows of flux and of inverse
/// variance `[n * m]`, the second for models that use it, and returns latent means and log variances `[n * d]`. The noise is white:
/// of the same standard deviation in every unmasked pixel. Masked pixels keep their infill.
///
/// # Errors
/// Rows of unequal length, options out of range, a median signal-to-noise not above that of the noisiest level, and latents from `encode`
/// of another shape.
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

/// Returns flux and inverse variance of one spectrum, `flux` and `ivar` `[m]` (ivar 0 = masked), with white noise that lowers its median
/// signal-to-noise per pixel to `snr`; unchanged where it is not above `snr`. The same seed gives the same noise, scaled, at every
/// `snr`.
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

/// Returns the median over unmasked pixels of flux over its error, with noise of standard deviation `sigma` added; NaN where all are masked.
pub fn median_snr(flux: &[f32], ivar: &[f32], sigma: f64) -> f64 {
    let good = flux.iter().zip(ivar).filter(|(flux, ivar)| flux.is_finite() && **ivar > 0.0);
    let ratios = good.map(|(&flux, &ivar)| f64::from(flux) / (1.0 / f64::from(ivar) + sigma * sigma).sqrt());
    percentile(&sorted(ratios), 50.0)
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

/// Returns the standard deviation of the noise that lowers the median signal-to-noise to `wanted`, by bisection in its logarithm.
fn sigma_for(wanted: f64, flux: &[f32], ivar: &[f32]) -> f64 {
    let (mut low, mut high) = (1e-9f64, 1e9f64);
    for _ in 0..100 {
        let middle = (low * high).sqrt();
        if median_snr(flux, ivar, middle) > wanted { low = middle } else { high = middle }
    }
    (low * high).sqrt()
}

/// Returns `draws` noisy rows of flux `[draws * m]` and their inverse variance.
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

/// Returns variance ratio and bias of latent `k` of rows `[n * d]`.
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

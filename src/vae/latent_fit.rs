//! The posterior of an observed spectrum: the encoder's mean, refined by Gauss-Newton steps on the unmasked pixels.
//!
//! Minimised over the latents z and an amplitude a >= 0, with x the normalised flux, v its inverse variance and f(z) the decoded flux, is
//!
//! ```text
//! sum over unmasked pixels of v (x - a f(z))^2 + p |z|^2
//! ```
//!
//! which is -2 ln of the posterior, but for a constant, with Gaussian pixels, the prior N(0, I) of the variational models (p = 1) and
//! a flat prior of the amplitude. A plain autoencoder has no prior (p = 0) and a small ridge. The amplitude is free because the norm of a
//! spectrum is computed from infilled pixels too: where these are wrong, so is the norm of all others. Its best value at given z is
//! a = (f' V x) / (f' V f), so it is profiled out, and for the linear model that a step assumes the marginal covariance of z is
//!
//! ```text
//! (a^2 (J' V J - (J' V f) (J' V f)' / (f' V f)) + p I)^-1
//! ```
//!
//! with J = df/dz: of the information on z, that is lost which a change of the amplitude would imitate. The covariance is that of the
//! noise and the prior alone: it knows nothing of what the model cannot reproduce.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::decoder::Decoder;
use crate::numerics::products::dot_f64;

/// Steps at most. The first does most of it; a spectrum with a lost half needs the third.
const STEPS: usize = 3;
/// Halvings of a step that does not lower the objective, before the fit ends where it is.
const HALVINGS: usize = 5;
/// Expected decrease of the objective below which a step is not worth a decoding: 0.05 standard deviations.
const CONVERGED: f64 = 2.5e-3;
/// Ridge without a prior, relative to the largest element of the diagonal.
const RIDGE: f64 = 1e-6;

/// A fit of the latents of one spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct LatentFit {
    /// `[latents]` position of the minimum.
    pub latent: Vec<f32>,
    /// `[latents * latents]` covariance, symmetric.
    pub covariance: Vec<f64>,
    /// Amplitude of the decoded spectrum.
    pub scale: f32,
    /// `[pixels]` decoded flux times the amplitude.
    pub reconstruction: Vec<f32>,
    /// Objective at the start and after every step; it never rises.
    pub objective: Vec<f64>,
}

/// A spectrum as the fit takes it.
struct Target<'a> {
    decoder: &'a Decoder,
    /// `[pixels]` square root of the inverse variance; 0 where masked.
    root: Vec<f64>,
    /// `[pixels]` flux times `root`.
    flux: Vec<f64>,
    /// Weight of |z|^2, p.
    prior: f64,
}

/// The objective at one latent position, and its normal equations.
struct Point {
    latent: DVector<f64>,
    /// `[pixels]` decoded flux.
    decoded: Vec<f32>,
    scale: f64,
    objective: f64,
    /// Minus half of the objective's gradient.
    descent: DVector<f64>,
    /// Half of its second derivatives, in the Gauss-Newton approximation: the inverse of the covariance.
    information: Cholesky<f64, Dyn>,
}

/// Fits the latents of a spectrum: `flux` `[pixels]`, normalised, and its inverse variance `ivar`, 0 = masked, from `start` `[latents]`
/// on. Pixels that are not numbers count as masked; where all are masked, the fit ends at the prior. `variational` says whether the model
/// has the prior N(0, I).
pub fn fit_latents(decoder: &Decoder, variational: bool, flux: &[f32], ivar: &[f32], start: &[f32]) -> LatentFit {
    let target = Target::new(decoder, variational, flux, ivar);
    let start = start.iter().map(|&value| if value.is_finite() { f64::from(value) } else { 0.0 });
    let mut point = target.at(DVector::from_iterator(decoder.latents(), start));
    let mut objective = vec![point.objective];
    for _ in 0..STEPS {
        let step = point.information.solve(&point.descent);
        if point.descent.dot(&step) < CONVERGED {
            break;
        }
        let Some(lower) = target.lower(&point, &step) else { break };
        point = lower;
        objective.push(point.objective);
    }
    let scale = point.scale as f32;
    LatentFit {
        latent: point.latent.iter().map(|&value| value as f32).collect(),
        covariance: point.information.inverse().iter().copied().collect(),
        scale,
        reconstruction: point.decoded.iter().map(|flux| flux * scale).collect(),
        objective,
    }
}

impl LatentFit {
    /// Returns the natural logarithms of the marginal variances, `[latents]`.
    pub fn log_var(&self) -> Vec<f32> {
        let variances = self.covariance.iter().step_by(self.latent.len() + 1);
        variances.map(|variance| variance.ln() as f32).collect()
    }
}

impl<'a> Target<'a> {
    fn new(decoder: &'a Decoder, variational: bool, flux: &[f32], ivar: &[f32]) -> Self {
        let known = |flux: f32, ivar: f32| flux.is_finite() && ivar.is_finite() && ivar > 0.0;
        let pixels = || flux.iter().copied().zip(ivar.iter().copied());
        let root: Vec<f64> =
            pixels().map(|(flux, ivar)| if known(flux, ivar) { f64::from(ivar).sqrt() } else { 0.0 }).collect();
        let flux = pixels().zip(&root).map(|((flux, _), &root)| if root > 0.0 { f64::from(flux) * root } else { 0.0 });
        Self { decoder, flux: flux.collect(), root, prior: if variational { 1.0 } else { 0.0 } }
    }

    /// Returns the point after a step, or after the largest of its halves that lowers the objective.
    fn lower(&self, from: &Point, step: &DVector<f64>) -> Option<Point> {
        let lengths = (0..=HALVINGS).map(|halvings| 0.5f64.powi(halvings as i32));
        let mut points = lengths.map(|length| self.at(&from.latent + step * length));
        points.find(|point| point.objective < from.objective)
    }

    /// Evaluates the objective and its normal equations.
    fn at(&self, latent: DVector<f64>) -> Point {
        let position: Vec<f32> = latent.iter().map(|&value| value as f32).collect();
        let decoded = self.decoder.linearise(&position);
        let latents = latent.len();
        let pixels = self.root.len().max(1);
        let weigh = |row: &[f32]| -> Vec<f64> {
            row.iter().zip(&self.root).map(|(&value, root)| f64::from(value) * root).collect()
        };
        let model = weigh(&decoded.flux);
        let jacobian: Vec<Vec<f64>> = decoded.jacobian.chunks_exact(pixels).map(weigh).collect();
        let power = dot_f64(&model, &model);
        let scale = if power > 0.0 { (dot_f64(&model, &self.flux) / power).max(0.0) } else { 1.0 };
        let residual: Vec<f64> = self.flux.iter().zip(&model).map(|(flux, model)| flux - scale * model).collect();
        let imitated: Vec<f64> = jacobian.iter().map(|row| dot_f64(row, &model)).collect();
        let mut information = DMatrix::zeros(latents, latents);
        for i in 0..latents {
            for j in 0..=i {
                let lost = if power > 0.0 { imitated[i] * imitated[j] / power } else { 0.0 };
                let element = scale * scale * (dot_f64(&jacobian[i], &jacobian[j]) - lost);
                (information[(i, j)], information[(j, i)]) = (element, element);
            }
        }
        let ridge = if self.prior > 0.0 { self.prior } else { (RIDGE * information.diagonal().max()).max(RIDGE) };
        (0..latents).for_each(|i| information[(i, i)] += ridge);
        let descent = |i: usize| scale * dot_f64(&jacobian[i], &residual) - self.prior * latent[i];
        Point {
            objective: dot_f64(&residual, &residual) + self.prior * latent.norm_squared(),
            descent: DVector::from_fn(latents, |i, _| descent(i)),
            information: cholesky(information),
            decoded: decoded.flux,
            scale,
            latent,
        }
    }
}

/// Factorises a symmetric matrix that is positive definite but for rounding, against which its diagonal is raised until it is.
fn cholesky(matrix: DMatrix<f64>) -> Cholesky<f64, Dyn> {
    let largest = matrix.diagonal().max();
    let mut ridge = if largest.is_finite() { 1e-12 * largest } else { f64::NAN };
    let mut raised = matrix.clone();
    loop {
        if let Some(factors) = Cholesky::new(raised) {
            return factors;
        }
        let size = matrix.nrows();
        if ridge.is_nan() || ridge > largest {
            // Not finite: the decoder's weights overflow there, and nothing is known of the latents.
            return Cholesky::new(DMatrix::identity(size, size)).expect("the identity is positive definite");
        }
        raised = &matrix + DMatrix::identity(size, size) * ridge;
        ridge *= 100.0;
    }
}

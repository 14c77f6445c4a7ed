//! The terms of [`crate::vae::objective`] as tensors, of which Burn derives the gradients.

use burn::tensor::Tensor;

use super::head::{self, BatchLabels};
use super::model::{InfoVae, numbers};
use crate::vae::objective::{KERNEL_EXPONENT, LossTerms, MmdTerm, TermWeights};
use crate::vae::posterior::Posterior;

/// The loss and its terms, each `[1]`, still on the graph of derivatives.
#[derive(Debug, Clone)]
pub struct Loss {
    /// The whole.
    pub total: Tensor<1>,
    /// Sum over pixels of w (x - x')^2 / 2, averaged over spectra.
    pub reconstruction: Tensor<1>,
    /// KL(q(z|x) || N(0, I)), averaged over spectra; 0 for a plain autoencoder.
    pub kl: Tensor<1>,
    /// MMD(q(z), p(z)) as scaled by the configuration; 0 for a plain autoencoder.
    pub mmd: Tensor<1>,
    /// The loss of the head's predictions; 0 without a head.
    pub head: Tensor<1>,
}

/// Returns the loss of a model on spectra less the mean spectrum, `x`, with their weights, both `[n, pixels]`. `noise` `[n, d]` draws
/// from q(z|x); without it the latents are the means of q(z|x), as in validation. `prior` [m, d] are draws from p(z). `labels` are
/// for the head, if the model has one.
pub fn loss(
    model: &InfoVae,
    x: Tensor<2>,
    weight: Tensor<2>,
    noise: Option<Tensor<2>>,
    prior: Tensor<2>,
    labels: Option<BatchLabels>,
) -> Loss {
    let config = model.config();
    let posterior = model.encode(model.input(x.clone(), &weight));
    let latent = match noise.filter(|_| config.variational) {
        Some(noise) => reparameterize(&posterior, noise),
        None => posterior.mean.clone(),
    };
    let reconstruction = weighted_square_error(x, model.decode(latent.clone()), weight);
    let zero = Tensor::zeros([1], &reconstruction.device());
    let mut total = reconstruction.clone();
    let (mut kl, mut mmd, mut head) = (zero.clone(), zero.clone(), zero);
    if let (Some(settings), Some(predicted), Some(labels)) = (&config.head, model.predict(latent.clone()), labels) {
        head = head::loss(predicted, &labels, settings.classes);
        total = total + head.clone() * settings.weight;
    }
    if config.variational {
        kl = kl_divergence(&posterior);
        mmd = maximum_mean_discrepancy(latent.clone(), prior) * MmdTerm::new(config, latent.dims()[0]).scale;
        let weights = TermWeights::new(config);
        total = total + kl.clone() * weights.kl + mmd.clone() * weights.mmd;
    }
    Loss { total, reconstruction, kl, mmd, head }
}

/// Returns the sum over pixels of w (x - x')^2 / 2, averaged over spectra.
pub fn weighted_square_error(x: Tensor<2>, reconstruction: Tensor<2>, weight: Tensor<2>) -> Tensor<1> {
    let spectra = x.dims()[0] as f32;
    let residual = x - reconstruction; // [n, pixels]
    (residual.clone() * residual * weight).sum_dim(1).sum() * (0.5 / spectra)
}

/// Returns a draw z = mean + noise sqrt(variance), `[n, d]`, with noise `[n, d]` from the standard normal distribution.
pub fn reparameterize(posterior: &Posterior<Tensor<2>>, noise: Tensor<2>) -> Tensor<2> {
    posterior.mean.clone() + noise * (posterior.log_var.clone() * 0.5).exp()
}

/// Returns KL(q(z|x) || N(0, I)) = sum over latents of (mean^2 + variance - log variance - 1) / 2, averaged over spectra.
pub fn kl_divergence(posterior: &Posterior<Tensor<2>>) -> Tensor<1> {
    let [spectra, _] = posterior.mean.dims();
    let Posterior { mean, log_var } = posterior.clone();
    let terms = mean.clone() * mean + log_var.clone().exp() - log_var - 1.0; // [n, d]
    terms.sum() * (0.5 / spectra as f32)
}

/// Returns the squared maximum mean discrepancy of two samples, `[n, d]` and [m, d]: mean k(z, z') + mean k(p, p') - 2 mean k(z, p).
pub fn maximum_mean_discrepancy(latent: Tensor<2>, prior: Tensor<2>) -> Tensor<1> {
    kernel(latent.clone(), latent.clone()).mean() + kernel(prior.clone(), prior.clone()).mean()
        - kernel(latent, prior).mean() * 2.0
}

/// Returns k(x, y) = exp([`KERNEL_EXPONENT`] mean over latents of (x - y)^2) of every pair, `[n, m]`. Squares are expanded, |x|^2 + |y|^2 - 2 x y, which
/// needs a matrix product and no array of n m d numbers.
fn kernel(x: Tensor<2>, y: Tensor<2>) -> Tensor<2> {
    let latents = x.dims()[1] as f32;
    let x_norm = (x.clone() * x.clone()).sum_dim(1); // [n, 1]
    let y_norm = (y.clone() * y.clone()).sum_dim(1).transpose(); // [1, m]
    let distance = x_norm + y_norm - x.matmul(y.transpose()) * 2.0; // [n, m]
    (distance * (KERNEL_EXPONENT / latents)).exp()
}

impl Loss {
    /// Returns the terms side by side, `[5]`, off the graph of derivatives, as [`terms`] takes them.
    pub fn stacked(&self) -> Tensor<1> {
        let Self { total, reconstruction, kl, mmd, head } = self.clone();
        Tensor::cat([total, reconstruction, kl, mmd, head].map(Tensor::inner).to_vec(), 0)
    }

    /// Returns the terms as numbers. Waits for the device.
    pub fn read(&self) -> LossTerms {
        terms(&numbers(self.stacked()))[0]
    }
}

/// Returns the terms of losses from the numbers of [`Loss::stacked`], `[n * 5]`.
pub fn terms(stacked: &[f32]) -> Vec<LossTerms> {
    let one = |&[total, reconstruction, kl, mmd, head]: &[f32; 5]| {
        let [total, reconstruction, kl, mmd, head] = [total, reconstruction, kl, mmd, head].map(f64::from);
        LossTerms { total, reconstruction, kl, mmd, head }
    };
    stacked.as_chunks::<5>().0.iter().map(one).collect()
}

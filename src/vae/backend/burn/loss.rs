//! The loss: L = reconstruction + (1 - alpha) KL + (alpha + lambda - 1) MMD (the paper, equation 4; Zhao, Song & Ermon
//! 2019, InfoVAE, equation 6).

use burn_tensor::Tensor;

use super::head::{self, BatchLabels};
use super::model::{InfoVae, LatentDistribution};
use crate::vae::config::{MmdScale, VaeConfig};
use crate::vae::model_card::LossTerms;

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
    /// What the head's predictions cost; 0 without a head.
    pub head: Tensor<1>,
}

/// The loss of a model on spectra less the mean spectrum, `x`, with their weights, both `[n, pixels]`. `noise` `[n, d]` draws
/// from q(z|x); without it the code is the mean of q(z|x), as in validation. `prior` [m, d] are draws from p(z). `labels` are
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
        Some(noise) => posterior.reparameterize(noise),
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
        mmd = maximum_mean_discrepancy(latent.clone(), prior) * mmd_factor(config, latent.dims()[0]);
        total = total + kl.clone() * (1.0 - config.alpha) + mmd.clone() * (config.alpha + config.lambda - 1.0);
    }
    Loss { total, reconstruction, kl, mmd, head }
}

/// Sum over pixels of w (x - x')^2 / 2, averaged over spectra: minus the log likelihood of independent Gaussian pixels, but
/// for a constant.
pub fn weighted_square_error(x: Tensor<2>, reconstruction: Tensor<2>, weight: Tensor<2>) -> Tensor<1> {
    let spectra = x.dims()[0] as f32;
    let residual = x - reconstruction; // [n, pixels]
    (residual.clone() * residual * weight).sum_dim(1).sum() * (0.5 / spectra)
}

/// KL(q(z|x) || N(0, I)) = sum over latents of (mean^2 + variance - log variance - 1) / 2, averaged over spectra.
pub fn kl_divergence(posterior: &LatentDistribution) -> Tensor<1> {
    let [spectra, _] = posterior.mean.dims();
    let LatentDistribution { mean, log_var } = posterior.clone();
    let terms = mean.clone() * mean + log_var.clone().exp() - log_var - 1.0; // [n, d]
    terms.sum() * (0.5 / spectra as f32)
}

/// The squared maximum mean discrepancy of two samples, `[n, d]` and [m, d]: mean k(z, z') + mean k(p, p') - 2 mean k(z, p).
pub fn maximum_mean_discrepancy(latent: Tensor<2>, prior: Tensor<2>) -> Tensor<1> {
    kernel(latent.clone(), latent.clone()).mean() + kernel(prior.clone(), prior.clone()).mean()
        - kernel(latent, prior).mean() * 2.0
}

/// k(x, y) = exp(-mean over latents of (x - y)^2) of every pair, `[n, m]`. Squares are expanded, |x|^2 + |y|^2 - 2 x y, which
/// needs a matrix product and no array of n m d numbers.
fn kernel(x: Tensor<2>, y: Tensor<2>) -> Tensor<2> {
    let latents = x.dims()[1] as f32;
    let x_norm = (x.clone() * x.clone()).sum_dim(1); // [n, 1]
    let y_norm = (y.clone() * y.clone()).sum_dim(1).transpose(); // [1, m]
    let distance = x_norm + y_norm - x.matmul(y.transpose()) * 2.0; // [n, m]
    (distance * (-1.0 / latents)).exp()
}

fn mmd_factor(config: &VaeConfig, spectra: usize) -> f32 {
    match config.mmd {
        MmdScale::Plain => 1.0,
        MmdScale::PublishedCode => (spectra * config.latents) as f32,
    }
}

impl Loss {
    /// The terms as numbers. Waits for the device.
    pub fn read(&self) -> LossTerms {
        let number = |tensor: &Tensor<1>| f64::from(tensor.clone().into_scalar::<f32>());
        LossTerms {
            total: number(&self.total),
            reconstruction: number(&self.reconstruction),
            kl: number(&self.kl),
            mmd: number(&self.mmd),
            head: number(&self.head),
        }
    }
}

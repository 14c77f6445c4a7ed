//! The network forward and backward.

use super::gemm::{self, GROUP, PANEL, Weights, pack_rows, panels};
use super::mmd::maximum_mean_discrepancy;
use super::weight_update::WeightUpdate;
use super::workspace::Workspace;
use super::{reconstruction, threads};
use crate::numerics::simd::Rounding;
use crate::vae::activation::{activate, activate_gradient};
use crate::vae::config::VaeConfig;
use crate::vae::objective::{LossTerms, MmdTerm, TermWeights};
use crate::vae::parameters::{Layout, Slot};
use crate::vae::posterior::{kl_divergence, reparameterize, reparameterize_gradient};

/// A network's configuration and layout, without its numbers.
#[derive(Debug, Clone)]
pub struct Network {
    /// The model and its training.
    pub config: VaeConfig,
    /// Positions of the layers in the buffer.
    pub layout: Layout,
    /// Selects how its products are rounded.
    pub rounding: Rounding,
}

impl Network {
    /// Returns how many numbers the spectra of a batch have.
    pub fn chunk(&self) -> usize {
        self.config.batch.max(1) * self.config.pixels
    }

    /// Encodes a batch into the workspace's posterior; returns how many spectra that is.
    pub fn encode(&self, parameters: &[f32], x: &[f32], workspace: &mut Workspace) -> usize {
        let spectra = x.len() / self.config.pixels;
        workspace.fit(&self.config, spectra);
        pack_rows(x, self.config.pixels, &mut workspace.x);
        let [e0, e1, heads, ..] = self.layout.layers;
        let slope = Some(self.config.negative_slope);
        let Workspace { rows, x, hidden1, hidden2, posterior, scratch, .. } = workspace;
        layer(self.weights(parameters, e0), *rows, x, hidden1, slope, scratch);
        layer(self.weights(parameters, e1), *rows, hidden1, hidden2, slope, scratch);
        layer(self.weights(parameters, heads), *rows, hidden2, posterior, None, scratch);
        spectra
    }

    /// Decodes the workspace's latents.
    pub fn decode(&self, parameters: &[f32], workspace: &mut Workspace) {
        let [_, _, _, d0, d1, d2] = self.layout.layers;
        let slope = Some(self.config.negative_slope);
        let Workspace { rows, latent, hidden3, hidden4, decoded, scratch, .. } = workspace;
        layer(self.weights(parameters, d0), *rows, latent, hidden3, slope, scratch);
        layer(self.weights(parameters, d1), *rows, hidden3, hidden4, slope, scratch);
        layer(self.weights(parameters, d2), *rows, hidden4, decoded, None, scratch);
    }

    /// Computes the loss of a batch. Leaves in the workspace what [`Network::backward`] starts from: the derivatives in what is decoded, and
    /// those of the MMD in the latents.
    pub fn forward(
        &self,
        parameters: &[f32],
        x: &[f32],
        weight: &[f32],
        noise: Option<&[f32]>,
        prior: &[f32],
        workspace: &mut Workspace,
    ) -> LossTerms {
        let &VaeConfig { pixels, latents, variational, .. } = &self.config;
        let noise = noise.filter(|_| variational);
        let spectra = self.encode(parameters, x, workspace);
        let mut kl = 0.0;
        for spectrum in 0..spectra {
            for latent in 0..latents {
                let (mean, log_var) = workspace.posterior_of(spectrum, latent, latents);
                let draw = |noise: &[f32]| reparameterize(mean, log_var, noise[spectrum * latents + latent]);
                let value = noise.map_or(mean, draw);
                let at = workspace.at(spectrum, latent);
                workspace.latent[at] = value;
                workspace.rows_of_latents[spectrum * latents + latent] = value;
                kl += kl_divergence(mean, log_var).0;
            }
        }
        self.decode(parameters, workspace);

        let mut reconstruction = 0.0;
        let panel = workspace.rows * PANEL;
        let decoded = workspace.decoded.chunks_exact_mut(panel).zip(workspace.x.chunks_exact(panel));
        for (at, ((decoded, x), bias)) in decoded.zip(workspace.bias.chunks_mut(PANEL)).enumerate() {
            let columns = at * PANEL..pixels.min((at + 1) * PANEL);
            let weight = |spectrum: usize| &weight[spectrum * pixels..][columns.clone()];
            let scale = 1.0 / spectra as f32;
            let bias = &mut bias[..columns.len()];
            // Pixel by pixel, so that the sum does not depend on the width of a panel.
            let of_pixels = reconstruction::reconstruction(decoded, x, weight, spectra, scale, bias);
            of_pixels.into_iter().for_each(|of_pixel| reconstruction += f64::from(of_pixel));
        }
        reconstruction /= 2.0;
        let count = spectra as f64;
        let mut mmd = 0.0;
        if variational {
            let scale = MmdTerm::new(&self.config, spectra).scale * TermWeights::new(&self.config).mmd;
            let latent = &workspace.rows_of_latents[..spectra * latents];
            let d_latent = &mut workspace.d_latent[..spectra * latents];
            mmd = maximum_mean_discrepancy(latent, prior, latents, scale, &mut workspace.mmd, d_latent);
        }
        LossTerms::of_batch(&self.config, spectra, reconstruction / count, kl / count, mmd)
    }

    /// Goes from the loss back to every weight: each layer hands its derivative on before its own weights change.
    pub fn backward(&self, update: &mut WeightUpdate, noise: Option<&[f32]>, workspace: &mut Workspace) {
        let [e0, e1, heads, d0, d1, d2] = self.layout.layers;
        let slope = self.config.negative_slope;
        let Workspace { rows, latent, hidden3, hidden4, .. } = workspace;
        let Workspace { decoded, d_hidden_wide, d_hidden_narrow, bias, scratch, .. } = workspace;
        let rows = *rows;
        let d_hidden4 = &mut d_hidden_wide[..hidden4.len()];
        back(self.weights(update.parameters(), d2), rows, decoded, d_hidden4, Some((hidden4, slope)), scratch);
        update.take(d2, self.rounding, rows, hidden4, decoded, bias, scratch);
        column_sums(d_hidden4, rows, bias);
        let d_hidden3 = &mut d_hidden_narrow[..hidden3.len()];
        back(self.weights(update.parameters(), d1), rows, d_hidden4, d_hidden3, Some((hidden3, slope)), scratch);
        update.take(d1, self.rounding, rows, hidden3, d_hidden4, bias, scratch);
        column_sums(d_hidden3, rows, bias);
        let d_latent = &mut d_hidden_wide[..latent.len()];
        back(self.weights(update.parameters(), d0), rows, d_hidden3, d_latent, None, scratch);
        update.take(d0, self.rounding, rows, latent, d_hidden3, bias, scratch);

        self.backward_through_posterior(noise, workspace);

        let Workspace { posterior, d_hidden_wide, d_hidden_narrow, bias, scratch, .. } = workspace;
        let Workspace { x, hidden1, hidden2, .. } = workspace;
        column_sums(posterior, rows, bias);
        let d_hidden2 = &mut d_hidden_narrow[..hidden2.len()];
        back(self.weights(update.parameters(), heads), rows, posterior, d_hidden2, Some((hidden2, slope)), scratch);
        update.take(heads, self.rounding, rows, hidden2, posterior, bias, scratch);
        column_sums(d_hidden2, rows, bias);
        let d_hidden1 = &mut d_hidden_wide[..hidden1.len()];
        back(self.weights(update.parameters(), e1), rows, d_hidden2, d_hidden1, Some((hidden1, slope)), scratch);
        update.take(e1, self.rounding, rows, hidden1, d_hidden2, bias, scratch);
        column_sums(d_hidden1, rows, bias);
        update.take(e0, self.rounding, rows, x, d_hidden1, bias, scratch);
    }

    fn weights<'a>(&self, parameters: &'a [f32], slot: Slot) -> Weights<'a> {
        Weights {
            values: &parameters[slot.weight..slot.bias],
            bias: &parameters[slot.bias..slot.bias + slot.outputs],
            inputs: slot.inputs,
            outputs: slot.outputs,
            rounding: self.rounding,
        }
    }

    /// Goes from the derivatives in the latents to those in mean and log variance, which replace the posterior.
    fn backward_through_posterior(&self, noise: Option<&[f32]>, workspace: &mut Workspace) {
        let &VaeConfig { latents, variational, .. } = &self.config;
        let spectra = workspace.spectra;
        let weight = TermWeights::new(&self.config).kl / spectra as f32;
        for row in 0..workspace.rows {
            for latent in 0..latents {
                let (mean_at, log_var_at) = (workspace.at(row, latent), workspace.at(row, latents + latent));
                if row >= spectra {
                    (workspace.posterior[mean_at], workspace.posterior[log_var_at]) = (0.0, 0.0);
                    continue;
                }
                let mut d_latent = workspace.d_hidden_wide[mean_at];
                if !variational {
                    (workspace.posterior[mean_at], workspace.posterior[log_var_at]) = (d_latent, 0.0);
                    continue;
                }
                let (mean, log_var) = (workspace.posterior[mean_at], workspace.posterior[log_var_at]);
                let at = row * latents + latent;
                d_latent += workspace.d_latent[at];
                let (_, d_mean, d_log_var) = kl_divergence(mean, log_var);
                let spread = noise.map_or(0.0, |noise| reparameterize_gradient(log_var, noise[at]));
                workspace.posterior[mean_at] = d_latent + weight * d_mean;
                workspace.posterior[log_var_at] = d_latent * spread + weight * d_log_var;
            }
        }
    }
}

/// Computes x W + b, and where there is a slope the activation.
fn layer(weights: Weights, rows: usize, x: &[f32], out: &mut [f32], slope: Option<f32>, scratch: &mut [Vec<f32>]) {
    let finish = |at: usize, panel: &mut [f32]| {
        let mut own = [0.0; PANEL];
        let bias = &weights.bias[at * PANEL..];
        let count = bias.len().min(PANEL);
        own[..count].copy_from_slice(&bias[..count]);
        for row in panel.as_chunks_mut::<PANEL>().0 {
            for (value, bias) in row.iter_mut().zip(own) {
                let sum = *value + bias;
                *value = match slope {
                    Some(slope) => activate(sum, slope),
                    None => sum,
                };
            }
        }
    };
    let work = rows * weights.inputs * weights.outputs;
    let share = threads::share(panels(weights.outputs), GROUP, work, scratch.len());
    threads::each(out.chunks_mut(share * rows * PANEL), scratch, |at, out, scratch| {
        gemm::forward(x, weights, rows, at * share, out, scratch, finish);
    });
}

/// Computes d W', and where `gate` has the layer's activations and their slope, through the activation.
fn back(
    weights: Weights,
    rows: usize,
    d: &[f32],
    out: &mut [f32],
    gate: Option<(&Vec<f32>, f32)>,
    scratch: &mut [Vec<f32>],
) {
    let finish = |at: usize, panel: &mut [f32]| {
        let Some((activations, slope)) = gate else { return };
        for (value, activation) in panel.iter_mut().zip(&activations[at * rows * PANEL..]) {
            *value = activate_gradient(*value, *activation, slope);
        }
    };
    let work = rows * weights.inputs * weights.outputs;
    let share = threads::share(panels(weights.inputs), 1, work, scratch.len());
    threads::each(out.chunks_mut(share * rows * PANEL), scratch, |at, out, scratch| {
        gemm::backward(d, weights, rows, at * share, out, scratch, finish);
    });
}

/// Sums over spectra: the derivative of a bias.
fn column_sums(d: &[f32], rows: usize, bias: &mut [f32]) {
    for (panel, bias) in d.chunks_exact(rows * PANEL).zip(bias.as_chunks_mut::<PANEL>().0) {
        *bias = [0.0; PANEL];
        for row in panel.as_chunks::<PANEL>().0 {
            bias.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
    }
}

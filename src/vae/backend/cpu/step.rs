//! Forward and back through the network.

use super::gemm::{PANEL, panels};
use super::mmd::maximum_mean_discrepancy;
use super::packing::to_panels;
use super::products::{self, GROUP, Weights};
use super::weight_update::WeightUpdate;
use super::workspace::Workspace;
use super::{reconstruction, threads};
use crate::vae::config::{MmdScale, VaeConfig};
use crate::vae::model_card::LossTerms;
use crate::vae::parameters::{Layout, Slot};

/// What the network is, without its numbers.
#[derive(Debug, Clone)]
pub struct Network {
    /// The model's.
    pub config: VaeConfig,
    /// Where its layers lie.
    pub layout: Layout,
}

impl Network {
    /// Numbers of as many spectra as a batch has.
    pub fn chunk(&self) -> usize {
        self.config.batch.max(1) * self.config.pixels
    }

    /// Prior draws of a batch.
    pub fn draws(&self, spectra: usize) -> usize {
        match self.config.mmd {
            MmdScale::Plain => spectra,
            MmdScale::PublishedCode => 200,
        }
    }

    /// Encodes a batch into the workspace's code; returns how many spectra that is.
    pub fn encode(&self, parameters: &[f32], x: &[f32], workspace: &mut Workspace) -> usize {
        let spectra = x.len() / self.config.pixels;
        workspace.fit(&self.config, spectra);
        to_panels(x, self.config.pixels, &mut workspace.x);
        let [e0, e1, heads, ..] = self.layout.layers;
        let slope = Some(self.config.negative_slope);
        let Workspace { rows, x, hidden1, hidden2, code, scratch, .. } = workspace;
        layer(parameters, e0, *rows, x, hidden1, slope, scratch);
        layer(parameters, e1, *rows, hidden1, hidden2, slope, scratch);
        layer(parameters, heads, *rows, hidden2, code, None, scratch);
        spectra
    }

    /// Decodes the workspace's latents.
    pub fn decode(&self, parameters: &[f32], workspace: &mut Workspace) {
        let [_, _, _, d0, d1, d2] = self.layout.layers;
        let slope = Some(self.config.negative_slope);
        let Workspace { rows, latent, hidden3, hidden4, decoded, scratch, .. } = workspace;
        layer(parameters, d0, *rows, latent, hidden3, slope, scratch);
        layer(parameters, d1, *rows, hidden3, hidden4, slope, scratch);
        layer(parameters, d2, *rows, hidden4, decoded, None, scratch);
    }

    /// The loss of a batch. Leaves in the workspace what [`Network::backward`] starts from: the derivatives in what is decoded, and of
    /// the mmd in the latents.
    pub fn forward(
        &self,
        parameters: &[f32],
        x: &[f32],
        weight: &[f32],
        noise: Option<&[f32]>,
        prior: &[f32],
        workspace: &mut Workspace,
    ) -> LossTerms {
        let &VaeConfig { pixels, latents, alpha, lambda, variational, .. } = &self.config;
        let noise = noise.filter(|_| variational);
        let spectra = self.encode(parameters, x, workspace);
        let mut kl = 0.0;
        for spectrum in 0..spectra {
            for latent in 0..latents {
                let (mean, log_var) = workspace.posterior(spectrum, latent, latents);
                let deviation = noise.map_or(0.0, |noise| noise[spectrum * latents + latent] * (0.5 * log_var).exp());
                let value = mean + deviation;
                let at = workspace.at(spectrum, latent);
                workspace.latent[at] = value;
                workspace.rows_of_latents[spectrum * latents + latent] = value;
                kl += reconstruction::kl_divergence(mean, log_var).0;
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
            reconstruction += reconstruction::reconstruction(decoded, x, weight, spectra, scale, bias);
        }
        let count = spectra as f64;
        let reconstruction = reconstruction / count;
        if !variational {
            return LossTerms { total: reconstruction, reconstruction, ..LossTerms::default() };
        }
        let kl = kl / count;
        let factor = match self.config.mmd {
            MmdScale::Plain => 1.0,
            MmdScale::PublishedCode => (spectra * latents) as f32,
        };
        let scale = factor * (alpha + lambda - 1.0);
        let latent = &workspace.rows_of_latents[..spectra * latents];
        let pull = &mut workspace.pull[..spectra * latents];
        let mmd = maximum_mean_discrepancy(latent, prior, latents, scale, &mut workspace.mmd, pull);
        let mmd = mmd * f64::from(factor);
        let total = reconstruction + f64::from(1.0 - alpha) * kl + f64::from(alpha + lambda - 1.0) * mmd;
        LossTerms { total, reconstruction, kl, mmd, head: 0.0 }
    }

    /// From the loss back to every weight: each layer hands its derivative on before its own weights change.
    pub fn backward(&self, target: &mut WeightUpdate, noise: Option<&[f32]>, workspace: &mut Workspace) {
        let [e0, e1, heads, d0, d1, d2] = self.layout.layers;
        let slope = self.config.negative_slope;
        let Workspace { rows, latent, hidden3, hidden4, .. } = workspace;
        let Workspace { decoded, wide, narrow, bias, scratch, .. } = workspace;
        let rows = *rows;
        let wide = &mut wide[..hidden4.len()];
        back(target.parameters(), d2, rows, decoded, wide, Some((hidden4, slope)), scratch);
        target.take(d2, rows, hidden4, decoded, bias, scratch);
        column_sums(wide, rows, bias);
        let narrow = &mut narrow[..hidden3.len()];
        back(target.parameters(), d1, rows, wide, narrow, Some((hidden3, slope)), scratch);
        target.take(d1, rows, hidden3, wide, bias, scratch);
        column_sums(narrow, rows, bias);
        let wide = &mut wide[..latent.len()];
        back(target.parameters(), d0, rows, narrow, wide, None, scratch);
        target.take(d0, rows, latent, narrow, bias, scratch);

        self.through_the_code(noise, workspace);

        let Workspace { code, wide, narrow, bias, scratch, .. } = workspace;
        let Workspace { x, hidden1, hidden2, .. } = workspace;
        column_sums(code, rows, bias);
        let narrow = &mut narrow[..hidden2.len()];
        back(target.parameters(), heads, rows, code, narrow, Some((hidden2, slope)), scratch);
        target.take(heads, rows, hidden2, code, bias, scratch);
        column_sums(narrow, rows, bias);
        let wide = &mut wide[..hidden1.len()];
        back(target.parameters(), e1, rows, narrow, wide, Some((hidden1, slope)), scratch);
        target.take(e1, rows, hidden1, narrow, bias, scratch);
        column_sums(wide, rows, bias);
        target.take(e0, rows, x, wide, bias, scratch);
    }

    /// From the latents' derivatives to those of mean and log variance, which take the code's place.
    fn through_the_code(&self, noise: Option<&[f32]>, workspace: &mut Workspace) {
        let &VaeConfig { latents, alpha, variational, .. } = &self.config;
        let spectra = workspace.spectra;
        let weight = (1.0 - alpha) / spectra as f32;
        for row in 0..workspace.rows {
            for latent in 0..latents {
                let (mean_at, log_var_at) = (workspace.at(row, latent), workspace.at(row, latents + latent));
                if row >= spectra {
                    (workspace.code[mean_at], workspace.code[log_var_at]) = (0.0, 0.0);
                    continue;
                }
                let mut pull = workspace.wide[mean_at];
                if !variational {
                    (workspace.code[mean_at], workspace.code[log_var_at]) = (pull, 0.0);
                    continue;
                }
                let (mean, log_var) = (workspace.code[mean_at], workspace.code[log_var_at]);
                let at = row * latents + latent;
                pull += workspace.pull[at];
                let (_, by_mean, by_log_var) = reconstruction::kl_divergence(mean, log_var);
                let spread = noise.map_or(0.0, |noise| 0.5 * noise[at] * (0.5 * log_var).exp());
                workspace.code[mean_at] = pull + weight * by_mean;
                workspace.code[log_var_at] = pull * spread + weight * by_log_var;
            }
        }
    }
}

/// x W + b, and where there is a slope the activation, which falls with it below zero.
fn layer(
    parameters: &[f32],
    slot: Slot,
    rows: usize,
    x: &[f32],
    out: &mut [f32],
    slope: Option<f32>,
    scratch: &mut [Vec<f32>],
) {
    let bias = &parameters[slot.bias..slot.bias + slot.outputs];
    let finish = |at: usize, panel: &mut [f32]| {
        let mut own = [0.0; PANEL];
        let bias = &bias[at * PANEL..];
        let count = bias.len().min(PANEL);
        own[..count].copy_from_slice(&bias[..count]);
        for row in panel.as_chunks_mut::<PANEL>().0 {
            for (value, bias) in row.iter_mut().zip(own) {
                let sum = *value + bias;
                *value = match slope {
                    Some(slope) if sum <= 0.0 => sum * slope,
                    _ => sum,
                };
            }
        }
    };
    let work = rows * slot.inputs * slot.outputs;
    let share = threads::share(panels(slot.outputs), GROUP, work, scratch.len());
    threads::each(out.chunks_mut(share * rows * PANEL), scratch, |at, out, scratch| {
        products::forward(x, weights(parameters, slot), rows, at * share, out, scratch, finish);
    });
}

/// d W', and where `gate` has the layer's activations and their slope, through the activation.
fn back(
    parameters: &[f32],
    slot: Slot,
    rows: usize,
    d: &[f32],
    out: &mut [f32],
    gate: Option<(&Vec<f32>, f32)>,
    scratch: &mut [Vec<f32>],
) {
    let finish = |at: usize, panel: &mut [f32]| {
        let Some((activations, slope)) = gate else { return };
        for (value, activation) in panel.iter_mut().zip(&activations[at * rows * PANEL..]) {
            *value = if *activation > 0.0 { *value } else { *value * slope };
        }
    };
    let work = rows * slot.inputs * slot.outputs;
    let share = threads::share(panels(slot.inputs), 1, work, scratch.len());
    threads::each(out.chunks_mut(share * rows * PANEL), scratch, |at, out, scratch| {
        products::backward(d, weights(parameters, slot), rows, at * share, out, scratch, finish);
    });
}

/// Sums over spectra: a bias's derivative.
fn column_sums(d: &[f32], rows: usize, bias: &mut [f32]) {
    for (panel, bias) in d.chunks_exact(rows * PANEL).zip(bias.as_chunks_mut::<PANEL>().0) {
        *bias = [0.0; PANEL];
        for row in panel.as_chunks::<PANEL>().0 {
            bias.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
    }
}

fn weights(parameters: &[f32], slot: Slot) -> Weights<'_> {
    Weights { values: &parameters[slot.weight..slot.bias], inputs: slot.inputs, outputs: slot.outputs }
}

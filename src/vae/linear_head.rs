//! The linear head of a model in plain memory: what it predicts from latents.

use serde::{Deserialize, Serialize};

use super::config::HeadConfig;
use super::model_card::ModelCard;
use super::parameters::Layer;

/// A linear head: class and measurements from latents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinearHead {
    settings: HeadConfig,
    /// `[outputs * latents]`
    weight: Vec<f32>,
    /// `[outputs]`
    bias: Vec<f32>,
    /// Mean and standard deviation of each measurement.
    scale: Vec<(f32, f32)>,
}

impl LinearHead {
    /// Takes the head of a model, whose layers are in the order of [`super::parameters::shapes`]; `None` for a model without one.
    pub fn new(card: &ModelCard, layers: &[Layer]) -> Option<Self> {
        let settings = card.config.head.clone()?;
        let (_, weight, bias) = layers.iter().find(|(shape, _, _)| shape.name == "head")?;
        Some(Self { settings, weight: weight.clone(), bias: bias.clone(), scale: card.head_scale.clone() })
    }

    /// Returns what it predicts.
    pub fn settings(&self) -> &HeadConfig {
        &self.settings
    }

    /// Returns its predictions from latents, `[n * d]`: `[n * outputs]`, a probability a class, then the measurements in their own
    /// units.
    pub fn predict(&self, latents: &[f32]) -> Vec<f32> {
        let dims = self.weight.len() / self.bias.len();
        latents.chunks_exact(dims).flat_map(|latent| self.predict_one(latent)).collect()
    }

    fn predict_one(&self, latent: &[f32]) -> Vec<f32> {
        let rows = self.weight.chunks_exact(latent.len()).zip(&self.bias);
        let mut outputs: Vec<f32> = rows
            .map(|(row, bias)| row.iter().zip(latent).map(|(weight, value)| weight * value).sum::<f32>() + bias)
            .collect();
        let (scores, measurements) = outputs.split_at_mut(self.settings.classes);
        softmax(scores);
        for (value, (mean, deviation)) in measurements.iter_mut().zip(&self.scale) {
            *value = *value * deviation + mean;
        }
        outputs
    }
}

/// Turns scores into probabilities.
fn softmax(scores: &mut [f32]) {
    let top = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores.iter_mut().for_each(|score| *score = (*score - top).exp());
    let sum: f32 = scores.iter().sum();
    scores.iter_mut().for_each(|score| *score /= sum);
}

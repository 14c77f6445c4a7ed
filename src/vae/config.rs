//! The configuration of a model and its training.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A model and its training. Build it by [`VaeConfig::paper`] or [`VaeConfig::published_code`] and change fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VaeConfig {
    /// Pixels of a spectrum: 1000.
    pub pixels: usize,
    /// Latents d: the paper shows 2, 4, 6 and 10.
    pub latents: usize,
    /// Units of the hidden layer next to the spectrum, h1 (Table 1; 703 at d = 6).
    pub hidden1: usize,
    /// Units of the hidden layer next to the latents, h2 (Table 1; 94 at d = 6).
    pub hidden2: usize,
    /// Slope of the activation below zero: 0 is the paper's ReLU, 0.01 the code's leaky ReLU.
    pub negative_slope: f32,
    /// False gives a plain autoencoder: the latents are the means, no KL and no MMD.
    pub variational: bool,
    /// InfoVAE's alpha: 0 in the paper. The KL term weighs 1 - alpha.
    pub alpha: f32,
    /// InfoVAE's lambda (Table 1; 3.02 at d = 6). The MMD term weighs alpha + lambda - 1.
    pub lambda: f32,
    /// Scale of the MMD term and its number of draws of the prior.
    pub mmd: MmdScale,
    /// Softening of the weights: w = 1 / (1 / ivar + epsilon), in units of normalised flux squared. The paper caps a
    /// pixel's signal-to-noise at 50: with flux of unit root mean square, 1/2500 (the code: 1/2e6 of unit L2 norm, 1/2000 here).
    pub weight_epsilon: f32,
    /// Every pixel weighs 1, masked ones too, as in the paper's plain autoencoder: for comparisons alone.
    #[serde(default)]
    pub unweighted: bool,
    /// Spectra a step: 64.
    pub batch: usize,
    /// Adam's step size at the start: 1e-3.
    pub learning_rate: f64,
    /// Epochs without improvement on validation after which the learning rate is divided by ten: 5.
    pub patience: usize,
    /// Epochs without improvement after which training stops: 10.
    pub stop_after: usize,
    /// Smallest relative decrease of the validation loss that counts as an improvement: 0 in the paper, 1e-3 in the code.
    pub min_improvement: f64,
    /// Epochs at most, whatever the validation loss does.
    pub max_epochs: usize,
    /// Fraction of the set held out for validation: 0.25.
    pub validation_fraction: f64,
    /// Seed of weights, order and noise. The split has its own, the set's.
    pub seed: u64,
    /// The encoder's input: the flux alone in the paper.
    #[serde(default)]
    pub input: EncoderInput,
    /// Codes of the classes that are trained on and validated with; none for all, as in the paper.
    #[serde(default)]
    pub classes: Vec<u8>,
    /// Spectra taken at most, the first of the set; 0 for all.
    #[serde(default)]
    pub most_spectra: usize,
    /// White noise added to every spectrum before training, in units of each pixel's own standard deviation, its weight lowered
    /// accordingly; 0 in the paper.
    #[serde(default)]
    pub added_noise: f32,
    /// Head of predictions from the latents, whose loss is added to the objective; none in the paper.
    #[serde(default)]
    pub head: Option<HeadConfig>,
}

/// The encoder's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum EncoderInput {
    /// Flux less the mean spectrum, `[pixels]`: the paper.
    #[default]
    Flux,
    /// The same, and then sqrt(w epsilon) of every pixel, `[2 pixels]`: 0 where masked, near 1 where a pixel's noise is below
    /// the weights' softening. The paper's section 4 wishes for the uncertainties as input.
    FluxAndWeight,
}

/// A linear head on the latents: class and measurements of the spectra that have them (the paper's section 4 wishes for a
/// semi-supervised model and for other measurements in the loss).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeadConfig {
    /// Classes distinguished, by their codes 0..classes; 0 for none. The paper has 4.
    pub classes: usize,
    /// Catalogue columns that are predicted, each standardised.
    pub measurements: Vec<String>,
    /// Factor of the head's loss: cross-entropy, in nats, plus half the squared errors of the measurements.
    pub weight: f32,
    /// Share of the training spectra that have labels; the others only take part in the rest of the loss.
    pub labelled_fraction: f64,
}

/// The scale of the MMD term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MmdScale {
    /// The paper's formula: the plain MMD, as many prior draws as spectra in the batch.
    Plain,
    /// The published code's: times batch size times latents, against 200 prior draws.
    PublishedCode,
}

/// Why a configuration cannot be trained.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct ConfigError {
    /// A clause that names the number and what it must be.
    pub reason: String,
}

impl VaeConfig {
    /// Returns the paper's text, with Table 1's architecture for 2, 4, 6 or 10 latents (other counts take the nearest one's).
    pub fn paper(latents: usize) -> Self {
        let (hidden1, hidden2, lambda) = match latents {
            0..=2 => (1663, 42, 11.2),
            3..=4 => (1134, 64, 21.2),
            5..=7 => (703, 94, 3.02),
            _ => (549, 110, 7.72),
        };
        Self {
            pixels: crate::spectrum::PIXELS,
            latents,
            hidden1,
            hidden2,
            negative_slope: 0.0,
            variational: true,
            alpha: 0.0,
            lambda,
            mmd: MmdScale::Plain,
            weight_epsilon: 1.0 / 2500.0,
            unweighted: false,
            batch: 64,
            learning_rate: 1e-3,
            patience: 5,
            stop_after: 10,
            min_improvement: 0.0,
            max_epochs: 200,
            validation_fraction: 0.25,
            seed: 1,
            input: EncoderInput::Flux,
            classes: Vec::new(),
            most_spectra: 0,
            added_noise: 0.0,
            head: None,
        }
    }

    /// Returns how many numbers enter the encoder for a spectrum.
    pub fn inputs(&self) -> usize {
        match self.input {
            EncoderInput::Flux => self.pixels,
            EncoderInput::FluxAndWeight => 2 * self.pixels,
        }
    }

    /// Checks that it can be trained.
    ///
    /// # Errors
    ///
    /// Names the first number that cannot be what it is.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let refuse = |reason: String| Err(ConfigError { reason });
        let sizes = [
            ("pixels", self.pixels),
            ("latents", self.latents),
            ("hidden1", self.hidden1),
            ("hidden2", self.hidden2),
            ("batch", self.batch),
            ("max_epochs", self.max_epochs),
            ("stop_after", self.stop_after),
        ];
        if let Some((name, _)) = sizes.into_iter().find(|&(_, size)| size == 0) {
            return refuse(format!("`{name}` is 0 and must be at least 1"));
        }
        let positive = self.learning_rate > 0.0 && self.learning_rate.is_finite();
        if !positive {
            return refuse(format!("the learning rate is {} and must be above 0", self.learning_rate));
        }
        let part = self.validation_fraction > 0.0 && self.validation_fraction < 1.0;
        if !part {
            return refuse(format!(
                "the validation fraction is {} and must be between 0 and 1",
                self.validation_fraction
            ));
        }
        if !(self.added_noise >= 0.0 && self.added_noise.is_finite()) {
            return refuse(format!("the added noise is {} and must be a number from 0 on", self.added_noise));
        }
        if self.input == EncoderInput::FluxAndWeight && self.weight_epsilon <= 0.0 {
            return refuse("weights enter the encoder in units of weight_epsilon, which must be above 0".to_owned());
        }
        if let Some(head) = &self.head {
            if head.outputs() == 0 {
                return refuse(
                    "its head predicts nothing: give it classes or measurements, or leave it out".to_owned(),
                );
            }
            if !(head.labelled_fraction > 0.0 && head.labelled_fraction <= 1.0 && head.weight.is_finite()) {
                return refuse(
                    "the head's labelled_fraction must be above 0 and up to 1, its weight a number".to_owned(),
                );
            }
        }
        let numbers = [self.alpha, self.lambda, self.negative_slope, self.weight_epsilon];
        if numbers.iter().any(|number| !number.is_finite()) || self.weight_epsilon < 0.0 {
            return refuse(
                "alpha, lambda, negative_slope and weight_epsilon must be numbers, the last not below 0".into(),
            );
        }
        if self.negative_slope < 0.0 {
            return refuse(format!("negative_slope is {} and must not be below 0", self.negative_slope));
        }
        Ok(())
    }

    /// Returns what the published code does where it differs from the text.
    pub fn published_code(latents: usize) -> Self {
        Self {
            negative_slope: 0.01,
            mmd: MmdScale::PublishedCode,
            weight_epsilon: 1.0 / 2000.0,
            min_improvement: 1e-3,
            ..Self::paper(latents)
        }
    }
}

impl Default for VaeConfig {
    /// Returns the paper's model of six latents.
    fn default() -> Self {
        Self::paper(6)
    }
}

impl HeadConfig {
    /// Returns how many numbers the head puts out: a score a class, then the measurements.
    pub fn outputs(&self) -> usize {
        self.classes + self.measurements.len()
    }
}

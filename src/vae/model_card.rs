//! The description of a model in its file.

use serde::{Deserialize, Serialize};

use super::config::VaeConfig;
use super::dataset::TrainingSet;
use super::objective::LossTerms;
use crate::formats::set::Grid;
use crate::preprocess::{Recipe, RecipeMismatch};

/// The JSON in a model file's metadata, under the key `spectrascape`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelCard {
    /// Version of the model format: 1.
    pub format: u32,
    /// The model's name: `vae6`.
    pub name: String,
    /// The whole configuration.
    pub config: VaeConfig,
    /// Name of the training set.
    pub training_set: String,
    /// SHA-256 of the training set's manifest, lower-case hexadecimal.
    pub training_set_sha256: String,
    /// Recipe of the training set, by which every spectrum that enters the model must be prepared. A card without it is of a time when
    /// models were trained on the standard recipe alone.
    #[serde(default)]
    pub recipe: Recipe,
    /// Whether the training set was simulated.
    pub simulated: bool,
    /// The epoch whose weights these are (the best on validation), from 1.
    pub epoch: usize,
    /// The report of each epoch, in order.
    pub history: Vec<EpochReport>,
    /// First wavelength and step of the grid, log10 Angstrom, and its pixels.
    pub grid: (f64, f64, usize),
    /// Mean and standard deviation of each measurement that the head predicts, in the configuration's order.
    #[serde(default)]
    pub head_scale: Vec<(f32, f32)>,
    /// Device that trained the model: `CPU`, or the name of a graphics processor. Empty in cards of a time when it was not recorded.
    #[serde(default)]
    pub trained_on: String,
}

impl ModelCard {
    /// Returns the card of the state after `epoch` of a training on a set.
    pub fn of_training(
        name: &str,
        config: &VaeConfig,
        history: &[EpochReport],
        set: &TrainingSet,
        epoch: usize,
    ) -> Self {
        let grid = Grid::PAPER;
        Self {
            format: 1,
            name: name.to_owned(),
            config: config.clone(),
            training_set: set.name.clone(),
            training_set_sha256: set.manifest_sha256.clone(),
            recipe: set.recipe,
            simulated: set.simulated,
            epoch,
            history: history.to_vec(),
            grid: (grid.coeff0, grid.coeff1, grid.pixels),
            head_scale: set.labels.as_ref().map(|labels| labels.scale.clone()).unwrap_or_default(),
            trained_on: String::new(),
        }
    }

    /// Refuses a set that was prepared by another recipe than the model's training set.
    ///
    /// # Errors
    /// One clause that names model, set and both recipes, and says what to do.
    pub fn check_recipe(&self, set: &str, recipe: Recipe) -> Result<(), RecipeMismatch> {
        self.recipe.check(&self.name, set, recipe)
    }
}

/// One epoch of training.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EpochReport {
    /// Epoch, from 1.
    pub epoch: usize,
    /// Mean over the training steps.
    pub train: LossTerms,
    /// Mean over the validation set.
    pub valid: LossTerms,
    /// Adam's step size in this epoch.
    pub learning_rate: f64,
}

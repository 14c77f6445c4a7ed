//! Why a training cannot start or go on.

use thiserror::Error;

use super::config::ConfigError;

/// Why training cannot start or go on.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TrainError {
    /// Too few spectra to split.
    #[error("the set `{set}` has {spectra} spectra for this, too few to train on and validate with: take more")]
    TooFewSpectra {
        /// The set.
        set: String,
        /// Number of spectra that may be trained on.
        spectra: usize,
    },
    /// An impossible configuration.
    #[error("the model cannot be trained: {0}")]
    Config(#[from] ConfigError),
    /// The set's spectra are not the model's.
    #[error("the model takes {model} pixels and the spectra of `{set}` have {pixels}: use the paper's grid for both")]
    OtherPixels {
        /// The set.
        set: String,
        /// Pixels of its spectra.
        pixels: usize,
        /// Pixels of the model.
        model: usize,
    },
    /// A head without labels.
    #[error(
        "the model has a head, and the set `{set}` has no column `{column}` for it: choose a column of the catalogue"
    )]
    NoLabels {
        /// The set.
        set: String,
        /// The column.
        column: String,
    },
    /// The loss is not a number.
    #[error("training diverged in epoch {epoch}, step {step}: the loss is no longer a number; lower the learning rate")]
    Diverged {
        /// Epoch, from 1.
        epoch: usize,
        /// Step in it, from 1.
        step: usize,
    },
}

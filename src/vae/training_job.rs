//! The inputs of a training, and the errors by which it cannot start or go on.

use thiserror::Error;

use super::backend::error::BackendError;
use crate::vae::config::VaeConfig;
use crate::vae::dataset::TrainingSet;
use crate::vae::train_error::TrainError;

/// The inputs of a training.
#[derive(Debug, Clone)]
pub struct TrainingJob {
    /// The model's name in its file.
    pub name: String,
    /// The set, with its name, mean spectrum and split: whole, or without its spectra, which come shard by shard.
    pub set: TrainingSet,
    /// Spectra that it has once it is whole.
    pub total: usize,
    /// `[total]` class codes; may be empty where the configuration takes all classes.
    pub class_of: Vec<u8>,
    /// Results computed after every epoch in addition to its losses.
    pub follow: Follow,
}

/// Results computed after every epoch in addition to its losses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Follow {
    /// Nothing.
    Losses,
    /// Latents of all spectra and, after the first epoch, the linear baseline; with reconstructions of these rows.
    Latents {
        /// Rows of the set.
        watch: Vec<usize>,
    },
}

/// Why a training cannot start or go on.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SessionError {
    /// The training loop refuses.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// The backend refuses or failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// The saved training is of other spectra.
    #[error("the saved training is of the set `{saved}`, which is not the set `{set}` as it is now: start again")]
    OtherSet {
        /// The set saved with it.
        saved: String,
        /// The set here.
        set: String,
    },
    /// The set is larger than the memory that can be had.
    #[error("{spectra} spectra need {megabytes} MB of memory, which this browser does not give: take a smaller set")]
    OutOfMemory {
        /// The set's.
        spectra: usize,
        /// Memory that the spectra take in half precision, MB.
        megabytes: usize,
    },
    /// The backend does not train models of this kind.
    #[error("the GPU trains the paper's kind of model: take the CPU for one with a head or with weights as input")]
    Unsupported,
}

impl Follow {
    /// Returns the rows whose reconstructions are wanted.
    pub(super) fn watch(&self) -> &[usize] {
        match self {
            Self::Losses => &[],
            Self::Latents { watch } => watch,
        }
    }
}

impl TrainingJob {
    /// Returns the job of training on a set that is whole, following the losses alone.
    pub fn whole(name: &str, set: TrainingSet) -> Self {
        let total = set.len();
        Self { name: name.to_owned(), set, total, class_of: Vec::new(), follow: Follow::Losses }
    }

    /// Returns the rows of the set that a configuration trains on and validates with, ascending.
    pub fn rows(&self, config: &VaeConfig) -> Vec<usize> {
        let wanted = |row: &usize| {
            config.classes.is_empty() || self.class_of.get(*row).is_some_and(|code| config.classes.contains(code))
        };
        let most = if config.most_spectra == 0 { self.total } else { config.most_spectra };
        (0..self.total).filter(wanted).take(most).collect()
    }
}

//! What a training is begun with, and why it cannot be.

use thiserror::Error;

use super::backend::BackendError;
use crate::vae::config::VaeConfig;
use crate::vae::dataset::TrainingSet;
use crate::vae::training::TrainError;

/// What is known of the set before its spectra come.
#[derive(Debug, Clone)]
pub struct TrainingJob {
    /// An empty set, with its name, mean spectrum and split.
    pub set: TrainingSet,
    /// Spectra that it will have.
    pub total: usize,
    /// `[total]` class codes; may be empty where the configuration takes all classes.
    pub class_of: Vec<u8>,
    /// Rows whose reconstructions are wanted after every epoch.
    pub watch: Vec<usize>,
}

/// Why a training cannot start or go on.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SessionError {
    /// The regimen says no.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// The arithmetic does.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// What was saved belongs to other spectra.
    #[error("the saved training is of the set `{saved}`, which is not the set `{set}` as it is now: start it anew")]
    OtherSet {
        /// The set saved with it.
        saved: String,
        /// The set here.
        set: String,
    },
    /// The set is larger than the memory that a page gets.
    #[error("{spectra} spectra need {megabytes} MB of memory, which this browser does not give: take a smaller set")]
    NoRoom {
        /// The set's.
        spectra: usize,
        /// What they take in half precision.
        megabytes: usize,
    },
    /// Not the paper's network.
    #[error("models with a head or with uncertainties as input are trained by the command line, not in the page")]
    NotPlain,
}

impl TrainingJob {
    /// Rows of the set that a configuration trains on and validates with, ascending.
    pub fn rows(&self, config: &VaeConfig) -> Vec<usize> {
        let wanted = |row: &usize| {
            config.classes.is_empty() || self.class_of.get(*row).is_some_and(|code| config.classes.contains(code))
        };
        let most = if config.most_spectra == 0 { self.total } else { config.most_spectra };
        (0..self.total).filter(wanted).take(most).collect()
    }
}

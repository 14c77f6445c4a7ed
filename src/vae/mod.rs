//! The paper's model: an InfoVAE of spectra.
//!
//! What needs the feature `engine` names Burn; the rest is plain data and arithmetic, which the page has too.

pub mod card;
pub mod checkpoint;
pub mod config;

#[cfg(feature = "engine")]
pub mod adam;
pub mod batch;
#[cfg(feature = "engine")]
pub mod head;
#[cfg(feature = "engine")]
pub mod inference;
pub mod labels;
pub mod learner;
#[cfg(feature = "engine")]
pub mod loss;
#[cfg(feature = "engine")]
pub mod model;
pub mod model_file;
pub mod parameters;
pub mod random;
#[cfg(feature = "engine")]
pub mod refill;
pub mod regimen;
pub mod schedule;
#[cfg(feature = "engine")]
pub mod search;
#[cfg(feature = "engine")]
pub mod training;
#[cfg(feature = "engine")]
pub mod weights;

pub use card::ModelCard;
pub use config::VaeConfig;
#[cfg(feature = "engine")]
pub use inference::{Model, chi2};
#[cfg(feature = "engine")]
pub use model::InfoVae;
#[cfg(feature = "engine")]
pub use training::Trainer;

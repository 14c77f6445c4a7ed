//! The paper's model: an InfoVAE of spectra.
//!
//! `config` and `card` are plain data, which the page reads too; the rest names Burn and needs the feature `engine`.

pub mod card;
pub mod config;

#[cfg(feature = "engine")]
pub mod adam;
#[cfg(feature = "engine")]
pub mod batch;
#[cfg(feature = "engine")]
pub mod head;
#[cfg(feature = "engine")]
pub mod inference;
#[cfg(feature = "engine")]
pub mod loss;
#[cfg(feature = "engine")]
pub mod model;
#[cfg(feature = "engine")]
pub mod random;
#[cfg(feature = "engine")]
pub mod refill;
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

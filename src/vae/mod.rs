//! The paper's model: an InfoVAE of spectra.

pub mod card;
pub mod config;

pub use card::ModelCard;
pub use config::VaeConfig;

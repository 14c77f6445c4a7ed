//! The paper's model: an InfoVAE of spectra.
//!
//! Modules behind the feature `engine` use Burn; the others are plain data and arithmetic, which the page has too.

pub mod activation;
pub mod adam;
pub mod backend;
pub mod checkpoint;
pub mod config;
pub mod dataset;
pub mod decoder;
pub mod encoding;
pub mod epoch_encoder;
#[cfg(feature = "engine")]
pub mod inference;
#[cfg(feature = "engine")]
pub mod infill;
pub mod initial_weights;
pub mod labels;
pub mod latent_fit;
pub mod learner_state;
pub mod linear_baseline;
pub mod linear_head;
pub mod model_card;
pub mod model_file;
pub mod noise_augmentation;
pub mod objective;
pub mod parameters;
pub mod posterior;
pub mod random;
pub mod schedule;
#[cfg(feature = "engine")]
pub mod search;
pub mod session;
pub mod stored_spectra;
pub mod train_error;
pub mod training;
pub mod training_job;
pub mod weights_hash;

#[cfg(feature = "engine")]
pub use backend::burn::model::InfoVae;
pub use config::VaeConfig;
#[cfg(feature = "engine")]
pub use inference::{Model, chi2};
pub use model_card::ModelCard;

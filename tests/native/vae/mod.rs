//! The model and its training.

#[cfg(feature = "engine")]
mod decoder;
#[cfg(feature = "engine")]
mod latent_fit;
#[cfg(feature = "engine")]
mod linear_head;
#[cfg(feature = "engine")]
pub mod model;
#[cfg(feature = "engine")]
mod parameters;
mod session;
mod stored_spectra;
#[cfg(feature = "engine")]
mod variants;
mod weights_hash;

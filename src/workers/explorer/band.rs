//! The uncertainty of a decoded spectrum.

use super::decode;
use super::reply::{Answer, now, sentence};
use crate::latent;
use crate::protocol::ExploreEvent;
use crate::vae::Model;

/// Computes the standard deviation of the flux decoded at `latent` `[latents]`, given the log variance of each latent there.
pub fn band(model: &Model, latent: Vec<f32>, log_var: &[f32]) -> Answer {
    decode::check(model, &latent, 1)?;
    let sigma = latent::band(&latent, log_var, |latents| model.decode(latents)).map_err(sentence)?;
    now(ExploreEvent::Band { latent, sigma })
}

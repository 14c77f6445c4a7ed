//! The native tests; folders mirror `src`, and `backends` holds the one suite that every backend must pass.

mod data;
mod real;

mod backends;
mod browser;
mod cli;
mod export;
mod formats;
mod latent;
mod layering;
mod numerics;
mod page;
mod plot;
mod preprocess;
mod simulator;
mod spectrum;
mod vae;
#[cfg(feature = "engine")]
mod workers;

//! Analyses of latents.

mod axes;
mod band;
#[cfg(feature = "cli")]
mod clusters;
mod extrapolation;
pub mod linear_decoder;
mod noise;
mod outliers;
mod reasons;
mod redshift;
mod tracks;
mod umap;

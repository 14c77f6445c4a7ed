//! Linear rivals of the model: PCA and non-negative matrix factorisation, each fitted without and with weights. PCA also
//! serves infill and the latent axes.
//!
//! [`rival`] is the face of all four; [`pca`], [`weighted_pca`] and [`nmf`] are what is behind it.

pub mod alternate;
pub mod error;
pub mod nmf;
pub mod pca;
pub mod rival;
pub mod weighted_pca;

mod equations;
mod parallel;
pub(crate) mod products;
mod solve;
mod table;
mod wide;

pub(crate) use wide::wide;

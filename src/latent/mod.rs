//! What is read from the latents.

mod axes;

pub use axes::LatentAxes;

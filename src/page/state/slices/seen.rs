//! What the page shows of an epoch.

use std::sync::Arc;

use crate::page::view::embedding::Cloud;

/// The model after an epoch, as far as the page shows it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Tells states apart without comparing them.
    pub serial: u32,
    /// Epochs done.
    pub epoch: usize,
    /// `[latents]` mean variance of q(z|x).
    pub variance: Vec<f32>,
    /// `[latents]` variance of the latent means over the set.
    pub spread: Vec<f32>,
    /// `[watched * 1000]` reconstructions of the spectra watched.
    pub watched: Arc<Vec<f32>>,
    /// The embedding.
    pub cloud: Arc<Cloud>,
}

//! The sample of the set's spectra that PCA is fitted to.

/// The pixels of some of the set's spectra.
#[derive(Debug, Clone, PartialEq)]
pub struct SamplePixels {
    /// `[n * 1000]` normalised flux.
    pub flux: Vec<f32>,
    /// `[n * 1000]` inverse variance, 0 where masked.
    pub ivar: Vec<f32>,
}

//! A spectrum on the paper's rest-frame grid.

/// A spectrum on the grid, before infill and normalisation.
#[derive(Debug, Clone, PartialEq)]
pub struct RestFrameSpectrum {
    /// `[1000]` flux density, 1e-17 erg/s/cm^2/Angstrom; meaningless where masked.
    pub flux: Vec<f32>,
    /// `[1000]` inverse variance of the flux; 0 where masked.
    pub ivar: Vec<f32>,
    /// `[1000]` true = bad or not observed.
    pub mask: Vec<bool>,
}

/// A normalised spectrum on the grid: the content of shards and the input of models.
#[derive(Debug, Clone, PartialEq)]
pub struct GridSpectrum {
    /// `[1000]` flux divided by `norm`; masked pixels are infilled.
    pub flux: Vec<f32>,
    /// `[1000]` inverse variance of `flux`; 0 = masked.
    pub ivar: Vec<f32>,
    /// Factor by which the flux was divided, 1e-17 erg/s/cm^2/Angstrom.
    pub norm: f32,
}

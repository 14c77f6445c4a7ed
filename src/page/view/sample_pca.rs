//! A sample of some hundred spectra and its principal components: PCA reconstructs with them, and decoded draws are compared
//! with the sample.

use crate::numerics::pca::Pca;
use crate::plot;
use crate::spectrum::PIXELS;

/// Most components fitted.
pub const COMPONENTS: usize = 10;

/// A sample of spectra and its principal components.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Normalised flux `[n * 1000]`, masked pixels infilled.
    pub flux: Vec<f32>,
    /// Inverse variance `[n * 1000]`, 0 = masked.
    pub ivar: Vec<f32>,
    /// Principal components of the sample, ten or fewer.
    pub pca: Pca,
    /// Coordinates `[n * k]` of each spectrum along the components.
    coordinates: Vec<f32>,
}

impl Sample {
    /// Builds a sample from flux and inverse variance `[n * 1000]` and the components fitted to them; `None` where the shapes do
    /// not fit.
    pub fn new(flux: Vec<f32>, ivar: Vec<f32>, pca: Pca) -> Option<Self> {
        let whole = !flux.is_empty() && flux.len().is_multiple_of(PIXELS) && ivar.len() == flux.len();
        if !whole || pca.mean.len() != PIXELS || pca.components.len() != pca.len() * PIXELS {
            return None;
        }
        let coordinates = flux.chunks_exact(PIXELS).flat_map(|row| pca.project(row)).collect();
        Some(Self { flux, ivar, pca, coordinates })
    }

    /// Returns the number of spectra.
    pub fn len(&self) -> usize {
        self.flux.len() / PIXELS
    }

    /// Returns whether there are no spectra.
    pub fn is_empty(&self) -> bool {
        self.flux.is_empty()
    }

    /// Returns the reconstruction `[1000]` of a spectrum `[1000]` from the first `components` components.
    pub fn reconstruct(&self, flux: &[f32], components: usize) -> Vec<f32> {
        let mut coordinates = self.pca.project(flux);
        coordinates.truncate(components);
        self.pca.reconstruct(&coordinates)
    }

    /// Returns the chi-squared per pixel `[n]` of each spectrum with `components` components; NaN where all pixels are masked.
    pub fn chi2(&self, components: usize) -> Vec<f32> {
        let rows = self.flux.chunks_exact(PIXELS);
        let reconstructed: Vec<f32> = rows.flat_map(|row| self.reconstruct(row, components)).collect();
        self.chi2_of(&reconstructed)
    }

    /// Returns the chi-squared per pixel `[n]` of reconstructions `[n * 1000]` by another model; NaN where all pixels are
    /// masked, or the reconstruction is missing.
    pub fn chi2_of(&self, reconstructed: &[f32]) -> Vec<f32> {
        let rows =
            self.flux.chunks_exact(PIXELS).zip(self.ivar.chunks_exact(PIXELS)).zip(reconstructed.chunks_exact(PIXELS));
        rows.map(|((flux, ivar), reconstructed)| {
            plot::chi2(flux, ivar, reconstructed).map_or(f32::NAN, |chi2| chi2 as f32)
        })
        .collect()
    }

    /// Returns the difference between a spectrum `[1000]` and the nearest one of the sample as reconstructed: the root mean
    /// square over the pixels, where the flux itself has about 1. The part outside the space of the components counts as
    /// different.
    pub fn distance(&self, flux: &[f32]) -> f32 {
        let coordinates = self.pca.project(flux);
        let centred = flux.iter().zip(&self.pca.mean).map(|(x, mean)| x - mean);
        let outside = (centred.map(|x| x * x).sum::<f32>() - coordinates.iter().map(|x| x * x).sum::<f32>()).max(0.0);
        let along = self
            .coordinates
            .chunks_exact(coordinates.len().max(1))
            .map(|other| -> f32 { other.iter().zip(&coordinates).map(|(a, b)| (a - b).powi(2)).sum() });
        let nearest = along.fold(f32::INFINITY, f32::min);
        ((nearest + outside) / PIXELS as f32).sqrt()
    }
}

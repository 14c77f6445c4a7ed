//! Some hundred spectra of the set and their principal components: what the PCA tab reconstructs with, and what a decoded spectrum
//! is compared with.

use crate::numerics::pca::Pca;
use crate::plot;
use crate::spectrum::PIXELS;

/// Components at most.
pub const COMPONENTS: usize = 10;

/// Spectra and their principal components.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// `[n * 1000]` normalised flux, masked pixels infilled.
    pub flux: Vec<f32>,
    /// `[n * 1000]` inverse variance, 0 = masked.
    pub ivar: Vec<f32>,
    /// Their principal components, ten or fewer.
    pub pca: Pca,
    /// `[n * k]` coordinates of each along the components.
    coordinates: Vec<f32>,
}

impl Sample {
    /// From `[n * 1000]` flux and inverse variance and the components fitted to them; none where they do not belong together.
    pub fn new(flux: Vec<f32>, ivar: Vec<f32>, pca: Pca) -> Option<Self> {
        let whole = !flux.is_empty() && flux.len().is_multiple_of(PIXELS) && ivar.len() == flux.len();
        if !whole || pca.mean.len() != PIXELS || pca.components.len() != pca.len() * PIXELS {
            return None;
        }
        let coordinates = flux.chunks_exact(PIXELS).flat_map(|row| pca.project(row)).collect();
        Some(Self { flux, ivar, pca, coordinates })
    }

    /// Spectra.
    pub fn len(&self) -> usize {
        self.flux.len() / PIXELS
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.flux.is_empty()
    }

    /// `[1000]` what `components` components make of a spectrum `[1000]`.
    pub fn reconstruct(&self, flux: &[f32], components: usize) -> Vec<f32> {
        let mut coordinates = self.pca.project(flux);
        coordinates.truncate(components);
        self.pca.reconstruct(&coordinates)
    }

    /// `[n]` chi2 of each spectrum by so many components; NaN where all is masked.
    pub fn chi2(&self, components: usize) -> Vec<f32> {
        let rows = self.flux.chunks_exact(PIXELS);
        let made: Vec<f32> = rows.flat_map(|row| self.reconstruct(row, components)).collect();
        self.chi2_of(&made)
    }

    /// `[n]` chi2 of what something else makes of each spectrum, `[n * 1000]`; NaN where all is masked, or nothing was made.
    pub fn chi2_of(&self, made: &[f32]) -> Vec<f32> {
        let rows = self.flux.chunks_exact(PIXELS).zip(self.ivar.chunks_exact(PIXELS)).zip(made.chunks_exact(PIXELS));
        rows.map(|((flux, ivar), made)| plot::chi2(flux, ivar, made).map_or(f32::NAN, |chi2| chi2 as f32)).collect()
    }

    /// How much a spectrum `[1000]` differs from the nearest one of the sample as the components draw it: root mean square over
    /// the pixels, where the flux itself has about 1. What no component can draw counts as different.
    pub fn distance(&self, flux: &[f32]) -> f32 {
        let place = self.pca.project(flux);
        let centred = flux.iter().zip(&self.pca.mean).map(|(x, mean)| x - mean);
        let beside = (centred.map(|x| x * x).sum::<f32>() - place.iter().map(|x| x * x).sum::<f32>()).max(0.0);
        let along = self
            .coordinates
            .chunks_exact(place.len().max(1))
            .map(|other| -> f32 { other.iter().zip(&place).map(|(a, b)| (a - b).powi(2)).sum() });
        let nearest = along.fold(f32::INFINITY, f32::min);
        ((nearest + beside) / PIXELS as f32).sqrt()
    }
}

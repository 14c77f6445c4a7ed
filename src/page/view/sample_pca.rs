//! A sample of some hundred spectra and its principal components: PCA reconstructs with them, and decoded draws are compared
//! with the sample. The fit runs a sweep at a time ([`Fitting::step`]), so that the page stays responsive.

use crate::numerics::pca::{self, Pca};
use crate::plot;
use crate::spectrum::PIXELS;

/// Most components fitted.
pub const COMPONENTS: usize = 10;
/// Most sweeps of a fit.
const SWEEPS: usize = 40;
/// Largest change of a variance, relative to the largest variance, at which the components have converged.
const SETTLED: f32 = 1e-5;

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

/// A fit in progress.
pub struct Fitting {
    flux: Vec<f32>,
    ivar: Vec<f32>,
    mean: Vec<f32>,
    basis: nalgebra::DMatrix<f64>,
    leading: (Vec<f32>, Vec<f32>),
    sweeps: usize,
}

impl Fitting {
    /// Begins a fit to flux and inverse variance `[n * 1000]`; `None` for fewer than two spectra, or for arrays of different
    /// lengths.
    pub fn new(flux: Vec<f32>, ivar: Vec<f32>) -> Option<Self> {
        let count = flux.len() / PIXELS;
        if count < 2 || flux.len() != count * PIXELS || ivar.len() != flux.len() {
            return None;
        }
        let mean = pca::mean_row(&flux, PIXELS);
        let basis = pca::start(PIXELS, COMPONENTS, count);
        Some(Self { flux, ivar, mean, basis, leading: Default::default(), sweeps: 0 })
    }

    /// Runs one sweep over the spectra and returns whether the fit has converged.
    pub fn step(&mut self) -> bool {
        let count = self.flux.len() / PIXELS;
        let (ritz, next) = pca::sweep(&self.flux, PIXELS, &self.mean, &self.basis);
        let leading = ritz.leading(COMPONENTS.min(count - 1));
        let before = std::mem::replace(&mut self.leading, leading);
        self.basis = next;
        self.sweeps += 1;
        let (old, new) = (&before.1, &self.leading.1);
        let top = new.first().copied().unwrap_or(0.0);
        let same = old.len() == new.len() && old.iter().zip(new).all(|(a, b)| (a - b).abs() <= SETTLED * top);
        same || self.sweeps >= SWEEPS
    }

    /// Returns the sample with the components found so far.
    pub fn finish(mut self) -> Sample {
        if self.sweeps == 0 {
            self.step();
        }
        let (components, eigenvalues) = self.leading;
        let pca = Pca { mean: self.mean, components, eigenvalues };
        let coordinates = self.flux.chunks_exact(PIXELS).flat_map(|row| pca.project(row)).collect();
        Sample { flux: self.flux, ivar: self.ivar, pca, coordinates }
    }
}

impl Sample {
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

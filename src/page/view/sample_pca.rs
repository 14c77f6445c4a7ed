//! Some hundred spectra of the set and their principal components: what the PCA tab reconstructs with, and what a decoded place
//! is held against.
//!
//! The fit is made a sweep at a time ([`Fitting::step`]), so that the page stays awake between sweeps.

use crate::numerics::pca::{self, Pca};
use crate::plot;
use crate::spectrum::PIXELS;

/// Components at most.
pub const COMPONENTS: usize = 10;
/// Sweeps at most.
const SWEEPS: usize = 40;
/// Components have settled when no variance changes by more, relative to the largest.
const SETTLED: f32 = 1e-5;

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

/// A fit under way.
pub struct Fitting {
    flux: Vec<f32>,
    ivar: Vec<f32>,
    mean: Vec<f32>,
    basis: nalgebra::DMatrix<f64>,
    leading: (Vec<f32>, Vec<f32>),
    sweeps: usize,
}

impl Fitting {
    /// Of `[n * 1000]` flux and inverse variance, two spectra at least; none of fewer, or where they do not belong together.
    pub fn new(flux: Vec<f32>, ivar: Vec<f32>) -> Option<Self> {
        let count = flux.len() / PIXELS;
        if count < 2 || flux.len() != count * PIXELS || ivar.len() != flux.len() {
            return None;
        }
        let mean = pca::mean_row(&flux, PIXELS);
        let basis = pca::start(PIXELS, COMPONENTS, count);
        Some(Self { flux, ivar, mean, basis, leading: Default::default(), sweeps: 0 })
    }

    /// One sweep over the spectra; whether the components have settled.
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

    /// What has come of it.
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

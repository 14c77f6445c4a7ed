//! The spectra by which gaps are filled.

use crate::spectrum::PIXELS;

/// Mean and leading principal components of normalised spectra (unit root mean square), by which gaps are filled.
#[derive(Debug, Clone, PartialEq)]
pub struct InfillBasis {
    /// `[1000]` mean spectrum.
    pub mean: Vec<f32>,
    /// `[k * 1000]` orthonormal components, row by row, the largest variance first. Zeros where a set was too small for k.
    pub components: Vec<f32>,
    /// `[k]` variance along each component; a component of variance 0 is not used.
    pub eigenvalues: Vec<f32>,
}

impl InfillBasis {
    /// Returns a basis that fills gaps with `mean` `[1000]`: what there is before any component is known.
    pub fn mean_only(mean: Vec<f32>, components: usize) -> Self {
        Self { mean, components: vec![0.0; components * PIXELS], eigenvalues: vec![0.0; components] }
    }

    /// Returns the count of components in use: those with a variance.
    pub(super) fn used(&self) -> usize {
        self.eigenvalues.iter().take_while(|&&value| value > 0.0).count()
    }
}

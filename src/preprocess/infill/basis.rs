//! The basis from which masked pixels are infilled.

use crate::spectrum::PIXELS;

/// The mean and the leading principal components of normalised spectra (unit root mean square), from which gaps are infilled.
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
    /// Returns a basis without variances, which infills gaps with `mean` `[1000]`.
    pub fn mean_only(mean: Vec<f32>, components: usize) -> Self {
        Self { mean, components: vec![0.0; components * PIXELS], eigenvalues: vec![0.0; components] }
    }

    /// Returns the number of components with a variance, which are those used.
    pub(super) fn used(&self) -> usize {
        self.eigenvalues.iter().take_while(|&&value| value > 0.0).count()
    }
}

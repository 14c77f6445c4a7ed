//! The linear baselines, PCA and NMF, behind one interface: fitted as in the paper (every pixel counts the same) or with the weights that
//! the model is trained with; and the paper's measure of a reconstruction (its Figure 3).

use std::ops::ControlFlow;

use crate::numerics::alternating::{FitOptions, FitProgress};
use crate::numerics::data_matrix::Table;
use crate::numerics::error::NumericsError;
use crate::numerics::nmf::Nmf;
use crate::numerics::pca::Pca;
use crate::numerics::{parallel, weighted_pca};

/// The kind of a linear baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinearKind {
    /// Principal components: mean + sum of a_p c_p.
    Pca,
    /// Non-negative matrix factorisation: sum of a_p c_p, with no a or c below 0.
    Nmf,
}

/// Settings of a linear baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinearConfig {
    /// PCA or NMF.
    pub kind: LinearKind,
    /// Whether the fit uses the weights that the model is trained with. The paper's did not.
    pub weighted: bool,
    /// Number of latents k (the paper: 2, 4, 6, 10).
    pub components: usize,
    /// Seed of the random start; it does not matter for unweighted PCA.
    pub seed: u64,
}

/// A fitted linear baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearModel {
    /// Whether weights were used in the fit, and are used to compute latents.
    pub weighted_fit: bool,
    /// The fitted factors.
    pub factors: Factors,
}

/// The factors of a linear baseline.
#[derive(Debug, Clone, PartialEq)]
pub enum Factors {
    /// Mean and orthonormal components.
    Pca(Pca),
    /// Non-negative components of unit length.
    Nmf(Nmf),
}

/// The error of reconstructions.
#[derive(Debug, Clone, PartialEq)]
pub struct ReconstructionError {
    /// `[n]` mean over a spectrum's pixels of weight x (flux - reconstruction)^2. Masked pixels count as 0 and are counted.
    pub per_spectrum: Vec<f64>,
    /// Mean of `per_spectrum`: the measure of Figure 3.
    pub overall: f64,
}

/// Computes the error of `reconstruction` `[n * width]` as in the paper's Figure 3: the mean over spectra and pixels of
/// weight x (flux - reconstruction)^2. A pixel of weight 0 counts as 0, whatever its flux.
///
/// # Errors
/// Arrays that are not rows of `width`, or of different lengths.
pub fn reconstruction_error(
    flux: &[f32],
    weight: &[f32],
    reconstruction: &[f32],
    width: usize,
) -> Result<ReconstructionError, NumericsError> {
    check(flux, weight, width)?;
    if reconstruction.len() != flux.len() {
        let (found, expected) = (reconstruction.len(), flux.len());
        return Err(NumericsError::Shape { what: "the reconstruction", found, expected });
    }
    let spectra = flux.chunks_exact(width).zip(weight.chunks_exact(width)).zip(reconstruction.chunks_exact(width));
    let per_spectrum: Vec<f64> = spectra
        .map(|((flux, weight), reconstruction)| {
            let pixels = flux.iter().zip(weight).zip(reconstruction).filter(|((_, weight), _)| **weight != 0.0);
            pixels.map(|((&x, &w), &model)| f64::from(w) * (f64::from(x) - f64::from(model)).powi(2)).sum::<f64>()
                / width as f64
        })
        .collect();
    let overall = per_spectrum.iter().sum::<f64>() / per_spectrum.len() as f64;
    Ok(ReconstructionError { per_spectrum, overall })
}

impl LinearModel {
    /// Fits spectra `rows` `[n * width]`, without the mean subtracted (PCA does that itself, and NMF needs positive flux), with weights
    /// `[n * width]` that only a weighted fit uses. Missing values are 0 with weight 0; for an unweighted fit they should be infilled.
    /// `progress` is called after every round of an iterative fit and may break; the fit so far is returned. Unweighted PCA is one
    /// step and does not call it.
    ///
    /// # Errors
    /// Rows or weights that make no table, or a number of components out of range.
    pub fn fit(
        config: &LinearConfig,
        rows: &[f32],
        weights: &[f32],
        width: usize,
        progress: impl FnMut(FitProgress) -> ControlFlow<()>,
    ) -> Result<Self, NumericsError> {
        let options = FitOptions { seed: config.seed, ..FitOptions::default() };
        let (weighted, components) = (config.weighted, config.components);
        let factors = match (config.kind, weighted) {
            (LinearKind::Pca, true) => {
                Factors::Pca(weighted_pca::fit(rows, weights, width, components, &options, progress)?)
            }
            (LinearKind::Pca, false) => {
                let table = Table::new(rows, None, width)?;
                table.allow(components, width.min(table.len() - 1))?;
                Factors::Pca(Pca::fit(rows, width, components))
            }
            (LinearKind::Nmf, _) => {
                let weights = weighted.then_some(weights);
                Factors::Nmf(Nmf::fit(rows, weights, width, components, &options, progress)?)
            }
        };
        Ok(Self { weighted_fit: weighted, factors })
    }

    /// Returns whether it is PCA or NMF.
    pub fn kind(&self) -> LinearKind {
        match self.factors {
            Factors::Pca(_) => LinearKind::Pca,
            Factors::Nmf(_) => LinearKind::Nmf,
        }
    }

    /// Returns the components `[k * width]`, row by row, the strongest first.
    pub fn components(&self) -> &[f32] {
        match &self.factors {
            Factors::Pca(pca) => &pca.components,
            Factors::Nmf(nmf) => &nmf.components,
        }
    }

    /// Returns the number of latents k.
    pub fn len(&self) -> usize {
        self.components().len() / self.width().max(1)
    }

    /// Returns whether there are no components.
    pub fn is_empty(&self) -> bool {
        self.components().is_empty()
    }

    /// Returns the number of values per row.
    pub fn width(&self) -> usize {
        match &self.factors {
            Factors::Pca(pca) => pca.mean.len(),
            Factors::Nmf(nmf) => nmf.width,
        }
    }

    /// Returns the latents `[n * k]` of spectra `[n * width]` with `weights` `[n * width]`: those of the best reconstruction, by the weights for
    /// a weighted fit, else with every pixel counting the same.
    ///
    /// # Errors
    /// Arrays that are not rows of the model's width, or of different lengths.
    pub fn latents(&self, rows: &[f32], weights: &[f32]) -> Result<Vec<f32>, NumericsError> {
        self.each(rows, weights, |row, weight| self.project(row, weight))
    }

    /// Returns the spectrum `[width]` at latents `[k]`.
    pub fn decode(&self, latents: &[f32]) -> Vec<f32> {
        match &self.factors {
            Factors::Pca(pca) => pca.reconstruct(latents),
            Factors::Nmf(nmf) => nmf.reconstruct(latents),
        }
    }

    /// Returns the reconstructions `[n * width]` of spectra `[n * width]` with `weights` `[n * width]`.
    ///
    /// # Errors
    /// Arrays that are not rows of the model's width, or of different lengths.
    pub fn reconstruct(&self, rows: &[f32], weights: &[f32]) -> Result<Vec<f32>, NumericsError> {
        self.each(rows, weights, |row, weight| self.decode(&self.project(row, weight)))
    }

    fn project(&self, row: &[f32], weight: &[f32]) -> Vec<f32> {
        match &self.factors {
            Factors::Pca(pca) if self.weighted_fit => weighted_pca::project(pca, row, weight),
            Factors::Pca(pca) => pca.project(row),
            Factors::Nmf(nmf) => nmf.project(row, self.weighted_fit.then_some(weight)),
        }
    }

    /// Returns the results of `work` on each spectrum, concatenated.
    fn each(
        &self,
        rows: &[f32],
        weights: &[f32],
        work: impl Fn(&[f32], &[f32]) -> Vec<f32> + Sync,
    ) -> Result<Vec<f32>, NumericsError> {
        let width = self.width();
        check(rows, weights, width)?;
        let parts = parallel::ranges(rows.len() / width, |range| {
            let span = |i: usize| i * width..(i + 1) * width;
            range.flat_map(|i| work(&rows[span(i)], &weights[span(i)])).collect::<Vec<f32>>()
        });
        Ok(parts.concat())
    }
}

/// Checks that the values are whole rows, with one weight per value.
fn check(rows: &[f32], weights: &[f32], width: usize) -> Result<(), NumericsError> {
    if width == 0 || rows.is_empty() || !rows.len().is_multiple_of(width) {
        return Err(NumericsError::NoRows { values: rows.len(), width });
    }
    if weights.len() != rows.len() {
        return Err(NumericsError::Weights { weights: weights.len(), values: rows.len() });
    }
    Ok(())
}

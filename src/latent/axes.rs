//! The axes VAE 1..d of the paper's figures: a principal component analysis of the latent means (section 4.1).

use nalgebra::{DMatrix, SymmetricEigen};

/// A rotation of latent space about the mean of all latents, so that VAE 1 holds the most variance, VAE 2 the next.
#[derive(Debug, Clone, PartialEq)]
pub struct LatentAxes {
    /// Latents d.
    pub dims: usize,
    /// `[d]` mean of the latent means.
    pub mean: Vec<f32>,
    /// `[d * d]` unit vectors, one axis a row, most variance first. The component largest in size is positive, so that
    /// an axis has one direction and not two.
    pub components: Vec<f32>,
    /// `[d]` variance along each axis (divided by n - 1).
    pub variance: Vec<f32>,
}

impl LatentAxes {
    /// Fits the axes to `[n * d]` latent means. Rows that are not finite are left out; with fewer than two rows the axes
    /// are the latents themselves.
    pub fn fit(latents: &[f32], dims: usize) -> Self {
        let rows: Vec<&[f32]> =
            latents.chunks_exact(dims.max(1)).filter(|row| row.iter().all(|value| value.is_finite())).collect();
        let mut mean = vec![0f64; dims];
        for row in &rows {
            for (sum, &value) in mean.iter_mut().zip(*row) {
                *sum += f64::from(value);
            }
        }
        mean.iter_mut().for_each(|sum| *sum /= rows.len().max(1) as f64);

        let mut covariance = DMatrix::<f64>::zeros(dims, dims);
        let mut offset = vec![0f64; dims];
        for row in &rows {
            for ((out, &value), centre) in offset.iter_mut().zip(*row).zip(&mean) {
                *out = f64::from(value) - centre;
            }
            for i in 0..dims {
                for j in 0..=i {
                    covariance[(i, j)] += offset[i] * offset[j];
                }
            }
        }
        let freedom = rows.len().saturating_sub(1).max(1) as f64;
        for i in 0..dims {
            for j in 0..=i {
                covariance[(i, j)] /= freedom;
                covariance[(j, i)] = covariance[(i, j)];
            }
        }
        Self::of_covariance(mean, covariance)
    }

    /// Where latents lie along the axes: `[n * d]` to `[n * d]`.
    pub fn project(&self, latents: &[f32]) -> Vec<f32> {
        let mut projected = Vec::with_capacity(latents.len());
        for row in latents.chunks_exact(self.dims.max(1)) {
            for axis in self.components.chunks_exact(self.dims) {
                let along = axis.iter().zip(row).zip(&self.mean).map(|((a, x), m)| a * (x - m));
                projected.push(along.sum());
            }
        }
        projected
    }

    /// The latents of places along the axes: `[n * d]` to `[n * d]`; the inverse of [`LatentAxes::project`].
    pub fn unproject(&self, along: &[f32]) -> Vec<f32> {
        let mut latents = Vec::with_capacity(along.len());
        for row in along.chunks_exact(self.dims.max(1)) {
            for i in 0..self.dims {
                let parts = row.iter().enumerate().map(|(axis, value)| value * self.components[axis * self.dims + i]);
                latents.push(self.mean[i] + parts.sum::<f32>());
            }
        }
        latents
    }

    fn of_covariance(mean: Vec<f64>, covariance: DMatrix<f64>) -> Self {
        let dims = mean.len();
        let eigen = SymmetricEigen::new(covariance);
        let mut order: Vec<usize> = (0..dims).collect();
        order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
        let mut components = Vec::with_capacity(dims * dims);
        for &axis in &order {
            let column = eigen.eigenvectors.column(axis);
            let largest =
                column.iter().copied().fold(0f64, |most, value| if value.abs() > most.abs() { value } else { most });
            let sign = if largest < 0.0 { -1.0 } else { 1.0 };
            components.extend(column.iter().map(|value| (sign * value) as f32));
        }
        Self {
            dims,
            mean: mean.iter().map(|&value| value as f32).collect(),
            components,
            variance: order.iter().map(|&axis| eigen.eigenvalues[axis] as f32).collect(),
        }
    }
}

//! The axes VAE 1..d of the paper's figures: the principal axes of the latent means (section 4.1).

use nalgebra::{DMatrix, SymmetricEigen};

use crate::spectrum::Class;

/// Axis VAE k, the class with the larger mean along it in the paper's figures, and the class with the smaller.
const PAPER_ORDER: [(usize, Class, Class); 5] = [
    (1, Class::EmissionLine, Class::Quiescent),
    (3, Class::EmissionLine, Class::Quiescent),
    (4, Class::EmissionLine, Class::Quiescent),
    (5, Class::BroadLineAgn, Class::NarrowLineAgn),
    (6, Class::NarrowLineAgn, Class::BroadLineAgn),
];

/// A rotation of latent space about the mean of all latents, by which VAE 1 has the largest variance, VAE 2 the next.
#[derive(Debug, Clone, PartialEq)]
pub struct LatentAxes {
    /// Number of latents d.
    pub dims: usize,
    /// `[d]` mean of the latent means.
    pub mean: Vec<f32>,
    /// `[d * d]` unit vectors, one axis per row, largest variance first. The component of largest size is positive, which fixes the
    /// direction of an axis.
    pub components: Vec<f32>,
    /// `[d]` variance along each axis (divided by n - 1).
    pub variance: Vec<f32>,
}

impl LatentAxes {
    /// Fits the axes to latent means `[n * d]`. Rows that are not finite are left out; with fewer than two rows the axes are the latents
    /// themselves.
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

    /// Returns the axes with the directions of the paper's figures, so that its tracks lead the same way. A principal axis has no sign of
    /// its own, and a track begins at one end. Emission-line galaxies lie above quiescent ones along VAE 1, 3 and 4, broad-line AGN above
    /// narrow-line ones along VAE 5 and below them along VAE 6; VAE 2 is left as it is, because its track is the same from both ends.
    /// `latents` are `[n * d]`, `classes` `[n]` codes; an axis is left as it is where a class is missing.
    pub fn turned_as_in_the_paper(&self, latents: &[f32], classes: &[i32]) -> Self {
        let mut turned = self.clone();
        let along = self.project(latents);
        let mean = |class: Class, axis: usize| {
            let rows = along.chunks_exact(self.dims).zip(classes).filter(|(_, code)| **code == class.code());
            let values: Vec<f64> =
                rows.map(|(row, _)| f64::from(row[axis])).filter(|value| value.is_finite()).collect();
            values.iter().sum::<f64>() / values.len() as f64
        };
        for (axis, upper, lower) in PAPER_ORDER {
            if axis <= self.dims && mean(upper, axis - 1) < mean(lower, axis - 1) {
                let row = (axis - 1) * self.dims..axis * self.dims;
                turned.components[row].iter_mut().for_each(|component| *component = -*component);
            }
        }
        turned
    }

    /// Returns the axes in the order and directions of earlier ones: each takes the index of the earlier axis that it is most correlated
    /// with. The coordinates of the same spectra are `along` `[n * d]` now and were `before` `[n * d]`.
    pub fn turned_like(self, along: &[f32], before: &[f32]) -> Self {
        let dims = self.dims;
        let correlation = correlations(before, along, dims);
        let mut pairs: Vec<(usize, usize)> = (0..dims).flat_map(|old| (0..dims).map(move |new| (old, new))).collect();
        pairs.sort_by(|a, b| {
            let strength = |&(old, new): &(usize, usize)| correlation[old * dims + new].abs();
            strength(b).total_cmp(&strength(a))
        });
        let mut taken: Vec<Option<usize>> = vec![None; dims];
        for (old, new) in pairs {
            if taken[old].is_none() && !taken.contains(&Some(new)) {
                taken[old] = Some(new);
            }
        }
        let mut turned = self.clone();
        for (old, new) in taken.into_iter().enumerate() {
            let new = new.unwrap_or(old);
            let sign = if correlation[old * dims + new] < 0.0 { -1.0 } else { 1.0 };
            for latent in 0..dims {
                turned.components[old * dims + latent] = sign * self.components[new * dims + latent];
            }
            turned.variance[old] = self.variance[new];
        }
        turned
    }

    /// Returns draws `[n * d]` from the Gaussian with the mean and the covariance of the latents, made of draws `[n * d]` from N(0, I).
    pub fn gaussian(&self, standard: &[f32]) -> Vec<f32> {
        let widths: Vec<f32> = self.variance.iter().map(|variance| variance.max(0.0).sqrt()).collect();
        let along: Vec<f32> = standard.iter().zip(widths.iter().cycle()).map(|(draw, width)| draw * width).collect();
        self.unproject(&along)
    }

    /// Returns the coordinates of latents along the axes: `[n * d]` to `[n * d]`.
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

    /// Returns the latents at coordinates along the axes: `[n * d]` to `[n * d]`; the inverse of [`LatentAxes::project`].
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

/// Returns the correlation `[d * d]` of every column of `a` `[n * d]` (rows) with every column of `b` `[n * d]` (columns); 0 where a column
/// does not vary. Rows that are not finite are left out.
fn correlations(a: &[f32], b: &[f32], dims: usize) -> Vec<f64> {
    let rows: Vec<(&[f32], &[f32])> = a
        .chunks_exact(dims.max(1))
        .zip(b.chunks_exact(dims.max(1)))
        .filter(|(a, b)| a.iter().chain(*b).all(|value| value.is_finite()))
        .collect();
    let mean = |column: usize, second: bool| {
        let value = |(a, b): &(&[f32], &[f32])| f64::from(if second { b[column] } else { a[column] });
        rows.iter().map(value).sum::<f64>() / rows.len().max(1) as f64
    };
    let means: Vec<(f64, f64)> = (0..dims).map(|column| (mean(column, false), mean(column, true))).collect();
    let (mut products, mut squares_a, mut squares_b) = (vec![0.0; dims * dims], vec![0.0; dims], vec![0.0; dims]);
    for (a, b) in &rows {
        for i in 0..dims {
            let left = f64::from(a[i]) - means[i].0;
            squares_a[i] += left * left;
            squares_b[i] += (f64::from(b[i]) - means[i].1).powi(2);
            for j in 0..dims {
                products[i * dims + j] += left * (f64::from(b[j]) - means[j].1);
            }
        }
    }
    for i in 0..dims {
        for j in 0..dims {
            let scale = (squares_a[i] * squares_b[j]).sqrt();
            products[i * dims + j] = if scale > 0.0 { products[i * dims + j] / scale } else { 0.0 };
        }
    }
    products
}

//! Principal component analysis: the directions in which rows of numbers vary most.
//!
//! Narrow tables (latents) are solved exactly. Wide ones (spectra) need only a few of a thousand components, so those are found
//! by orthogonal iteration with a Rayleigh-Ritz step (Golub & Van Loan, Matrix Computations, section 8.2.4): a sweep over the
//! rows costs two products with a thin matrix, and a sweep can start from where an earlier one ended.

use nalgebra::{DMatrix, SymmetricEigen};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::products::{self, add_scaled, dot};
use super::simd::with_avx2;

/// Up to this many columns the whole covariance matrix is decomposed.
const NARROW: usize = 64;
/// Directions iterated in addition to those asked for: the more, the faster the last of those converges.
const SPARE: usize = 8;
/// Largest number of sweeps over a wide table.
const MAX_SWEEPS: usize = 60;
/// The eigenvalues of a wide table have converged when none changes by more than this, relative to the largest.
const CONVERGED: f64 = 1e-7;
/// Rows summed in single precision before they are added to the sums in double.
const BLOCK: usize = 64;
/// Rows of a block that are added to the sums in one pass over these.
const GROUP: usize = 4;

/// The principal components of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Pca {
    /// `[width]` mean row.
    pub mean: Vec<f32>,
    /// `[k * width]` orthonormal components, row by row, the largest variance first. The element of largest size in each is
    /// positive, so that signs are the same everywhere.
    pub components: Vec<f32>,
    /// `[k]` variance along each component (divided by n - 1).
    pub eigenvalues: Vec<f32>,
}

impl Pca {
    /// Fits the `components` leading components of `rows` `[n * width]`; fewer where the rows have fewer directions (k is at most width
    /// and n - 1).
    pub fn fit(rows: &[f32], width: usize, components: usize) -> Self {
        let count = rows.len() / width.max(1);
        let wanted = components.min(width).min(count.saturating_sub(1));
        let mean = mean_row(rows, width);
        if wanted == 0 {
            return Self { mean, components: Vec::new(), eigenvalues: Vec::new() };
        }
        let ritz = if width <= NARROW { exact(rows, width, &mean) } else { iterate(rows, width, &mean, wanted) };
        let (components, eigenvalues) = ritz.leading(wanted);
        Self { mean, components, eigenvalues }
    }

    /// Returns the number of components k.
    pub fn len(&self) -> usize {
        self.eigenvalues.len()
    }

    /// Returns whether there are no components.
    pub fn is_empty(&self) -> bool {
        self.eigenvalues.is_empty()
    }

    /// Returns the coordinates `[k]` of a row `[width]`.
    pub fn project(&self, row: &[f32]) -> Vec<f32> {
        let centred: Vec<f32> = row.iter().zip(&self.mean).map(|(value, mean)| value - mean).collect();
        self.components.chunks_exact(self.mean.len()).map(|component| dot(component, &centred)).collect()
    }

    /// Returns the row `[width]` at coordinates `[k]`.
    pub fn reconstruct(&self, coordinates: &[f32]) -> Vec<f32> {
        let mut row = self.mean.clone();
        for (component, &coordinate) in self.components.chunks_exact(self.mean.len()).zip(coordinates) {
            add_scaled(&mut row, coordinate, component);
        }
        row
    }
}

/// Approximate eigenvectors in a subspace.
pub(crate) struct Ritz {
    /// `[q]` variances, the largest first.
    values: Vec<f64>,
    /// `[width, q]` directions in the same order.
    vectors: DMatrix<f64>,
}

impl Ritz {
    /// Returns the first `count` directions `[count * width]`, their signs fixed, and their variances `[count]`.
    pub(crate) fn leading(&self, count: usize) -> (Vec<f32>, Vec<f32>) {
        let mut components = Vec::with_capacity(count * self.vectors.nrows());
        for column in self.vectors.column_iter().take(count) {
            let sign = if column[column.iamax()] < 0.0 { -1.0 } else { 1.0 };
            components.extend(column.iter().map(|value| (sign * value) as f32));
        }
        (components, self.values.iter().take(count).map(|&value| value.max(0.0) as f32).collect())
    }
}

/// Returns a thin orthonormal matrix `[width, q]` to start from: random, from a fixed seed.
pub(crate) fn start(width: usize, components: usize, count: usize) -> DMatrix<f64> {
    let directions = (components + SPARE).min(width).min(count.max(1));
    let mut random = ChaCha8Rng::seed_from_u64(0);
    let draw = DMatrix::from_fn(width, directions, |_, _| f64::from(random.next_u32()) / f64::from(u32::MAX) - 0.5);
    draw.qr().q()
}

/// Sweeps once over the centred rows: returns the eigenvectors within `basis` `[width, q]`, and a better basis.
pub(crate) fn sweep(rows: &[f32], width: usize, mean: &[f32], basis: &DMatrix<f64>) -> (Ritz, DMatrix<f64>) {
    let directions = basis.ncols();
    let thin: Vec<f32> = basis.iter().map(|&value| value as f32).collect();
    let mut product = DMatrix::<f64>::zeros(width, directions);
    // Row-major; only the lower triangle is summed.
    let mut inner = vec![0.0f64; directions * directions];
    let mut partial = vec![0.0f32; width * directions];
    let mut centred = vec![0.0f32; GROUP * width];
    let mut coordinates = vec![0.0f32; GROUP * directions];
    for block in rows.chunks(BLOCK * width) {
        partial.fill(0.0);
        for group in block.chunks(GROUP * width) {
            let count = group.len() / width;
            let centred = &mut centred[..count * width];
            for ((centred, row), coordinates) in centred
                .chunks_exact_mut(width)
                .zip(group.chunks_exact(width))
                .zip(coordinates.chunks_exact_mut(directions))
            {
                with_avx2(|| centred.iter_mut().zip(row).zip(mean).for_each(|((c, value), mean)| *c = value - mean));
                products::dots(&thin, centred, coordinates);
                with_avx2(|| add_square(&mut inner, coordinates));
            }
            for (k, sum) in partial.chunks_exact_mut(width).enumerate() {
                products::add_combination(sum, |row| coordinates[row * directions + k], centred);
            }
        }
        with_avx2(|| product.as_mut_slice().iter_mut().zip(&partial).for_each(|(sum, &part)| *sum += f64::from(part)));
    }
    let mut inner = DMatrix::from_row_slice(directions, directions, &inner);
    inner.fill_upper_triangle_with_lower_triangle();
    let degrees = (rows.len() / width).saturating_sub(1).max(1) as f64;
    let ritz = sorted(SymmetricEigen::new(inner / degrees), Some(basis));
    (ritz, product.qr().q())
}

/// Adds the products of all pairs of `values` `[q]` to the lower triangle of `sums` `[q, q]`.
#[inline]
fn add_square(sums: &mut [f64], values: &[f32]) {
    for (i, (sums, &left)) in sums.chunks_exact_mut(values.len()).zip(values).enumerate() {
        let left = f64::from(left);
        sums[..=i].iter_mut().zip(values).for_each(|(sum, &right)| *sum += left * f64::from(right));
    }
}

/// Returns the mean row `[width]` of rows `[n * width]`.
pub(crate) fn mean_row(rows: &[f32], width: usize) -> Vec<f32> {
    let mut sums = vec![0.0f64; width];
    let mut fours = rows.chunks_exact(GROUP * width);
    with_avx2(|| {
        for four in &mut fours {
            let [a, b, c, d] = [0, 1, 2, 3].map(|row| &four[row * width..][..width]);
            for ((((sum, &a), &b), &c), &d) in sums.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                *sum = *sum + f64::from(a) + f64::from(b) + f64::from(c) + f64::from(d);
            }
        }
    });
    for row in fours.remainder().chunks_exact(width) {
        sums.iter_mut().zip(row).for_each(|(sum, &value)| *sum += f64::from(value));
    }
    let count = (rows.len() / width.max(1)).max(1) as f64;
    sums.into_iter().map(|sum| (sum / count) as f32).collect()
}

fn exact(rows: &[f32], width: usize, mean: &[f32]) -> Ritz {
    let mut covariance = DMatrix::<f64>::zeros(width, width);
    for row in rows.chunks_exact(width) {
        for i in 0..width {
            let left = f64::from(row[i]) - f64::from(mean[i]);
            for j in 0..=i {
                covariance[(i, j)] += left * (f64::from(row[j]) - f64::from(mean[j]));
            }
        }
    }
    covariance.fill_upper_triangle_with_lower_triangle();
    sorted(SymmetricEigen::new(covariance / ((rows.len() / width) as f64 - 1.0)), None)
}

fn iterate(rows: &[f32], width: usize, mean: &[f32], wanted: usize) -> Ritz {
    let mut settling = Settling::from_mean(mean.to_vec(), rows.len() / width, wanted);
    for _ in 0..=MAX_SWEEPS {
        if settling.sweep(rows) {
            break;
        }
    }
    settling.ritz.unwrap_or_else(|| sweep(rows, width, mean, &settling.basis).0)
}

/// A fit of a wide table in steps of one sweep over the rows, so that the caller can do something else in between.
pub struct Settling {
    mean: Vec<f32>,
    wanted: usize,
    basis: DMatrix<f64>,
    ritz: Option<Ritz>,
}

impl Settling {
    /// Starts a fit of the `components` leading components of `rows` `[n * width]`.
    pub fn new(rows: &[f32], width: usize, components: usize) -> Self {
        let count = rows.len() / width.max(1);
        let wanted = components.min(width).min(count.saturating_sub(1));
        Self::from_mean(mean_row(rows, width), count, wanted)
    }

    fn from_mean(mean: Vec<f32>, count: usize, wanted: usize) -> Self {
        let basis = start(mean.len(), wanted, count);
        Self { mean, wanted, basis, ritz: None }
    }

    /// Sweeps once over the same rows; returns whether the eigenvalues have converged.
    pub fn sweep(&mut self, rows: &[f32]) -> bool {
        let (ritz, next) = sweep(rows, self.mean.len(), &self.mean, &self.basis);
        let before = self.ritz.as_ref().map_or(&[][..], |before| &before.values);
        let converged = before.len() == ritz.values.len()
            && before
                .iter()
                .zip(&ritz.values)
                .take(self.wanted)
                .all(|(a, b)| (a - b).abs() <= CONVERGED * ritz.values[0]);
        self.ritz = Some(ritz);
        self.basis = next;
        converged
    }

    /// Returns the components found so far.
    pub fn finish(self) -> Pca {
        let leading = self.ritz.map(|ritz| ritz.leading(self.wanted));
        let (components, eigenvalues) = leading.unwrap_or_default();
        Pca { mean: self.mean, components, eigenvalues }
    }
}

/// Orders eigenvectors by eigenvalue, the largest first, and expresses them in the space of `basis` where there is one.
fn sorted(eigen: SymmetricEigen<f64, nalgebra::Dyn>, basis: Option<&DMatrix<f64>>) -> Ritz {
    let mut order: Vec<usize> = (0..eigen.eigenvalues.len()).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let rotation = eigen.eigenvectors.select_columns(&order);
    let values = order.iter().map(|&i| eigen.eigenvalues[i]).collect();
    Ritz { values, vectors: basis.map_or_else(|| rotation.clone(), |basis| basis * &rotation) }
}

//! PCA of rows whose values have weights: the mean and the k directions that minimise the sum of
//! w (x - mean - sum_p a_p c_p)^2 over all values, with the best coordinates a of every row. A weight of 0 is a missing value.
//!
//! This is the least-squares limit of EM for probabilistic PCA (Roweis 1998; Tipping & Bishop 1999) with a weight on every
//! value, alternating as Bailey (2012, PASP 124, 1015, "EMPCA") does: coordinates of all rows, then components of all pixels. Three
//! things differ from Bailey's: the mean is fitted with the components instead of being subtracted before, all
//! components are found together instead of one after the other (with weights that is not the same), and rounds are
//! accelerated ([`super::alternating`]). With equal weights it is PCA.

use std::ops::ControlFlow;

use nalgebra::{DMatrix, SymmetricEigen};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use super::alternating::{Alternation, FitOptions, FitProgress, alternate};
use super::data_matrix::{Table, cleaned};
use super::error::NumericsError;
use super::least_squares::least_squares;
use super::parallel;
use super::pca::Pca;
use super::weighted_equations::{RowEquations, solve_pixels};

/// Rounds from the random start, each followed by an orthonormalisation, before acceleration.
const FIRST_ROUNDS: usize = 4;

/// Fits k components (1 to width, and fewer than n) to `rows` `[n * width]` with `weights` `[n * width]`. Components are orthonormal, in
/// order of the weighted variance along them, which `eigenvalues` holds: each row counts there in proportion to the sum of its
/// weights. Where a pixel has no weight in any row, mean and components are 0. `progress` is called after every round and may
/// break; the fit so far is returned.
///
/// # Errors
/// Rows or weights that make no table, or a number of components out of range.
pub fn fit(
    rows: &[f32],
    weights: &[f32],
    width: usize,
    components: usize,
    options: &FitOptions,
    progress: impl FnMut(FitProgress) -> ControlFlow<()>,
) -> Result<Pca, NumericsError> {
    let table = Table::new(rows, Some(weights), width)?;
    table.allow(components, width.min(table.len() - 1))?;
    let row_weights = table.row_weights();
    let mut fit = Fit { table, coordinates: Vec::new() };
    let mut state = start(&table, components, options.seed);
    for _ in 0..FIRST_ROUNDS {
        fit.evaluate(&state);
        state = fit.update();
        fit.evaluate(&state);
        state = Axes::of(&state, width, &fit.coordinates, &row_weights).state();
    }
    let state = alternate(&mut fit, state, options, progress);
    Ok(Axes::of(&state, width, &fit.coordinates, &row_weights).pca())
}

/// Returns the coordinates `[k]` of a row `[width]` that minimise the sum of `weight` (row - reconstruction)^2; the shortest such
/// coordinates where the good values leave a direction undetermined, and zeros where there is no good value. A value that is not
/// finite, or whose weight is not positive, counts as missing.
pub fn project(pca: &Pca, row: &[f32], weight: &[f32]) -> Vec<f32> {
    let (values, weights) = cleaned(row, weight);
    let Ok(table) = Table::new(&values, Some(&weights), pca.mean.len()) else { return vec![0.0; pca.len()] };
    let (mean, components) = (widened(&pca.mean), widened(&pca.components));
    let mut coordinates = Vec::new();
    RowEquations::new(&mean, &components, true).visit(&table, 0..1, |_, equations| {
        coordinates.clone_from(&equations.rhs);
        least_squares(&equations.gram, &mut coordinates, &mut Vec::new());
    });
    coordinates.into_iter().map(|value| value as f32).collect()
}

/// A fit in progress: the state is `[(1 + k) * width]`, the mean before the components.
struct Fit<'a> {
    table: Table<'a>,
    /// `[n * (1 + k)]`; the mean's coordinate is 1 in every row.
    coordinates: Vec<f64>,
}

impl Alternation for Fit<'_> {
    fn evaluate(&mut self, state: &[f64]) -> f64 {
        let (mean, components) = state.split_at(self.table.width);
        let equations = RowEquations::new(mean, components, true);
        let parts = parallel::ranges(self.table.len(), |range| {
            let mut coordinates = Vec::with_capacity(range.len() * state.len() / self.table.width);
            let mut errors = Vec::with_capacity(range.len());
            let (mut a, mut factor) = (Vec::new(), Vec::new());
            equations.visit(&self.table, range, |_, equations| {
                a.clone_from(&equations.rhs);
                least_squares(&equations.gram, &mut a, &mut factor);
                coordinates.push(1.0);
                coordinates.extend_from_slice(&a);
                errors.push(equations.residual(&a));
            });
            (coordinates, errors)
        });
        self.coordinates = parts.iter().flat_map(|(coordinates, _)| coordinates.iter().copied()).collect();
        let sum: f64 = parts.iter().flat_map(|(_, errors)| errors).sum();
        sum / (self.table.len() * self.table.width) as f64
    }

    fn update(&mut self) -> Vec<f64> {
        solve_pixels(&self.table, &self.coordinates, |_, equations, solution| {
            solution.copy_from_slice(&equations.rhs);
            least_squares(&equations.gram, solution, &mut Vec::new());
        })
    }
}

/// A state rotated to its principal axes: the same reconstructions, with orthonormal components in order.
struct Axes {
    /// `[width]`.
    mean: Vec<f64>,
    /// `[width, k]`.
    components: DMatrix<f64>,
    /// `[k]`.
    eigenvalues: Vec<f64>,
}

impl Axes {
    /// Computes the axes of a state with coordinates `[n * (1 + k)]`.
    fn of(state: &[f64], width: usize, coordinates: &[f64], row_weights: &[f64]) -> Self {
        let (mean, components) = state.split_at(width);
        let k = components.len() / width;
        // Orthonormal directions Q with components = R'Q', so that coordinates become R a.
        let (directions, triangle) = DMatrix::from_column_slice(width, k, components).qr().unpack();
        let total: f64 = row_weights.iter().sum();
        let turned: Vec<nalgebra::DVector<f64>> = coordinates
            .chunks_exact(k + 1)
            .map(|a| &triangle * nalgebra::DVector::from_column_slice(&a[1..]))
            .collect();
        let mut centre = nalgebra::DVector::zeros(k);
        turned.iter().zip(row_weights).for_each(|(a, &weight)| centre.axpy(weight / total, a, 1.0));
        let mut covariance = DMatrix::zeros(k, k);
        for (a, &weight) in turned.iter().zip(row_weights) {
            let away = a - &centre;
            covariance.ger(weight / total, &away, &away, 1.0);
        }
        // Divided by n - 1 where weights are equal, as for any sample's variance.
        let count = row_weights.len() as f64;
        let eigen = SymmetricEigen::new(covariance * (count / (count - 1.0)));
        let mut order: Vec<usize> = (0..k).collect();
        order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
        let offset = &directions * centre;
        Self {
            mean: mean.iter().zip(offset.iter()).map(|(mean, offset)| mean + offset).collect(),
            components: &directions * eigen.eigenvectors.select_columns(&order),
            eigenvalues: order.iter().map(|&i| eigen.eigenvalues[i].max(0.0)).collect(),
        }
    }

    fn state(&self) -> Vec<f64> {
        self.mean.iter().chain(self.components.iter()).copied().collect()
    }

    fn pca(&self) -> Pca {
        let mut components = Vec::with_capacity(self.components.len());
        for column in self.components.column_iter() {
            let sign = if column[column.iamax()] < 0.0 { -1.0 } else { 1.0 };
            components.extend(column.iter().map(|value| (sign * value) as f32));
        }
        Pca { mean: narrowed(&self.mean), components, eigenvalues: narrowed(&self.eigenvalues) }
    }
}

/// Returns the state to start from: the weighted mean of every pixel, and random directions.
fn start(table: &Table<'_>, components: usize, seed: u64) -> Vec<f64> {
    let ones = vec![1.0; table.len()];
    let mut state = solve_pixels(table, &ones, |_, equations, solution| {
        solution[0] = if equations.gram[0] > 0.0 { equations.rhs[0] / equations.gram[0] } else { 0.0 };
    });
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    state.extend((0..components * table.width).map(|_| random.sample::<f64, _>(StandardNormal)));
    state
}

fn widened(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}

fn narrowed(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&value| value as f32).collect()
}

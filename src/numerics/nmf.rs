//! Non-negative matrix factorisation: rows = coordinates x components with neither below 0.
//!
//! Without weights, as the paper did: negative values are clipped at 0 and sum (x - x')^2 is minimised. With weights
//! (Blanton & Roweis 2007; Zhu 2016, arXiv:1612.06037), sum w (x - x')^2, where negative values are noise like any other
//! and stay.
//!
//! The published algorithm is the multiplicative update ([`multiplicative_step`]), which takes thousands of rounds. Here
//! both halves are solved exactly in turn (Kim & Park 2008, non-negative least squares by active sets) and rounds are
//! accelerated ([`super::alternating`]). The start is Boutsidis & Gallopoulos' (2008) from the leading singular vectors,
//! their zeros filled with small random numbers (NNDSVDar).

use std::ops::ControlFlow;

use nalgebra::{DMatrix, SymmetricEigen};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::alternating::{Alternation, FitOptions, FitProgress, alternate};
use super::data_matrix::{Table, cleaned};
use super::error::NumericsError;
use super::least_squares::{Scratch, index, non_negative};
use super::parallel;
use super::products::{add_scaled, dot_f64};
use super::weighted_equations::{Equations, RowEquations, solve_pixels};

/// Sweeps of the subspace iteration that finds approximate singular vectors for the start.
const START_SWEEPS: usize = 6;
/// Replaces a zero denominator, as in scikit-learn: the epsilon of single precision.
const EPSILON: f64 = f32::EPSILON as f64;

/// The non-negative components of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Nmf {
    /// Values per row.
    pub width: usize,
    /// `[k * width]` components of unit length, row by row, the one that carries most of the rows first.
    pub components: Vec<f32>,
}

impl Nmf {
    /// Fits k components (1 to width, at most n) to `rows` `[n * width]`, with `weights` `[n * width]` or none. Where a pixel has
    /// no weight in
    /// any row, components are 0. `progress` is called after every round and may break; the fit so far is returned.
    ///
    /// # Errors
    /// Rows or weights that make no table, no positive value, or a number of components out of range.
    pub fn fit(
        rows: &[f32],
        weights: Option<&[f32]>,
        width: usize,
        components: usize,
        options: &FitOptions,
        progress: impl FnMut(FitProgress) -> ControlFlow<()>,
    ) -> Result<Self, NumericsError> {
        let table = table(rows, weights, width)?;
        table.allow(components, width.min(table.len()))?;
        let start = start(&table, components, options.seed);
        let mut fit = Fit { table, coordinates: Vec::new() };
        let state = alternate(&mut fit, start, options, progress);
        Ok(Self::ordered(&state, width, &fit.coordinates))
    }

    /// Returns the number of components k.
    pub fn len(&self) -> usize {
        self.components.len() / self.width.max(1)
    }

    /// Returns whether there are no components.
    pub fn is_empty(&self) -> bool {
        self.components.is_empty()
    }

    /// Returns the non-negative coordinates `[k]` that minimise the sum of (row - reconstruction)^2, negative values clipped at 0; or, with
    /// weights, the sum of `weight` (row - reconstruction)^2 of the values as they are. A value that is not finite, or whose weight
    /// is not positive, counts as missing.
    pub fn project(&self, row: &[f32], weight: Option<&[f32]>) -> Vec<f32> {
        let ones = vec![1.0; row.len()];
        let (values, weights) = cleaned(row, weight.unwrap_or(&ones));
        let Ok(table) = Table::new(&values, Some(&weights), self.width) else { return vec![0.0; self.len()] };
        let table = if weight.is_none() { table.clipped() } else { table };
        let components: Vec<f64> = self.components.iter().map(|&value| f64::from(value)).collect();
        let mut coordinates = vec![0.0; self.len()];
        let zeros = vec![0.0; self.width];
        RowEquations::new(&zeros, &components, true).visit(&table, 0..1, |_, equations| {
            non_negative(&equations.gram, &equations.rhs, &mut Scratch::default(), &mut coordinates);
        });
        coordinates.into_iter().map(|value| value as f32).collect()
    }

    /// Returns the row `[width]` at coordinates `[k]`.
    pub fn reconstruct(&self, coordinates: &[f32]) -> Vec<f32> {
        let mut row = vec![0.0; self.width];
        for (component, &coordinate) in self.components.chunks_exact(self.width).zip(coordinates) {
            add_scaled(&mut row, coordinate, component);
        }
        row
    }

    /// Scales components to unit length and orders them by the rows' total in each.
    fn ordered(components: &[f64], width: usize, coordinates: &[f64]) -> Self {
        let k = components.len() / width;
        let lengths: Vec<f64> = components.chunks_exact(width).map(|row| dot_f64(row, row).sqrt()).collect();
        let total = |p: usize| coordinates.chunks_exact(k).map(|a| a[p]).sum::<f64>() * lengths[p];
        let mut order: Vec<(usize, f64)> = (0..k).map(|p| (p, total(p))).collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        let scaled = order.iter().flat_map(|&(p, _)| {
            let scale = if lengths[p] > 0.0 { 1.0 / lengths[p] } else { 0.0 };
            components[p * width..(p + 1) * width].iter().map(move |value| (value * scale) as f32)
        });
        Self { width, components: scaled.collect() }
    }
}

/// Does one round of multiplicative updates (Lee & Seung 2001; with weights Blanton & Roweis 2007) in place: first of the `coordinates`
/// `[n * k]`, then of the `components` `[k * width]`, as scikit-learn's solver `mu` does. It is here for comparison with published
/// results: [`Nmf::fit`] converges hundreds of times faster. Negative values are clipped at 0, with weights too, since this update
/// cannot handle them.
///
/// # Errors
/// Rows or weights that make no table, and coordinates or components of another shape.
pub fn multiplicative_step(
    rows: &[f32],
    weights: Option<&[f32]>,
    width: usize,
    coordinates: &mut [f64],
    components: &mut [f64],
) -> Result<(), NumericsError> {
    let table = Table::new(rows, weights, width)?.clipped();
    let k = components.len() / width;
    let shape = |what, found: usize, expected: usize| match found == expected {
        true => Ok(()),
        false => Err(NumericsError::Shape { what, found, expected }),
    };
    shape("components", components.len(), k.max(1) * width)?;
    shape("coordinates", coordinates.len(), table.len() * k)?;
    let zeros = vec![0.0; width];
    RowEquations::new(&zeros, components, table.weighted()).visit(&table, 0..table.len(), |row, equations| {
        multiply(equations, &mut coordinates[row * k..(row + 1) * k]);
    });
    let before = components.to_vec();
    let after = solve_pixels(&table, coordinates, |pixel, equations, solution| {
        (0..k).for_each(|p| solution[p] = before[p * width + pixel]);
        multiply(equations, solution);
    });
    components.copy_from_slice(&after);
    Ok(())
}

/// A fit in progress: the state is the components `[k * width]`.
struct Fit<'a> {
    table: Table<'a>,
    /// `[n * k]`.
    coordinates: Vec<f64>,
}

impl Alternation for Fit<'_> {
    fn evaluate(&mut self, state: &[f64]) -> f64 {
        let k = state.len() / self.table.width;
        let zeros = vec![0.0; self.table.width];
        let equations = RowEquations::new(&zeros, state, self.table.weighted());
        let parts = parallel::ranges(self.table.len(), |range| {
            let first = range.start;
            let mut coordinates = vec![0.0; range.len() * k];
            let mut errors = Vec::with_capacity(range.len());
            let mut scratch = Scratch::default();
            equations.visit(&self.table, range, |row, equations| {
                let a = &mut coordinates[(row - first) * k..(row - first + 1) * k];
                non_negative(&equations.gram, &equations.rhs, &mut scratch, a);
                errors.push(equations.residual(a));
            });
            (coordinates, errors)
        });
        self.coordinates = parts.iter().flat_map(|(coordinates, _)| coordinates.iter().copied()).collect();
        let sum: f64 = parts.iter().flat_map(|(_, errors)| errors).sum();
        sum / (self.table.len() * self.table.width) as f64
    }

    fn update(&mut self) -> Vec<f64> {
        solve_pixels(&self.table, &self.coordinates, |_, equations, solution| {
            non_negative(&equations.gram, &equations.rhs, &mut Scratch::default(), solution);
        })
    }

    fn constrain(&self, state: &mut [f64]) {
        state.iter_mut().for_each(|value| *value = value.max(0.0));
    }
}

/// Multiplies each a_p by rhs_p / (gram a)_p.
fn multiply(equations: &Equations, a: &mut [f64]) {
    let k = a.len();
    let product = |p: usize| (0..k).map(|q| equations.gram[index(p, q)] * a[q]).sum::<f64>();
    let factors: Vec<f64> = (0..k)
        .map(|p| (equations.rhs[p], product(p)))
        .map(|(rhs, product)| if product == 0.0 { rhs / EPSILON } else { rhs / product })
        .collect();
    a.iter_mut().zip(factors).for_each(|(value, factor)| *value *= factor);
}

/// Checks a table; without weights negative values are clipped at 0.
fn table<'a>(rows: &'a [f32], weights: Option<&'a [f32]>, width: usize) -> Result<Table<'a>, NumericsError> {
    let table = Table::new(rows, weights, width)?;
    let table = if weights.is_none() { table.clipped() } else { table };
    let counts = |(index, &value): (usize, &f32)| value > 0.0 && weights.is_none_or(|weights| weights[index] > 0.0);
    if !rows.iter().enumerate().any(counts) {
        return Err(NumericsError::Nothing { or_negative: " or at most 0" });
    }
    Ok(table)
}

/// Returns the components to start from: of each leading pair of singular vectors the half (positive or negative) that weighs more.
/// Zeros become small random numbers, because what is zero at the start tends to stay zero.
fn start(table: &Table<'_>, components: usize, seed: u64) -> Vec<f64> {
    let (table, width) = (table.with_unit_weights(), table.width);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let draw = DMatrix::from_fn(width, components, |_, _| random.random::<f64>() - 0.5);
    let mut basis = draw.qr().q();
    for _ in 0..START_SWEEPS {
        let back = solve_pixels(&table, &products(&table, &basis), |_, equations, solution| {
            solution.copy_from_slice(&equations.rhs);
        });
        basis = DMatrix::from_column_slice(width, components, &back).qr().q();
    }
    // The singular vectors, from the small matrix of the products (Rayleigh-Ritz).
    let tall = DMatrix::from_row_slice(table.len(), components, &products(&table, &basis));
    let eigen = SymmetricEigen::new(tall.tr_mul(&tall));
    let mut order: Vec<usize> = (0..components).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let rotation = eigen.eigenvectors.select_columns(&order);
    let (right, left) = (&basis * &rotation, &tall * &rotation);
    let mut state = Vec::with_capacity(components * width);
    for (right, left) in right.column_iter().zip(left.column_iter()) {
        let half = |sign: f64| {
            let length = |column: &[f64]| column.iter().map(|value| (sign * value).max(0.0).powi(2)).sum::<f64>();
            length(right.as_slice()) * length(left.as_slice())
        };
        let sign = if half(1.0) >= half(-1.0) { 1.0 } else { -1.0 };
        state.extend(right.iter().map(|value| (sign * value).max(0.0)));
    }
    let mean = state.iter().sum::<f64>() / state.len() as f64;
    for value in state.iter_mut().filter(|value| **value <= 0.0) {
        *value = 0.01 * mean * random.random::<f64>();
    }
    state
}

/// Returns the scalar products `[n * k]` of the rows with the columns of `basis` `[width, k]`; missing values count as 0.
fn products(table: &Table<'_>, basis: &DMatrix<f64>) -> Vec<f64> {
    let zeros = vec![0.0; table.width];
    let mut products = Vec::with_capacity(table.len() * basis.ncols());
    let rows = RowEquations::new(&zeros, basis.as_slice(), false);
    rows.visit(table, 0..table.len(), |_, equations| products.extend_from_slice(&equations.rhs));
    products
}

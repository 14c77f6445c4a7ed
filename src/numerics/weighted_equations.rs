//! Normal equations of a factorisation rows = coordinates x components, row by row for the coordinates and pixel by pixel
//! for the components, with a weight on every value. Nearly all the time of a fit is spent here.
//!
//! Sums are in double precision: that costs a tenth of a second per iteration and rules out cancellation.

use std::ops::Range;

use super::data_matrix::Table;
use super::least_squares::packed;
use super::parallel;
use super::products::dot_f64;

/// Pixels whose sums are accumulated side by side.
const LANES: usize = 32;
/// Rows added to the sums at once, so that a sum is loaded and stored once for all of them.
const ROWS: usize = 4;

/// The equations of one row's coordinates or of one pixel's components: `gram` a = `rhs`.
#[derive(Debug, Clone, Default)]
pub(super) struct Equations {
    /// Packed k x k: sum over values of w c_p c_q.
    pub(super) gram: Vec<f64>,
    /// `[k]` sum of w c_p x.
    pub(super) rhs: Vec<f64>,
    /// Sum of w x^2: the residual at a = 0.
    pub(super) energy: f64,
}

impl Equations {
    fn new(k: usize) -> Self {
        Self { gram: vec![0.0; packed(k)], rhs: vec![0.0; k], energy: 0.0 }
    }

    /// Returns the weighted sum of squared residuals at coordinates `a`: `energy` - 2 rhs'a + a'`gram` a.
    pub(super) fn residual(&self, a: &[f64]) -> f64 {
        let mut sum = self.energy;
        let mut at = 0;
        for i in 0..a.len() {
            for j in 0..i {
                sum += 2.0 * a[i] * a[j] * self.gram[at];
                at += 1;
            }
            sum += a[i] * (a[i] * self.gram[at] - 2.0 * self.rhs[i]);
            at += 1;
        }
        // Rounding may take a perfect fit below zero.
        sum.max(0.0)
    }
}

/// The terms that the equations of all rows share.
pub(super) struct RowEquations<'a> {
    /// `[width]`, subtracted from each row.
    offset: &'a [f64],
    /// `[k * width]`.
    components: &'a [f64],
    /// Packed `gram` of every row, where no value has a weight.
    shared: Option<Vec<f64>>,
}

impl<'a> RowEquations<'a> {
    /// Prepares the equations of rows minus `offset` `[width]` in terms of `components` `[k * width]`.
    pub(super) fn new(offset: &'a [f64], components: &'a [f64], weighted: bool) -> Self {
        let width = offset.len();
        let shared = (!weighted).then(|| {
            let pairs = components.chunks_exact(width).enumerate();
            pairs
                .flat_map(|(i, left)| components.chunks_exact(width).take(i + 1).map(|right| dot_f64(left, right)))
                .collect()
        });
        Self { offset, components, shared }
    }

    /// Calls `visitor` with each row of `range` and its equations.
    pub(super) fn visit(&self, table: &Table<'_>, range: Range<usize>, mut visitor: impl FnMut(usize, &Equations)) {
        let width = table.width;
        let mut equations = Equations::new(self.components.len() / width);
        if let Some(shared) = &self.shared {
            equations.gram.clone_from(shared);
        }
        let (mut values, mut weights) = (vec![0.0; width], vec![0.0; width]);
        let mut weighted = vec![0.0; width];
        for row in range {
            table.read(row, 0, &mut values, &mut weights);
            values.iter_mut().zip(self.offset).for_each(|(value, offset)| *value -= offset);
            weighted.iter_mut().zip(&values).zip(&weights).for_each(|((to, value), weight)| *to = value * weight);
            equations.energy = dot_f64(&weighted, &values);
            for (sum, component) in equations.rhs.iter_mut().zip(self.components.chunks_exact(width)) {
                *sum = dot_f64(component, &weighted);
            }
            if self.shared.is_none() {
                let mut at = 0;
                for (i, left) in self.components.chunks_exact(width).enumerate() {
                    weighted.iter_mut().zip(left).zip(&weights).for_each(|((to, value), weight)| *to = value * weight);
                    for right in self.components.chunks_exact(width).take(i + 1) {
                        equations.gram[at] = dot_f64(&weighted, right);
                        at += 1;
                    }
                }
            }
            visitor(row, &equations);
        }
    }
}

/// Returns the components `[k * width]`, given the rows' `coordinates` `[n * k]`: for every pixel, `solve(pixel, equations, solution)` fills
/// the k numbers `solution` from the equations of that pixel.
pub(super) fn solve_pixels(
    table: &Table<'_>,
    coordinates: &[f64],
    solve: impl Fn(usize, &mut Equations, &mut [f64]) + Sync,
) -> Vec<f64> {
    let width = table.width;
    let k = coordinates.len() / table.len();
    let shared = (!table.weighted()).then(|| gram_of_columns(coordinates, k));
    let chunks = width.div_ceil(LANES);
    let parts = parallel::ranges(chunks, |range| {
        let pixels = range.start * LANES..(range.end * LANES).min(width);
        let mut solved = vec![0.0; pixels.len() * k];
        let mut sums = vec![[0.0; LANES]; packed(k) + k];
        let mut equations = Equations::new(k);
        for start in pixels.clone().step_by(LANES) {
            let lanes = LANES.min(width - start);
            sum_pixels(table, start, lanes, coordinates, k, shared.is_none(), &mut sums);
            for pixel in start..start + lanes {
                let lane = pixel - start;
                match &shared {
                    Some(gram) => equations.gram.clone_from(gram),
                    None => (0..packed(k)).for_each(|at| equations.gram[at] = sums[at][lane]),
                }
                (0..k).for_each(|p| equations.rhs[p] = sums[packed(k) + p][lane]);
                let at = (pixel - pixels.start) * k;
                solve(pixel, &mut equations, &mut solved[at..at + k]);
            }
        }
        solved
    });
    let mut components = vec![0.0; k * width];
    for (pixel, solved) in parts.iter().flat_map(|part| part.chunks_exact(k)).enumerate() {
        (0..k).for_each(|p| components[p * width + pixel] = solved[p]);
    }
    components
}

/// Sums over all rows, for `lanes` pixels from `start` on: packed pairs of coordinates times weight (where `pairs`), then coordinate
/// times weight times value.
fn sum_pixels(
    table: &Table<'_>,
    start: usize,
    lanes: usize,
    coordinates: &[f64],
    k: usize,
    pairs: bool,
    sums: &mut [[f64; LANES]],
) {
    sums.iter_mut().for_each(|sum| sum.fill(0.0));
    let (of_pairs, of_values) = sums.split_at_mut(packed(k));
    let mut values = [[0.0; LANES]; ROWS];
    let mut weights = [[0.0; LANES]; ROWS];
    let none = vec![0.0; k];
    for first in (0..table.len()).step_by(ROWS) {
        let mut of_row = [none.as_slice(); ROWS];
        for r in 0..ROWS {
            // Beyond the last row coordinates are zero, and what is left in `values` counts nothing.
            let row = first + r;
            if row < table.len() {
                of_row[r] = &coordinates[row * k..(row + 1) * k];
                table.read(row, start, &mut values[r][..lanes], &mut weights[r][..lanes]);
                values[r].iter_mut().zip(&weights[r]).for_each(|(value, weight)| *value *= weight);
            }
        }
        for (p, sum) in of_values.iter_mut().enumerate() {
            add(sum, &values, of_row.map(|a| a[p]));
        }
        if pairs {
            let mut at = 0;
            for p in 0..k {
                for q in 0..=p {
                    add(&mut of_pairs[at], &weights, of_row.map(|a| a[p] * a[q]));
                    at += 1;
                }
            }
        }
    }
}

/// Adds four rows, each times its factor, to `sum`.
#[inline]
fn add(sum: &mut [f64; LANES], rows: &[[f64; LANES]; ROWS], factors: [f64; ROWS]) {
    for lane in 0..LANES {
        sum[lane] += (factors[0] * rows[0][lane] + factors[1] * rows[1][lane])
            + (factors[2] * rows[2][lane] + factors[3] * rows[3][lane]);
    }
}

/// Returns the packed sums over rows of the products of two coordinates.
fn gram_of_columns(coordinates: &[f64], k: usize) -> Vec<f64> {
    let mut gram = vec![0.0; packed(k)];
    for a in coordinates.chunks_exact(k) {
        let mut at = 0;
        for p in 0..k {
            for q in 0..=p {
                gram[at] += a[p] * a[q];
                at += 1;
            }
        }
    }
    gram
}

//! Small symmetric systems, k x k with k about ten: least squares, and least squares without negative solutions.
//!
//! A symmetric matrix is packed: its lower triangle row by row, element (i, j <= i) at i (i + 1) / 2 + j.

/// A pivot this much smaller than the largest diagonal element is rounding: the matrix is singular.
const SINGULAR: f64 = 1e-12;
/// The first ridge on a singular matrix, relative to its largest diagonal element.
const RIDGE: f64 = 1e-9;

/// Returns the index of element (i, j) of a packed matrix.
pub(super) fn index(i: usize, j: usize) -> usize {
    let (i, j) = if i >= j { (i, j) } else { (j, i) };
    i * (i + 1) / 2 + j
}

/// Returns the number of elements of a packed k x k matrix.
pub(super) fn packed(k: usize) -> usize {
    k * (k + 1) / 2
}

/// Solves `gram` x = `rhs` by a Cholesky factorisation and writes x into `rhs`; `factor` is scratch memory. A singular matrix gets a tiny
/// ridge, which selects a short x among all solutions.
pub(super) fn least_squares(gram: &[f64], rhs: &mut [f64], factor: &mut Vec<f64>) {
    let k = rhs.len();
    let largest = (0..k).fold(0.0f64, |largest, i| largest.max(gram[index(i, i)]));
    if largest <= 0.0 {
        rhs.fill(0.0);
        return;
    }
    let mut ridge = 0.0;
    loop {
        factor.clear();
        factor.extend_from_slice(gram);
        (0..k).for_each(|i| factor[index(i, i)] += ridge);
        // With a value that is not finite no ridge helps, and the solution is not finite either.
        if factorise(factor, k, SINGULAR * largest) || ridge > largest || !largest.is_finite() {
            break;
        }
        ridge = if ridge == 0.0 { RIDGE * largest } else { 100.0 * ridge };
    }
    for i in 0..k {
        let known: f64 = (0..i).map(|j| factor[index(i, j)] * rhs[j]).sum();
        rhs[i] = (rhs[i] - known) / factor[index(i, i)];
    }
    for i in (0..k).rev() {
        let known: f64 = (i + 1..k).map(|j| factor[index(j, i)] * rhs[j]).sum();
        rhs[i] = (rhs[i] - known) / factor[index(i, i)];
    }
}

/// Finds the x >= 0 that minimises x'`gram` x / 2 - `rhs`'x, exactly: Lawson & Hanson's active set (1974, chapter 23) on the normal
/// equations, as in Bro & de Jong (1997).
pub(super) fn non_negative(gram: &[f64], rhs: &[f64], scratch: &mut Scratch, x: &mut [f64]) {
    let k = rhs.len();
    let tolerance = 1e-13 * rhs.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
    x.fill(0.0);
    scratch.free.clear();
    // Each round frees a coordinate; 3 k is Lawson & Hanson's own bound, beyond which only rounding errors change.
    for _ in 0..3 * k {
        let slope = |i: usize| rhs[i] - (0..k).map(|j| gram[index(i, j)] * x[j]).sum::<f64>();
        let held = (0..k).filter(|&i| !scratch.free.contains(&i) && gram[index(i, i)] > 0.0);
        let steepest =
            held.map(|i| (slope(i), i)).filter(|(slope, _)| *slope > tolerance).max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, enters)) = steepest else { return };
        scratch.free.push(enters);
        scratch.solve_free(gram, rhs);
        while scratch.solution.iter().any(|&solved| solved <= 0.0) {
            scratch.step_to_the_edge(x);
            scratch.solve_free(gram, rhs);
        }
        scratch.free.iter().zip(&scratch.solution).for_each(|(&i, &solved)| x[i] = solved);
    }
}

/// Scratch memory of [`non_negative`], so that a million small systems allocate nothing.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    free: Vec<usize>,
    solution: Vec<f64>,
    gram: Vec<f64>,
    factor: Vec<f64>,
}

impl Scratch {
    /// Solves for the free coordinates alone.
    fn solve_free(&mut self, gram: &[f64], rhs: &[f64]) {
        self.gram.clear();
        self.solution.clear();
        for (at, &i) in self.free.iter().enumerate() {
            self.solution.push(rhs[i]);
            self.gram.extend(self.free[..=at].iter().map(|&j| gram[index(i, j)]));
        }
        least_squares(&self.gram, &mut self.solution, &mut self.factor);
    }

    /// Moves x towards the solution until the first coordinate reaches 0, and fixes the coordinates that have.
    fn step_to_the_edge(&mut self, x: &mut [f64]) {
        let part = |i: usize, solved: f64| if x[i] > 0.0 { x[i] / (x[i] - solved) } else { 0.0 };
        let sinking = self.free.iter().zip(&self.solution).filter(|(_, solved)| **solved <= 0.0);
        let (step, first) = sinking
            .map(|(&i, &solved)| (part(i, solved), i))
            .fold((1.0, None), |(step, first), (part, i)| if part <= step { (part, Some(i)) } else { (step, first) });
        for (&i, solved) in self.free.iter().zip(&self.solution) {
            // The first is set explicitly, since rounding may leave it just above 0.
            x[i] = if Some(i) == first { 0.0 } else { (x[i] + step * (solved - x[i])).max(0.0) };
        }
        self.free.retain(|&i| x[i] > 0.0);
    }
}

/// Replaces a matrix by its lower Cholesky factor; returns whether every pivot is above `smallest`.
fn factorise(matrix: &mut [f64], k: usize, smallest: f64) -> bool {
    let mut sound = true;
    for i in 0..k {
        for j in 0..=i {
            let known: f64 = (0..j).map(|l| matrix[index(i, l)] * matrix[index(j, l)]).sum();
            let rest = matrix[index(i, j)] - known;
            if i == j {
                sound &= rest > smallest;
                matrix[index(i, i)] = rest.max(f64::MIN_POSITIVE).sqrt();
            } else {
                matrix[index(i, j)] = rest / matrix[index(j, j)];
            }
        }
    }
    sound
}

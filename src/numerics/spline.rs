//! Interpolating cubic splines: through evenly spaced points with not-a-knot ends, as SciPy's `splrep` fits for s = 0, and through any
//! points with natural ends.

/// Rows after which the eliminated super-diagonal of the matrix with 4 on its diagonal and 1 next to it equals 2 - sqrt(3) within
/// rounding, so that no later row needs a division.
const SETTLED: usize = 30;
/// Stretches of a recurrence that run side by side: in one alone each number waits for the one before it.
const CHAINS: usize = 4;
/// Rows after which a recurrence no longer depends on its start: (2 - sqrt(3))^48 is far below rounding.
const WARM: usize = 48;

/// The cubic spline through points at x = 0, 1, 2, ... with not-a-knot ends.
pub struct UniformSpline<'a> {
    values: &'a [f64],
    /// Second derivatives at the points.
    bends: Vec<f64>,
}

impl<'a> UniformSpline<'a> {
    /// Computes the spline through `values`, of which there must be at least four.
    ///
    /// With M the second derivatives and d the second differences, M[i-1] + 4 M`[i]` + M[i+1] = 6 d`[i]`; not-a-knot ends,
    /// M`[0]` = 2 M`[1]` - M`[2]` and likewise at the other end, make M`[1]` = d`[1]` and M[n-1] = d[n-1] (de Boor 1978, ch. IV).
    pub fn new(values: &'a [f64]) -> Self {
        assert!(values.len() >= 4, "a cubic spline needs four points");
        let last = values.len() - 1;
        let difference = |i: usize| values[i - 1] - 2.0 * values[i] + values[i + 1];
        let mut bends = vec![0.0; last + 1];
        let mut upper = [0.0; SETTLED];
        bends[1] = difference(1);
        bends[last - 1] = difference(last - 1);
        let mut before = 0.0;
        for factor in &mut upper {
            *factor = 1.0 / (4.0 - before);
            before = *factor;
        }
        let settled = upper[SETTLED - 1];
        let factor = |i: usize| if i - 2 < SETTLED { upper[i - 2] } else { settled };
        // Rows 2 to last - 2 are eliminated downwards and solved upwards; the last of them knows what follows it.
        let start = (2 + SETTLED).min(last - 2);
        let mut bend = bends[1];
        for (i, value) in bends.iter_mut().enumerate().take(start).skip(2) {
            bend = (6.0 * difference(i) - bend) * factor(i);
            *value = bend;
        }
        let known: Vec<f64> = (start..last - 2).map(|i| 6.0 * difference(i)).collect();
        let mut upward = vec![0.0; known.len()];
        let bend = recur(&known, bend, |known, before| (known - before) * settled, &mut upward);
        if last > 3 {
            bends[last - 2] = (6.0 * difference(last - 2) - bend - bends[last - 1]) * factor(last - 2);
        }
        let mut bend =
            recur(&upward, bends[last - 2], |known, before| known - settled * before, &mut bends[start..last - 2]);
        for i in (2..start).rev() {
            bend = bends[i] - factor(i) * bend;
            bends[i] = bend;
        }
        bends[0] = 2.0 * bends[1] - bends[2];
        bends[last] = 2.0 * bends[last - 1] - bends[last - 2];
        Self { values, bends }
    }

    /// Evaluates at `x` in 0..=last; beyond, the end pieces are extrapolated.
    pub fn at(&self, x: f64) -> f64 {
        let i = (x.max(0.0) as usize).min(self.values.len() - 2);
        let t = x - i as f64;
        let chord = self.values[i] + t * (self.values[i + 1] - self.values[i]);
        chord - t * (1.0 - t) / 6.0 * ((2.0 - t) * self.bends[i] + (1.0 + t) * self.bends[i + 1])
    }
}

/// The points of natural cubic splines, whose second derivative is 0 at both ends: what depends on the points' x alone, so that splines
/// through other values at the same points need no division.
pub(crate) struct NaturalKnots {
    x: Vec<f64>,
    /// Reciprocals of the distances from point to point.
    slope_factors: Vec<f64>,
    /// Super-diagonal of the eliminated equations, and the reciprocals of their pivots.
    upper: Vec<f64>,
    pivot_factors: Vec<f64>,
}

/// Says where a natural spline is evaluated: the first of two points, and the weights of both points' values and second derivatives.
#[derive(Clone, Copy)]
pub(crate) struct KnotWeights {
    piece: usize,
    values: [f64; 2],
    bends: [f64; 2],
}

impl NaturalKnots {
    /// Eliminates the equations of the splines through points at increasing `x`, two or more.
    ///
    /// With h the distances and s the slopes of the chords,
    /// h[i-1] M[i-1] + 2 (h[i-1] + h`[i]`) M`[i]` + h`[i]` M[i+1] = 6 (s`[i]` - s[i-1]) (de Boor 1978, ch. IV).
    pub(crate) fn new(x: Vec<f64>) -> Self {
        let (mut upper, mut pivot_factors) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        for i in 1..x.len().saturating_sub(1) {
            let (before, after) = (x[i] - x[i - 1], x[i + 1] - x[i]);
            pivot_factors[i] = (2.0 * (before + after) - before * upper[i - 1]).recip();
            upper[i] = after * pivot_factors[i];
        }
        let slope_factors = x.windows(2).map(|pair| (pair[1] - pair[0]).recip()).collect();
        Self { x, slope_factors, upper, pivot_factors }
    }

    /// Returns the second derivatives, at the points, of the spline through `y`, `[points]`.
    pub(crate) fn bends(&self, y: &[f64]) -> Vec<f64> {
        let slope = |i: usize| (y[i + 1] - y[i]) * self.slope_factors[i];
        let inner = 1..y.len().saturating_sub(1);
        let mut bends = vec![0.0; y.len()];
        let mut slope_before = if y.len() > 1 { slope(0) } else { 0.0 };
        for i in inner.clone() {
            let here = slope(i);
            let before = self.x[i] - self.x[i - 1];
            bends[i] = (6.0 * (here - slope_before) - before * bends[i - 1]) * self.pivot_factors[i];
            slope_before = here;
        }
        for i in inner.rev() {
            bends[i] -= self.upper[i] * bends[i + 1];
        }
        bends
    }

    /// Returns the weights with which splines are evaluated at increasing `at`, clamped to the range of the points.
    pub(crate) fn weights(&self, at: impl Iterator<Item = f64>) -> Vec<KnotWeights> {
        let last = self.x.len() - 1;
        let mut piece = 0;
        at.map(|at| {
            let at = at.clamp(self.x[0], self.x[last]);
            while piece + 1 < last && self.x[piece + 1] < at {
                piece += 1;
            }
            let step = self.x[piece + 1] - self.x[piece];
            let (b, a) = ((at - self.x[piece]) / step, (self.x[piece + 1] - at) / step);
            let bends = [a, b].map(|t| (t.powi(3) - t) * step * step / 6.0);
            KnotWeights { piece, values: [a, b], bends }
        })
        .collect()
    }
}

impl KnotWeights {
    /// Evaluates the spline through `y` with the second derivatives `bends`.
    pub(crate) fn evaluate(&self, y: &[f64], bends: &[f64]) -> f64 {
        let (i, j) = (self.piece, self.piece + 1);
        self.values[0] * y[i] + self.values[1] * y[j] + self.bends[0] * bends[i] + self.bends[1] * bends[j]
    }
}

/// Runs the recurrence x`[i]` = step(given`[i]`, x[i-1]) with `before` as x[-1], into `backwards`, the last first; returns the last.
/// The result of `step`
/// must not depend on the start after [`WARM`] rows.
///
/// Each stretch but the first starts [`WARM`] rows early with a guess. Where it then differs by a bit from the end of the stretch before,
/// it is run again from there, so that the result is that of a single run.
fn recur(given: &[f64], before: f64, step: impl Fn(f64, f64) -> f64, backwards: &mut [f64]) -> f64 {
    let count = given.len();
    let length = count / CHAINS;
    let chains = if length > WARM { CHAINS } else { 0 };
    let mut ends = [before; CHAINS];
    if chains > 0 {
        for row in 0..WARM {
            for (chain, end) in ends.iter_mut().enumerate().skip(1) {
                *end = step(given[chain * length - WARM + row], *end);
            }
        }
    }
    let guesses = ends;
    if chains > 0 {
        let stretches: [&[f64]; CHAINS] = std::array::from_fn(|chain| &given[chain * length..][..length]);
        for row in 0..length {
            for (chain, end) in ends.iter_mut().enumerate() {
                *end = step(stretches[chain][row], *end);
                backwards[count - 1 - chain * length - row] = *end;
            }
        }
    }
    let mut end = ends[CHAINS - 1];
    for row in chains * length..count {
        end = step(given[row], end);
        backwards[count - 1 - row] = end;
    }
    for (chain, guess) in guesses.into_iter().enumerate().take(chains).skip(1) {
        let mut end = backwards[count - chain * length];
        if end.to_bits() == guess.to_bits() {
            continue;
        }
        for row in chain * length..count {
            end = step(given[row], end);
            let there = &mut backwards[count - 1 - row];
            if there.to_bits() == end.to_bits() {
                break;
            }
            *there = end;
        }
    }
    backwards.first().copied().unwrap_or(before)
}

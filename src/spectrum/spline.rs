//! The cubic spline that interpolates evenly spaced points, with not-a-knot ends: what SciPy's `splrep` fits for s = 0.

/// Eliminated super-diagonals of the matrix with 4 on its diagonal and 1 beside it come to 2 - sqrt(3) within rounding
/// after this many rows, so that no later row needs a division.
const SETTLED: usize = 30;

/// A spline through points at x = 0, 1, 2, ...
pub struct UniformSpline<'a> {
    values: &'a [f64],
    /// Second derivatives at the points.
    bends: Vec<f64>,
}

impl<'a> UniformSpline<'a> {
    /// Through `values`, of which there must be at least four.
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
        // The next row waits for this one, so no more than a difference and a product is in its way.
        let settled = upper[SETTLED - 1];
        let mut bend = bends[1];
        for i in 2..last - 1 {
            let factor = if i - 2 < SETTLED { upper[i - 2] } else { settled };
            let mut known = 6.0 * difference(i) - bend;
            if i == last - 2 {
                known -= bends[last - 1];
            }
            bend = known * factor;
            bends[i] = bend;
        }
        for i in (2..last - 2).rev() {
            let factor = if i - 2 < SETTLED { upper[i - 2] } else { settled };
            bend = bends[i] - factor * bend;
            bends[i] = bend;
        }
        bends[0] = 2.0 * bends[1] - bends[2];
        bends[last] = 2.0 * bends[last - 1] - bends[last - 2];
        Self { values, bends }
    }

    /// At `x` in 0..=last; beyond, the end pieces go on.
    pub fn at(&self, x: f64) -> f64 {
        let i = (x.max(0.0) as usize).min(self.values.len() - 2);
        let t = x - i as f64;
        let chord = self.values[i] + t * (self.values[i + 1] - self.values[i]);
        chord - t * (1.0 - t) / 6.0 * ((2.0 - t) * self.bends[i] + (1.0 + t) * self.bends[i + 1])
    }
}

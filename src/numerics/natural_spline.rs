//! The natural cubic spline through points at any places.

/// A spline through points, its second derivative 0 at both ends.
pub(crate) struct Spline<'a> {
    x: &'a [f64],
    y: &'a [f64],
    /// Second derivatives at the points.
    bends: Vec<f64>,
    /// The piece that was asked for last: places are asked for in order.
    piece: usize,
}

impl<'a> Spline<'a> {
    /// Through `y` at increasing `x`, two points or more.
    ///
    /// With h the distances and s the slopes of the chords,
    /// h[i-1] M[i-1] + 2 (h[i-1] + h`[i]`) M`[i]` + h`[i]` M[i+1] = 6 (s`[i]` - s[i-1]) (de Boor 1978, ch. IV).
    pub(crate) fn new(x: &'a [f64], y: &'a [f64]) -> Self {
        let count = x.len().min(y.len());
        let (mut upper, mut bends) = (vec![0.0; count], vec![0.0; count]);
        let slope = |i: usize| (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
        for i in 1..count.saturating_sub(1) {
            let (before, after) = (x[i] - x[i - 1], x[i + 1] - x[i]);
            let pivot = 2.0 * (before + after) - before * upper[i - 1];
            upper[i] = after / pivot;
            bends[i] = (6.0 * (slope(i) - slope(i - 1)) - before * bends[i - 1]) / pivot;
        }
        for i in (1..count.saturating_sub(1)).rev() {
            bends[i] -= upper[i] * bends[i + 1];
        }
        Self { x, y, bends, piece: 0 }
    }

    /// At `x`, held inside the points; never before a place asked for earlier.
    pub(crate) fn next_at(&mut self, x: f64) -> f64 {
        let last = self.x.len() - 1;
        if x <= self.x[0] {
            return self.y[0];
        }
        if x >= self.x[last] {
            return self.y[last];
        }
        while self.x[self.piece + 1] < x {
            self.piece += 1;
        }
        let i = self.piece;
        let step = self.x[i + 1] - self.x[i];
        let (b, a) = ((x - self.x[i]) / step, (self.x[i + 1] - x) / step);
        let bend = (a.powi(3) - a) * self.bends[i] + (b.powi(3) - b) * self.bends[i + 1];
        a * self.y[i] + b * self.y[i + 1] + bend * step * step / 6.0
    }
}

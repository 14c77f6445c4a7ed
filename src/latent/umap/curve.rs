//! Certainty that two points at a distance d on the map are neighbours: 1 / (1 + a d^2b), fitted to `min_dist` and `spread`.

/// The curve 1 / (1 + a d^2b).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve {
    /// Factor of the power.
    pub a: f64,
    /// Half of the exponent.
    pub b: f64,
}

/// Distances at which the curve is fitted, as in `umap-learn`.
const DISTANCES: usize = 300;

impl Curve {
    /// Fits the curve by least squares, over distances 0..3 `spread`, to 1 within `min_dist` and exp(-(d - min_dist) / spread) beyond
    /// (McInnes et al. 2018, definition 11), by Levenberg's damped Gauss-Newton steps.
    pub fn fit(min_dist: f64, spread: f64) -> Self {
        let distances: Vec<f64> = (0..DISTANCES).map(|i| 3.0 * spread * i as f64 / (DISTANCES - 1) as f64).collect();
        let wanted = |d: f64| if d < min_dist { 1.0 } else { (-(d - min_dist) / spread).exp() };
        let misfit = |curve: &Self| -> f64 { distances.iter().map(|&d| (curve.at(d) - wanted(d)).powi(2)).sum() };

        let mut best = Self { a: 1.0, b: 1.0 };
        let mut least = misfit(&best);
        let mut damping = 1e-3;
        for _ in 0..500 {
            let (mut aa, mut ab, mut bb, mut ra, mut rb) = (0.0, 0.0, 0.0, 0.0, 0.0);
            for &d in distances.iter().filter(|&&d| d > 0.0) {
                let power = d.powf(2.0 * best.b);
                let value = best.at(d);
                let by_a = -power * value * value;
                let by_b = by_a * best.a * 2.0 * d.ln();
                let rest = wanted(d) - value;
                aa += by_a * by_a;
                ab += by_a * by_b;
                bb += by_b * by_b;
                ra += by_a * rest;
                rb += by_b * rest;
            }
            let (aa, bb) = (aa * (1.0 + damping), bb * (1.0 + damping));
            let determinant = aa * bb - ab * ab;
            let step = ((bb * ra - ab * rb) / determinant, (aa * rb - ab * ra) / determinant);
            let next = Self { a: best.a + step.0, b: best.b + step.1 };
            let found = misfit(&next);
            if next.a > 0.0 && next.b > 0.0 && found < least {
                let settled = least - found < 1e-15 * least;
                (best, least, damping) = (next, found, damping * 0.3);
                if settled {
                    break;
                }
            } else {
                damping *= 4.0;
                if damping > 1e12 {
                    break;
                }
            }
        }
        best
    }

    /// Returns the certainty, 0..1, that points at a distance are neighbours.
    pub fn at(&self, distance: f64) -> f64 {
        1.0 / (1.0 + self.a * distance.powf(2.0 * self.b))
    }
}

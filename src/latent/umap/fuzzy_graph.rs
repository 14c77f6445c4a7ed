//! The certainty that two points are neighbours (McInnes et al. 2018, section 3.1, algorithms 2 and 3).

use super::nearest::Nearest;

/// A pair of points and the certainty that they are neighbours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Row of the one point.
    pub head: u32,
    /// Row of the other.
    pub tail: u32,
    /// Certainty, 0..1.
    pub weight: f32,
}

/// Bisections of the interval that holds a point's bandwidth.
const HALVINGS: usize = 64;
/// Smallest bandwidth over the mean distance.
const LEAST_BANDWIDTH: f64 = 1e-3;

/// Returns every edge in both directions, sorted by head and tail. Seen from each end an edge has its own certainty
/// exp(-(d - rho) / sigma); together they have p + q - p q, the certainty that at least one of the two is right.
pub(super) fn edges(nearest: &Nearest) -> Vec<Edge> {
    let count = nearest.count;
    if count == 0 {
        return Vec::new();
    }
    let mean_of_all = mean(&nearest.distances);
    let mut edges = Vec::with_capacity(2 * nearest.rows.len());
    for (head, (rows, distances)) in
        nearest.rows.chunks_exact(count).zip(nearest.distances.chunks_exact(count)).enumerate()
    {
        let head = head as u32;
        let (rho, sigma) = scale(distances, mean_of_all);
        for (&tail, &distance) in rows.iter().zip(distances) {
            let beyond = f64::from(distance) - rho;
            let weight = if beyond <= 0.0 || sigma == 0.0 { 1.0 } else { (-beyond / sigma).exp() as f32 };
            edges.push(Edge { head, tail, weight });
            edges.push(Edge { head: tail, tail: head, weight });
        }
    }
    // Equal pairs come together; which of the two is first makes no difference to p + q - p q.
    edges.sort_unstable_by_key(|edge| (edge.head, edge.tail));
    edges.dedup_by(|second, first| {
        let same = (first.head, first.tail) == (second.head, second.tail);
        if same {
            first.weight = first.weight + second.weight - first.weight * second.weight;
        }
        same
    });
    edges
}

/// Returns (rho, sigma) of a point: the distance to its nearest neighbour that does not coincide with it, and the bandwidth at which
/// the certainties sum to log2 of the number of neighbours, the point itself included.
fn scale(distances: &[f32], mean_of_all: f64) -> (f64, f64) {
    let rho = distances.iter().copied().find(|&distance| distance > 0.0).map_or(0.0, f64::from);
    let target = ((distances.len() + 1) as f64).log2();
    let sum = |sigma: f64| -> f64 {
        let certainty = |&distance: &f32| {
            let beyond = f64::from(distance) - rho;
            if beyond > 0.0 { (-beyond / sigma).exp() } else { 1.0 }
        };
        distances.iter().map(certainty).sum()
    };
    let (mut low, mut high, mut sigma) = (0.0, f64::INFINITY, 1.0);
    for _ in 0..HALVINGS {
        let found = sum(sigma);
        if (found - target).abs() < 1e-5 {
            break;
        }
        if found > target {
            high = sigma;
            sigma = 0.5 * (low + high);
        } else {
            low = sigma;
            sigma = if high.is_finite() { 0.5 * (low + high) } else { 2.0 * sigma };
        }
    }
    let mean = if rho > 0.0 { mean(distances) } else { mean_of_all };
    (rho, sigma.max(LEAST_BANDWIDTH * mean))
}

/// Returns the mean distance. `umap-learn` counts the point itself too; the difference of one part in k does not matter to a lower
/// bound.
fn mean(distances: &[f32]) -> f64 {
    distances.iter().map(|&distance| f64::from(distance)).sum::<f64>() / distances.len().max(1) as f64
}

//! Whether a point of latent space lies where the training set does, or beyond it, where a decoder only guesses.

use super::outlier::OutlierFactors;
use crate::numerics::k_d_tree::NeighbourTree;
use crate::numerics::statistics::{rank, sorted};

/// How far apart spectra lie in a set, to judge new points by.
#[derive(Debug, Clone)]
pub struct Extrapolation {
    /// Neighbours k.
    k: usize,
    /// Distances of the set's own spectra to their k-th neighbours, in order.
    distances: Vec<f64>,
}

/// How familiar a point is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Familiarity {
    /// Distance to the k-th nearest spectrum of the set.
    pub distance: f64,
    /// Per cent of the set's own spectra that have their k-th neighbour nearer.
    pub percentile: f64,
}

impl Extrapolation {
    /// From the k-th neighbour distances of a set whose outliers are known already.
    pub fn of(factors: &OutlierFactors) -> Self {
        Self { k: factors.neighbours, distances: sorted(factors.k_distance().iter().copied()) }
    }

    /// Of a tree alone; every `stride`-th row is enough to know the distribution (1: all).
    pub fn fit(tree: &NeighbourTree, k: usize, stride: usize) -> Self {
        let k = k.clamp(1, tree.len().saturating_sub(1).max(1));
        let rows = (0..tree.rows()).step_by(stride.max(1));
        let distances = rows.filter_map(|row| tree.nearest_to_row(row, k).last().map(|last| last.distance));
        Self { k, distances: sorted(distances) }
    }

    /// How familiar a point `[d]` is; none where nothing can be said (a point that is not finite, a set of fewer than two).
    pub fn of_point(&self, tree: &NeighbourTree, point: &[f32]) -> Option<Familiarity> {
        let distance = tree.nearest(point, self.k).last()?.distance;
        let percentile = rank(&self.distances, distance);
        (!percentile.is_nan()).then_some(Familiarity { distance, percentile })
    }
}

impl Familiarity {
    /// Whether the point is lonelier than all but one spectrum in a hundred: the page then says so.
    pub fn is_extrapolating(&self) -> bool {
        self.percentile > 99.0
    }
}

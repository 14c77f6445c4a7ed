//! Outliers: the local outlier factor of Breunig, Kriegel, Ng & Sander (2000), with scikit-learn's conventions: exactly k
//! neighbours where the k-th distance is shared, 1e-10 added to mean reachability so that duplicates make no infinity.

use super::error::LatentError;
use crate::numerics::k_d_tree::{Neighbour, NeighbourTree};

/// Neighbours that the paper uses.
pub const NEIGHBOURS: usize = 20;
/// What keeps the density of more than k points in one place finite (scikit-learn's number).
const FLOOR: f64 = 1e-10;

/// Local outlier factors of a set, and what scores new points against it.
#[derive(Debug, Clone)]
pub struct OutlierFactors {
    /// `[n]` about 1 where a point's surroundings are as dense as its neighbours', the larger the emptier; NaN for latents that
    /// are not finite. scikit-learn's `negative_outlier_factor_` with its sign turned.
    pub scores: Vec<f64>,
    /// Neighbours used: k, or n - 1 where that is fewer.
    pub neighbours: usize,
    /// `[n]` distance of the k-th neighbour.
    k_distance: Vec<f64>,
    /// `[n]` local reachability density (Breunig et al., definition 6).
    density: Vec<f64>,
    tree: NeighbourTree,
}

/// Factors in the making: for those who must do other things in between.
#[derive(Debug, Clone)]
pub struct OutlierStudy {
    tree: NeighbourTree,
    neighbours: usize,
    near: Vec<Vec<Neighbour>>,
}

impl OutlierStudy {
    /// Before the first point.
    ///
    /// # Errors
    /// As [`OutlierFactors::fit`].
    pub fn new(tree: NeighbourTree, k: usize) -> Result<Self, LatentError> {
        if k == 0 {
            return Err(LatentError::OutOfRange { what: "number of neighbours", value: 0.0, allowed: "1 or more" });
        }
        if tree.len() < 2 {
            return Err(LatentError::TooFew { what: "the local outlier factor", found: tree.len(), needed: 2 });
        }
        let neighbours = k.min(tree.len() - 1);
        Ok(Self { near: Vec::with_capacity(tree.rows()), tree, neighbours })
    }

    /// Points whose neighbours are known, and points.
    pub fn position(&self) -> (usize, usize) {
        (self.near.len(), self.tree.rows())
    }

    /// Finds the neighbours of so many more points.
    pub fn advance(&mut self, points: usize) {
        let end = self.near.len().saturating_add(points).min(self.tree.rows());
        for row in self.near.len()..end {
            self.near.push(self.tree.nearest_to_row(row, self.neighbours));
        }
    }

    /// The factors; neighbours that are still to be found are found first.
    pub fn finish(mut self) -> OutlierFactors {
        self.advance(usize::MAX);
        let Self { tree, neighbours, near } = self;
        let k_distance: Vec<f64> =
            near.iter().map(|near| near.last().map_or(f64::NAN, |neighbour| neighbour.distance)).collect();
        let density: Vec<f64> = near.iter().map(|near| reachability_density(near, &k_distance)).collect();
        let scores = near.iter().zip(&density).map(|(near, &own)| factor(near, &density, own)).collect();
        OutlierFactors { scores, neighbours, k_distance, density, tree }
    }
}

/// The scores of `[n * dims]` latents with k neighbours: [`OutlierFactors::fit`] for those who want no more.
///
/// # Errors
/// As [`OutlierFactors::fit`].
pub fn local_outlier_factor(latents: &[f32], dims: usize, k: usize) -> Result<Vec<f64>, LatentError> {
    Ok(OutlierFactors::fit(NeighbourTree::new(latents, dims)?, k)?.scores)
}

impl OutlierFactors {
    /// Scores every point of a tree by its `k` neighbours (the paper: [`NEIGHBOURS`]).
    ///
    /// # Errors
    /// Fewer than two points, and k = 0.
    pub fn fit(tree: NeighbourTree, k: usize) -> Result<Self, LatentError> {
        Ok(OutlierStudy::new(tree, k)?.finish())
    }

    /// `[m]` scores of new points `[m * d]` against the set, which they do not join (scikit-learn's `novelty=True`, sign
    /// turned); NaN for points that are not finite.
    pub fn score_new(&self, points: &[f32]) -> Vec<f64> {
        let score = |point: &[f32]| {
            let near = self.tree.nearest(point, self.neighbours);
            factor(&near, &self.density, reachability_density(&near, &self.k_distance))
        };
        points.chunks_exact(self.tree.dims()).map(score).collect()
    }

    /// Rows and scores of the `count` largest, the most outlying first; equal ones by row.
    pub fn top(&self, count: usize) -> Vec<(usize, f64)> {
        let mut order: Vec<usize> = (0..self.scores.len()).filter(|&row| !self.scores[row].is_nan()).collect();
        order.sort_by(|&a, &b| self.scores[b].total_cmp(&self.scores[a]).then(a.cmp(&b)));
        order.into_iter().take(count).map(|row| (row, self.scores[row])).collect()
    }

    /// `[n]` distance of each row's k-th neighbour; NaN where a row is not finite.
    pub fn k_distance(&self) -> &[f64] {
        &self.k_distance
    }

    /// The tree, to find neighbours in.
    pub fn tree(&self) -> &NeighbourTree {
        &self.tree
    }
}

/// One over the mean reachability distance (definitions 5 and 6).
fn reachability_density(near: &[Neighbour], k_distance: &[f64]) -> f64 {
    let reach: f64 = near.iter().map(|neighbour| neighbour.distance.max(k_distance[neighbour.row])).sum();
    1.0 / (reach / near.len() as f64 + FLOOR)
}

/// Mean density of the neighbours over one's own (definition 7).
fn factor(near: &[Neighbour], density: &[f64], own: f64) -> f64 {
    near.iter().map(|neighbour| density[neighbour.row] / own).sum::<f64>() / near.len() as f64
}

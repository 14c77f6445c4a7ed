//! Outliers by the local outlier factor (Breunig, Kriegel, Ng & Sander 2000) with scikit-learn's conventions: exactly k neighbours
//! where several points share the k-th distance, and 1e-10 added to the mean reachability so that duplicates give no infinity.

use super::error::LatentError;
use crate::numerics::k_d_tree::{Neighbour, NeighbourTree};
use crate::numerics::statistics::upper_median;

/// Neighbours that the paper uses.
pub const NEIGHBOURS: usize = 20;
/// Added to the mean reachability, so that more than k coinciding points have a finite density (scikit-learn's number).
const FLOOR: f64 = 1e-10;

/// The local outlier factors of a set, and the densities against which new points are scored.
#[derive(Debug, Clone)]
pub struct OutlierFactors {
    /// `[n]` about 1 where a point's neighbourhood is as dense as its neighbours', larger where it is emptier; NaN for latents that
    /// are not finite. scikit-learn's `negative_outlier_factor_` with the opposite sign.
    pub scores: Vec<f64>,
    /// Neighbours used: the smaller of k and n - 1.
    pub neighbours: usize,
    /// `[n]` distance to the k-th neighbour.
    k_distance: Vec<f64>,
    /// `[n]` local reachability density (Breunig et al., definition 6).
    density: Vec<f64>,
    tree: NeighbourTree,
}

/// What is known of a set's points once their factors are: enough to score new points, whose neighbours are known, without the points.
#[derive(Debug, Clone, PartialEq)]
pub struct Densities {
    /// `[n]` distance to the k-th neighbour.
    k_distance: Vec<f32>,
    /// `[n]` local reachability density.
    density: Vec<f32>,
    /// Median of the distances.
    middle: f64,
}

impl Densities {
    /// Takes the distances to the k-th neighbour and the local reachability densities, `[n]` each; `None` where their lengths differ.
    pub fn new(k_distance: Vec<f32>, density: Vec<f32>) -> Option<Self> {
        let mut known: Vec<f64> = k_distance.iter().map(|&d| f64::from(d)).filter(|d| d.is_finite()).collect();
        let middle = upper_median(&mut known).unwrap_or(f64::NAN);
        (k_distance.len() == density.len()).then_some(Self { k_distance, density, middle })
    }

    /// Returns the factor of a new point, given its [`NEIGHBOURS`] nearest points, nearest first; `None` where it has none.
    pub fn score(&self, near: &[Neighbour]) -> Option<f64> {
        let known = near.iter().all(|neighbour| neighbour.row < self.density.len());
        (known && !near.is_empty()).then(|| {
            let reach: f64 = near.iter().map(|n| n.distance.max(f64::from(self.k_distance[n.row]))).sum();
            let own = 1.0 / (reach / near.len() as f64 + FLOOR);
            near.iter().map(|n| f64::from(self.density[n.row]) / own).sum::<f64>() / near.len() as f64
        })
    }

    /// Returns how improbable a point is whose k-th neighbour is at a distance, in a space of `dims`: minus the logarithm of the density
    /// that the k nearest neighbours give (Loftsgaarden & Quesenberry 1965), less that at the median distance. 0 is ordinary, and 1 is e
    /// times less probable.
    pub fn rarity(&self, distance: f64, dims: usize) -> f32 {
        (dims as f64 * (distance / self.middle).ln()) as f32
    }

    /// Returns the rarity `[n]` of the set's points; NaN for latents that are not finite.
    pub fn rarities(&self, dims: usize) -> Vec<f32> {
        self.k_distance.iter().map(|&distance| self.rarity(f64::from(distance), dims)).collect()
    }
}

/// A computation of outlier factors in steps, so that the caller can do something else in between.
#[derive(Debug, Clone)]
pub struct OutlierStudy {
    tree: NeighbourTree,
    neighbours: usize,
    near: Vec<Vec<Neighbour>>,
}

impl OutlierStudy {
    /// Starts the computation with `k` neighbours.
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

    /// Returns the number of points whose neighbours are known, and the number of all points.
    pub fn position(&self) -> (usize, usize) {
        (self.near.len(), self.tree.rows())
    }

    /// Finds the neighbours of `points` more points.
    pub fn advance(&mut self, points: usize) {
        let end = self.near.len().saturating_add(points).min(self.tree.rows());
        for row in self.near.len()..end {
            self.near.push(self.tree.nearest_to_row(row, self.neighbours));
        }
    }

    /// Returns the factors; finds the remaining neighbours first.
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

/// Returns the scores `[n]` of latents `[n * dims]` with `k` neighbours, as [`OutlierFactors::fit`].
///
/// # Errors
/// As [`OutlierFactors::fit`].
pub fn local_outlier_factor(latents: &[f32], dims: usize, k: usize) -> Result<Vec<f64>, LatentError> {
    Ok(OutlierFactors::fit(NeighbourTree::new(latents, dims)?, k)?.scores)
}

impl OutlierFactors {
    /// Scores every point of a tree with `k` neighbours (the paper: [`NEIGHBOURS`]).
    ///
    /// # Errors
    /// Fewer than two points, and k = 0.
    pub fn fit(tree: NeighbourTree, k: usize) -> Result<Self, LatentError> {
        Ok(OutlierStudy::new(tree, k)?.finish())
    }

    /// Returns the scores `[m]` of new points `[m * d]` against the set, which they do not join (scikit-learn's `novelty=True` with the
    /// opposite sign); NaN for points that are not finite.
    pub fn score_new(&self, points: &[f32]) -> Vec<f64> {
        let score = |point: &[f32]| {
            let near = self.tree.nearest(point, self.neighbours);
            factor(&near, &self.density, reachability_density(&near, &self.k_distance))
        };
        points.chunks_exact(self.tree.dims()).map(score).collect()
    }

    /// Returns rows and scores of the `count` largest scores, the largest first; equal ones in the order of rows.
    pub fn top(&self, count: usize) -> Vec<(usize, f64)> {
        let mut order: Vec<usize> = (0..self.scores.len()).filter(|&row| !self.scores[row].is_nan()).collect();
        order.sort_by(|&a, &b| self.scores[b].total_cmp(&self.scores[a]).then(a.cmp(&b)));
        order.into_iter().take(count).map(|row| (row, self.scores[row])).collect()
    }

    /// Returns the distance `[n]` to each row's k-th neighbour; NaN where a row is not finite.
    pub fn k_distance(&self) -> &[f64] {
        &self.k_distance
    }

    /// Returns the local reachability density `[n]` of each row; NaN where a row is not finite.
    pub fn density(&self) -> &[f64] {
        &self.density
    }

    /// Returns the tree of the set's latents.
    pub fn tree(&self) -> &NeighbourTree {
        &self.tree
    }
}

/// Returns one over the mean reachability distance (definitions 5 and 6).
fn reachability_density(near: &[Neighbour], k_distance: &[f64]) -> f64 {
    let reach: f64 = near.iter().map(|neighbour| neighbour.distance.max(k_distance[neighbour.row])).sum();
    1.0 / (reach / near.len() as f64 + FLOOR)
}

/// Returns the mean density of the neighbours over the point's own (definition 7).
fn factor(near: &[Neighbour], density: &[f64], own: f64) -> f64 {
    near.iter().map(|neighbour| density[neighbour.row] / own).sum::<f64>() / near.len() as f64
}

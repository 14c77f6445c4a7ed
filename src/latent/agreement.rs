//! Agreement of two descriptions of the same spectra: a map with the latents it was computed from, clusters with classes.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::numerics::k_d_tree::NeighbourTree;
use crate::numerics::parallel;

/// The degree to which neighbours on a map are neighbours in latent space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trustworthiness {
    /// 0..1; 1 where every neighbour on the map is one in latent space.
    pub value: f64,
    /// Neighbours k per point.
    pub neighbours: usize,
    /// Points whose neighbours were compared; fewer than `points` make `value` an estimate.
    pub sampled: usize,
    /// All points.
    pub points: usize,
}

/// An error of a comparison.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum AgreementError {
    /// One description has more points than the other.
    #[error("agreement: {left} points cannot be compared with {right}; there must be as many")]
    Lengths {
        /// Points of the first.
        left: usize,
        /// Points of the second.
        right: usize,
    },
    /// The points are not rows of `dims` numbers.
    #[error("agreement: {len} numbers are not rows of {dims}")]
    Shape {
        /// Numbers given.
        len: usize,
        /// Numbers per row.
        dims: usize,
    },
    /// Trustworthiness is defined for k from 1 to below n / 2.
    #[error("trustworthiness at {neighbours} neighbours needs more than {} points, and at least one neighbour; there are {points} finite ones", 2 * neighbours)]
    TooFew {
        /// Neighbours k.
        neighbours: usize,
        /// Points n that are finite in both descriptions.
        points: usize,
    },
}

/// A table of counts with a row per cluster and a column per class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassTable {
    /// Cluster labels, in ascending order; -1, where there is one, is noise.
    pub clusters: Vec<i32>,
    /// Class codes, in ascending order.
    pub classes: Vec<u8>,
    /// `[clusters * classes]` spectra in each cluster of each class.
    pub counts: Vec<usize>,
}

/// Computes the trustworthiness of a map (Venna & Kaski 2001), as `sklearn.manifold.trustworthiness` does with Euclidean distances:
/// 1 - 2 / (n k (2n - 3k - 1)) times the sum, over points and their k neighbours on the map, of the excess over k of the
/// neighbour's rank in latent space.
///
/// `original` is `[n * dims]`, `map` `[n * map_dims]`. With `sample` the sum is over that many points, spread evenly over the rows, and
/// scaled to all; their neighbours and ranks are still among all points. Rows that are not finite in either are left out.
///
/// # Errors
///
/// Different numbers of points, or no more than 2 k of them.
pub fn trustworthiness(
    original: &[f32],
    dims: usize,
    map: &[f32],
    map_dims: usize,
    neighbours: usize,
    sample: Option<usize>,
) -> Result<Trustworthiness, AgreementError> {
    let original = table(original, dims)?;
    let map = table(map, map_dims)?;
    if original.len() != map.len() {
        return Err(AgreementError::Lengths { left: original.len(), right: map.len() });
    }
    let finite = |row: &[f32]| row.iter().all(|value| value.is_finite());
    let (original, map): (Vec<&[f32]>, Vec<&[f32]>) =
        original.into_iter().zip(map).filter(|(left, right)| finite(left) && finite(right)).unzip();

    let points = original.len();
    if neighbours == 0 || points <= 2 * neighbours {
        return Err(AgreementError::TooFew { neighbours, points });
    }
    let sampled = sample.map_or(points, |sample| sample.clamp(1, points));
    let tree = NeighbourTree::new(&map.concat(), map_dims)
        .map_err(|_| AgreementError::Shape { len: points * map_dims, dims: map_dims })?;
    let beyond = parallel::map(sampled, |index| {
        let own = index * points / sampled;
        let near: Vec<usize> = tree.nearest_to_row(own, neighbours).into_iter().map(|near| near.row).collect();
        ranks_beyond(&original, own, &near)
    });
    let (n, k) = (points as f64, neighbours as f64);
    let sum = beyond.into_iter().sum::<u64>() as f64 * n / sampled as f64;
    let value = 1.0 - 2.0 / (n * k * (2.0 * n - 3.0 * k - 1.0)) * sum;
    Ok(Trustworthiness { value, neighbours, sampled, points })
}

/// Computes the adjusted Rand index (Hubert & Arabie 1985) of two labellings, as `sklearn.metrics.adjusted_rand_score` does: 1 where they
/// differ in the labels' names alone, about 0 where they are independent. Noise, in a clustering that has it, counts as one more
/// cluster. Fewer than two points agree perfectly.
///
/// # Errors
///
/// Different numbers of labels.
pub fn adjusted_rand_index<A: Ord + Copy, B: Ord + Copy>(left: &[A], right: &[B]) -> Result<f64, AgreementError> {
    if left.len() != right.len() {
        return Err(AgreementError::Lengths { left: left.len(), right: right.len() });
    }
    let mut both = BTreeMap::<(A, B), u64>::new();
    let (mut lefts, mut rights) = (BTreeMap::<A, u64>::new(), BTreeMap::<B, u64>::new());
    for (&l, &r) in left.iter().zip(right) {
        *both.entry((l, r)).or_default() += 1;
        *lefts.entry(l).or_default() += 1;
        *rights.entry(r).or_default() += 1;
    }
    let together = pairs(both.values());
    let (left_pairs, right_pairs, all) = (pairs(lefts.values()), pairs(rights.values()), pairs([&(left.len() as u64)]));
    if together == left_pairs && together == right_pairs {
        return Ok(1.0);
    }
    let expected = left_pairs * (right_pairs / all);
    Ok((together - expected) / (0.5 * (left_pairs + right_pairs) - expected))
}

impl ClassTable {
    /// Counts cluster labels `[n]` against class codes `[n]`.
    ///
    /// # Errors
    ///
    /// Different numbers of labels and codes.
    pub fn new(labels: &[i32], classes: &[u8]) -> Result<Self, AgreementError> {
        if labels.len() != classes.len() {
            return Err(AgreementError::Lengths { left: labels.len(), right: classes.len() });
        }
        let mut cells = BTreeMap::<(i32, u8), usize>::new();
        for (&label, &class) in labels.iter().zip(classes) {
            *cells.entry((label, class)).or_default() += 1;
        }
        let mut clusters: Vec<i32> = cells.keys().map(|(label, _)| *label).collect();
        clusters.dedup();
        let mut codes: Vec<u8> = cells.keys().map(|(_, class)| *class).collect();
        codes.sort_unstable();
        codes.dedup();
        let count = |label| codes.iter().map(move |&class| (label, class));
        let counts = clusters
            .iter()
            .flat_map(|&label| count(label))
            .map(|cell| cells.get(&cell).copied().unwrap_or(0))
            .collect();
        Ok(Self { clusters, classes: codes, counts })
    }

    /// Returns each cluster with its counts `[classes]`.
    pub fn rows(&self) -> impl Iterator<Item = (i32, &[usize])> {
        self.clusters.iter().copied().zip(self.counts.chunks(self.classes.len().max(1)))
    }

    /// Returns the share of spectra that are of the most common class of their cluster, 0..1; 0 where there are none. Noise counts as a
    /// cluster.
    pub fn purity(&self) -> f64 {
        let commonest: usize = self.rows().map(|(_, counts)| counts.iter().copied().max().unwrap_or(0)).sum();
        commonest as f64 / self.counts.iter().sum::<usize>().max(1) as f64
    }
}

fn table(values: &[f32], dims: usize) -> Result<Vec<&[f32]>, AgreementError> {
    if dims == 0 || !values.len().is_multiple_of(dims) {
        return Err(AgreementError::Shape { len: values.len(), dims });
    }
    Ok(values.chunks_exact(dims).collect())
}

/// Returns the squared distance, which orders as the distance does.
fn squared_distance(left: &[f32], right: &[f32]) -> f64 {
    left.iter().zip(right).map(|(&l, &r)| (f64::from(l) - f64::from(r)).powi(2)).sum()
}

/// Sums, over neighbours on the map, the excess of each one's rank in latent space over their number; the nearest other point has
/// rank 1.
fn ranks_beyond(points: &[&[f32]], own: usize, near: &[usize]) -> u64 {
    let mut ordered: Vec<(f64, usize)> =
        near.iter().map(|&row| (squared_distance(points[row], points[own]), row)).collect();
    ordered.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
    // nearer[i]: points nearer than ordered[i] but not than ordered[i - 1].
    let mut nearer = vec![0u64; ordered.len()];
    let farthest = ordered.last().map_or(0.0, |last| last.0);
    for (row, point) in points.iter().enumerate() {
        let found = squared_distance(point, points[own]);
        if row == own || found > farthest {
            continue;
        }
        let rank = ordered.partition_point(|&(other, at)| other < found || (other == found && at <= row));
        if rank < nearer.len() {
            nearer[rank] += 1;
        }
    }
    let mut before = 0;
    let rank = nearer.into_iter().map(|more| {
        before += more;
        before + 1
    });
    rank.map(|rank| rank.saturating_sub(near.len() as u64)).sum()
}

/// Returns the number of pairs within groups of these sizes.
fn pairs<'a>(sizes: impl IntoIterator<Item = &'a u64>) -> f64 {
    sizes.into_iter().map(|&size| (u128::from(size) * u128::from(size.saturating_sub(1)) / 2) as f64).sum()
}

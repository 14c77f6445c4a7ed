//! How well two pictures of the same spectra agree: a map with the latents that it is of, clusters with classes.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::numerics::rows;

/// How far neighbours on a map are neighbours in truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trustworthiness {
    /// 0..1; 1 where every neighbour on the map is one in truth.
    pub value: f64,
    /// Neighbours k of a point that were looked at.
    pub neighbours: usize,
    /// Points whose neighbours were looked at, among all; fewer than `points` make `value` an estimate.
    pub sampled: usize,
    /// Points.
    pub points: usize,
}

/// What keeps two pictures from being compared.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum AgreementError {
    /// One picture has more points than the other.
    #[error("agreement: {left} points cannot be compared with {right}; there must be as many")]
    Lengths {
        /// Points of the one.
        left: usize,
        /// Of the other.
        right: usize,
    },
    /// The points are not rows of so many numbers.
    #[error("agreement: {len} numbers are not rows of {dims}")]
    Shape {
        /// Numbers.
        len: usize,
        /// Numbers a row.
        dims: usize,
    },
    /// Trustworthiness is defined for k from 1 to below n / 2.
    #[error("trustworthiness at {neighbours} neighbours needs more than {} points, and at least one neighbour; there are {points} finite ones", 2 * neighbours)]
    TooFew {
        /// Neighbours k.
        neighbours: usize,
        /// Points n that are finite in both pictures.
        points: usize,
    },
}

/// Rows: clusters, columns: classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassTable {
    /// Cluster labels, in ascending order; -1, where there is one, is noise.
    pub clusters: Vec<i32>,
    /// Class codes, in ascending order.
    pub classes: Vec<u8>,
    /// `[clusters * classes]` spectra in each cluster of each class.
    pub counts: Vec<usize>,
}

/// The trustworthiness of a map (Venna & Kaski 2001), as `sklearn.manifold.trustworthiness` computes it with Euclidean distances:
/// 1 - 2 / (n k (2n - 3k - 1)) times the sum, over points and their k neighbours on the map, of how far beyond k such a
/// neighbour's rank in truth is.
///
/// `original` `[n * dims]`, `map` `[n * map_dims]`. With `sample` the sum is over that many points, spread evenly over the rows,
/// and scaled to all; their neighbours and ranks are still among all points. Rows that are not finite in either are left out.
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
    let beyond = rows::map(sampled, |index| {
        let own = index * points / sampled;
        let near = nearest(&map, own, neighbours);
        ranks_beyond(&original, own, &near)
    });
    let (n, k) = (points as f64, neighbours as f64);
    let sum = beyond.into_iter().sum::<u64>() as f64 * n / sampled as f64;
    let value = 1.0 - 2.0 / (n * k * (2.0 * n - 3.0 * k - 1.0)) * sum;
    Ok(Trustworthiness { value, neighbours, sampled, points })
}

/// The adjusted Rand index (Hubert & Arabie 1985) of two labellings: 1 where they are the same but for the labels' names, about 0
/// where they have nothing to do with each other; as `sklearn.metrics.adjusted_rand_score` computes it. Noise, in a clustering
/// that knows it, counts as one more cluster. Fewer than two points agree perfectly.
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
    /// Of cluster labels `[n]` and class codes `[n]`.
    ///
    /// # Errors
    ///
    /// Different numbers of them.
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

    /// Rows of (cluster, `[classes]` spectra of each class).
    pub fn rows(&self) -> impl Iterator<Item = (i32, &[usize])> {
        self.clusters.iter().copied().zip(self.counts.chunks(self.classes.len().max(1)))
    }

    /// The part of the spectra that are of their cluster's commonest class, 0..1; 0 of none. Noise counts as a cluster.
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

/// Squared, which sorts as the distance does.
fn distance(left: &[f32], right: &[f32]) -> f64 {
    left.iter().zip(right).map(|(&l, &r)| (f64::from(l) - f64::from(r)).powi(2)).sum()
}

/// The rows of a point's nearest others; of equally near ones the first in the table.
fn nearest(points: &[&[f32]], own: usize, count: usize) -> Vec<usize> {
    let mut best: Vec<(f64, usize)> = Vec::with_capacity(count + 1);
    for (row, point) in points.iter().enumerate() {
        let found = distance(point, points[own]);
        if row == own || best.last().is_some_and(|last| best.len() == count && found >= last.0) {
            continue;
        }
        best.insert(best.partition_point(|&(other, _)| other <= found), (found, row));
        best.truncate(count);
    }
    best.into_iter().map(|(_, row)| row).collect()
}

/// The sum, over some neighbours, of how far beyond their number each one's rank is, the nearest other point being the first.
fn ranks_beyond(points: &[&[f32]], own: usize, near: &[usize]) -> u64 {
    let mut ordered: Vec<(f64, usize)> = near.iter().map(|&row| (distance(points[row], points[own]), row)).collect();
    ordered.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
    // nearer[i]: points nearer than ordered[i] but not than ordered[i - 1].
    let mut nearer = vec![0u64; ordered.len()];
    let farthest = ordered.last().map_or(0.0, |last| last.0);
    for (row, point) in points.iter().enumerate() {
        let found = distance(point, points[own]);
        if row == own || found > farthest {
            continue;
        }
        let place = ordered.partition_point(|&(other, at)| other < found || (other == found && at <= row));
        if place < nearer.len() {
            nearer[place] += 1;
        }
    }
    let mut before = 0;
    let rank = nearer.into_iter().map(|more| {
        before += more;
        before + 1
    });
    rank.map(|rank| rank.saturating_sub(near.len() as u64)).sum()
}

/// Pairs within groups of such sizes.
fn pairs<'a>(sizes: impl IntoIterator<Item = &'a u64>) -> f64 {
    sizes.into_iter().map(|&size| (u128::from(size) * u128::from(size.saturating_sub(1)) / 2) as f64).sum()
}

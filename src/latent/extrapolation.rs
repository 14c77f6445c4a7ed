//! Whether a latent lies within the training set, or outside it where a decoder extrapolates; and regions that hold no
//! spectrum.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::outlier::OutlierFactors;
use crate::numerics::k_d_tree::NeighbourTree;
use crate::numerics::statistics::{rank, sorted, trimmed_range};

/// Latents drawn for one empty region.
const TRIES: usize = 256;
/// Spectra that a drawn latent is compared with, at most: enough to find what is empty.
const COMPARED: usize = 4096;
/// Part of the spectra beyond either bound of each latent: outliers do not set the bounds.
const CUT: f64 = 0.01;

/// The distances between the spectra of a set, against which new latents are judged.
#[derive(Debug, Clone)]
pub struct Extrapolation {
    /// Neighbours k.
    k: usize,
    /// Distances of the set's own spectra to their k-th neighbours, ascending.
    distances: Vec<f64>,
}

/// The distance of a latent from the set, compared with the distances within it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Familiarity {
    /// Euclidean distance to the k-th nearest spectrum of the set.
    pub distance: f64,
    /// Percentage of the set's own spectra whose k-th neighbour is nearer.
    pub percentile: f64,
}

impl Extrapolation {
    /// Takes the k-th neighbour distances from computed outlier factors.
    pub fn of(factors: &OutlierFactors) -> Self {
        Self { k: factors.neighbours, distances: sorted(factors.k_distance().iter().copied()) }
    }

    /// Computes the k-th neighbour distances of every `stride`-th row of a tree (1: all rows).
    pub fn fit(tree: &NeighbourTree, k: usize, stride: usize) -> Self {
        let k = k.clamp(1, tree.len().saturating_sub(1).max(1));
        let rows = (0..tree.rows()).step_by(stride.max(1));
        let distances = rows.filter_map(|row| tree.nearest_to_row(row, k).last().map(|last| last.distance));
        Self { k, distances: sorted(distances) }
    }

    /// Compares a latent `[d]` with the set; `None` for a latent that is not finite, or a set of fewer than two spectra.
    pub fn of_point(&self, tree: &NeighbourTree, point: &[f32]) -> Option<Familiarity> {
        let distance = tree.nearest(point, self.k).last()?.distance;
        let percentile = rank(&self.distances, distance);
        (!percentile.is_nan()).then_some(Familiarity { distance, percentile })
    }
}

impl Familiarity {
    /// Returns whether the latent is farther from the set than 99 of 100 of its spectra are from each other.
    pub fn is_extrapolating(&self) -> bool {
        self.percentile > 99.0
    }
}

/// Returns the distance from a latent `[d]` to the nearest of `[n * d]` latents, each dimension in units of its standard deviation;
/// `None` where `latent` has another length, or no row is finite.
pub fn nearest_distance(latents: &[f32], dims: usize, latent: &[f32]) -> Option<f32> {
    let scales = inverse_deviations(latents, dims);
    let distance = || nearest(latents, &scales, latent, 1);
    (latent.len() == dims && dims > 0).then(distance).filter(|distance| distance.is_finite())
}

/// Returns the emptiest `[d]` of 256 latents drawn evenly within the bounds of `[n * d]` latents: the one farthest from its nearest
/// spectrum. Another `seed` gives another one. `None` where there are no latents.
pub fn empty_region(latents: &[f32], dims: usize, seed: u64) -> Option<Vec<f32>> {
    if latents.is_empty() || dims == 0 {
        return None;
    }
    let column = |i: usize| latents.iter().skip(i).step_by(dims).copied();
    let bounds: Vec<(f32, f32)> = (0..dims).map(|i| trimmed_range(column(i), CUT).unwrap_or((0.0, 0.0))).collect();
    let scales = inverse_deviations(latents, dims);
    let stride = (latents.len() / dims).div_ceil(COMPARED);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut draw =
        || -> Vec<f32> { bounds.iter().map(|(low, high)| low + (high - low) * random.random::<f32>()).collect() };
    let tried = (0..TRIES).map(|_| {
        let latent = draw();
        (nearest(latents, &scales, &latent, stride), latent)
    });
    tried.filter(|(distance, _)| distance.is_finite()).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, latent)| latent)
}

/// Returns the distance to the nearest of every `stride`-th row, each dimension multiplied by its scale `[d]`; infinite where no row
/// is finite.
fn nearest(latents: &[f32], scales: &[f32], latent: &[f32], stride: usize) -> f32 {
    let squared = |row: &[f32]| -> f32 {
        let parts = row.iter().zip(latent).zip(scales);
        parts.map(|((x, p), scale)| ((x - p) * scale).powi(2)).sum()
    };
    let rows = latents.chunks_exact(latent.len().max(1)).step_by(stride.max(1));
    rows.map(squared).fold(f32::INFINITY, f32::min).sqrt()
}

/// Returns `[d]` one over the standard deviation of each latent.
fn inverse_deviations(latents: &[f32], dims: usize) -> Vec<f32> {
    let count = (latents.len() / dims.max(1)).max(1) as f32;
    let column = |i: usize| latents.iter().skip(i).step_by(dims.max(1)).filter(|value| value.is_finite());
    let scale = |i: usize| {
        let mean = column(i).sum::<f32>() / count;
        let variance = column(i).map(|value| (value - mean).powi(2)).sum::<f32>() / count;
        1.0 / variance.sqrt().max(1e-6)
    };
    (0..dims).map(scale).collect()
}

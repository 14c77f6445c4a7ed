//! Clusters of latents: k-means (by smartcore) and HDBSCAN (by hdbscan).

use hdbscan::{Hdbscan, HdbscanHyperParams, NnAlgorithm};
use smartcore::cluster::kmeans::{KMeans as Lloyd, KMeansParameters};
use smartcore::linalg::basic::matrix::DenseMatrix;
use thiserror::Error;

use crate::numerics::parallel;

/// The label of a point in no cluster.
pub const NOISE: i32 = -1;

/// Settings of k-means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KMeansConfig {
    /// Clusters k.
    pub clusters: usize,
    /// Number of starts by k-means++ (Arthur & Vassilvitskii 2007), of which the best result is kept.
    pub starts: usize,
    /// Largest number of iterations per start.
    pub max_iterations: usize,
    /// Seed of the starts.
    pub seed: u64,
}

/// The clusters of k-means, the largest first.
#[derive(Debug, Clone, PartialEq)]
pub struct KMeans {
    /// `[n]` cluster of each point, 0..k; [`NOISE`] for rows that are not finite.
    pub labels: Vec<i32>,
    /// `[k * d]` mean of each cluster.
    pub centroids: Vec<f32>,
    /// Sum over points of the squared distance to their cluster's mean.
    pub inertia: f64,
}

/// Settings of HDBSCAN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HdbscanConfig {
    /// Fewest points of a cluster.
    pub min_cluster_size: usize,
    /// Neighbours, the point itself included, that measure density; scikit-learn and hdbscan default to `min_cluster_size`.
    pub min_samples: usize,
}

/// An error of clustering.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ClusterError {
    /// The points are not rows of `dims` numbers.
    #[error("clusters: {len} numbers are not rows of {dims} latents")]
    Shape {
        /// Numbers given.
        len: usize,
        /// Latents per row.
        dims: usize,
    },
    /// A setting is too small.
    #[error("clusters: {setting} = {value} cannot be; it must be {least} or more")]
    Setting {
        /// Name of the setting.
        setting: &'static str,
        /// Value of the setting.
        value: usize,
        /// Smallest allowed value.
        least: usize,
    },
    /// There are fewer points than clusters, or than a neighbourhood needs.
    #[error("clusters: {needed} {what} points are needed and {found} are there")]
    TooFew {
        /// Points needed.
        needed: usize,
        /// Points found.
        found: usize,
        /// Which points count: finite ones, or finite and different ones.
        what: &'static str,
    },
    /// The clustering library failed.
    #[error("clusters: {0}")]
    Library(String),
}

/// Finds k-means clusters of `latents` `[n * dims]` by Lloyd's iterations from several starts; the result of least inertia is kept.
///
/// # Errors
///
/// An invalid shape, a setting out of range, or fewer different points than clusters.
pub fn k_means(latents: &[f32], dims: usize, config: &KMeansConfig) -> Result<KMeans, ClusterError> {
    let points = Points::new(latents, dims)?;
    for (setting, value, least) in
        [("clusters", config.clusters, 1), ("starts", config.starts, 1), ("max_iterations", config.max_iterations, 1)]
    {
        if value < least {
            return Err(ClusterError::Setting { setting, value, least });
        }
    }
    let found = points.different();
    if found < config.clusters {
        return Err(ClusterError::TooFew { needed: config.clusters, found, what: "finite and different" });
    }
    // smartcore begins at two clusters.
    let starts = if config.clusters == 1 { 1 } else { config.starts };
    let runs = parallel::map(starts, |start| {
        let labels = if config.clusters == 1 { vec![0; points.len()] } else { points.lloyd(config, start as u64)? };
        Ok(points.partition(labels))
    });
    let runs = runs.into_iter().collect::<Result<Vec<_>, ClusterError>>()?;
    let best = runs.into_iter().min_by(|left, right| left.inertia.total_cmp(&right.inertia));
    let best = best.ok_or(ClusterError::Setting { setting: "starts", value: 0, least: 1 })?;
    Ok(KMeans { labels: points.scatter(&best.labels), ..best })
}

/// Finds clusters of `latents` `[n * dims]` by HDBSCAN (Campello, Moulavi & Sander 2013). Returns labels `[n]`: 0 for the largest cluster,
/// [`NOISE`] for points in none and for rows that are not finite. It is not random. Time grows as n squared, on one core.
///
/// # Errors
///
/// An invalid shape, a setting out of range, or fewer points than `min_samples`.
pub fn hdbscan(latents: &[f32], dims: usize, config: &HdbscanConfig) -> Result<Vec<i32>, ClusterError> {
    let points = Points::new(latents, dims)?;
    for (setting, value, least) in
        [("min_cluster_size", config.min_cluster_size, 2), ("min_samples", config.min_samples, 1)]
    {
        if value < least {
            return Err(ClusterError::Setting { setting, value, least });
        }
    }
    let needed = config.min_samples.max(2);
    if points.len() < needed {
        return Err(ClusterError::TooFew { needed, found: points.len(), what: "finite" });
    }
    let settings = HdbscanHyperParams::builder()
        .min_cluster_size(config.min_cluster_size)
        .min_samples(config.min_samples)
        .nn_algorithm(NnAlgorithm::KdTree)
        .build();
    let labels = Hdbscan::new(&points.rows, settings).cluster().map_err(|e| ClusterError::Library(e.to_string()))?;
    Ok(points.scatter(&by_size(&labels)))
}

/// The finite rows of a table, in double precision.
struct Points {
    /// For each row of the table, whether it is among `rows`.
    finite: Vec<bool>,
    rows: Vec<Vec<f64>>,
    dims: usize,
}

impl Points {
    fn new(latents: &[f32], dims: usize) -> Result<Self, ClusterError> {
        if dims == 0 || !latents.len().is_multiple_of(dims) {
            return Err(ClusterError::Shape { len: latents.len(), dims });
        }
        let finite: Vec<bool> =
            latents.chunks_exact(dims).map(|row| row.iter().all(|value| value.is_finite())).collect();
        let kept = latents.chunks_exact(dims).zip(&finite).filter(|(_, finite)| **finite);
        let rows = kept.map(|(row, _)| row.iter().map(|&value| f64::from(value)).collect()).collect();
        Ok(Self { finite, rows, dims })
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns the number of points that differ from each other.
    fn different(&self) -> usize {
        // -0 equals 0.
        let mut keys: Vec<Vec<u64>> =
            self.rows.iter().map(|row| row.iter().map(|value| (value + 0.0).to_bits()).collect()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.len()
    }

    /// Returns the labels `[n]` of one start.
    fn lloyd(&self, config: &KMeansConfig, start: u64) -> Result<Vec<usize>, ClusterError> {
        let library = |e: smartcore::error::Failed| ClusterError::Library(e.to_string());
        let matrix = DenseMatrix::from_2d_vec(&self.rows).map_err(library)?;
        let settings = KMeansParameters {
            k: config.clusters,
            max_iter: config.max_iterations,
            seed: Some(config.seed.wrapping_add(start.wrapping_mul(0x9e37_79b9_7f4a_7c15))),
        };
        let fitted = Lloyd::<f64, usize, DenseMatrix<f64>, Vec<usize>>::fit(&matrix, settings).map_err(library)?;
        fitted.predict(&matrix).map_err(library)
    }

    /// Returns the clusters of these labels with their means and inertia.
    fn partition(&self, labels: Vec<usize>) -> KMeans {
        let labels = by_size(&labels.into_iter().map(|label| label as i32).collect::<Vec<_>>());
        let clusters = labels.iter().max().map_or(0, |&last| last as usize + 1);
        let mut means = vec![0f64; clusters * self.dims];
        let mut sizes = vec![0usize; clusters];
        for (row, &label) in self.rows.iter().zip(&labels) {
            sizes[label as usize] += 1;
            let mean = &mut means[label as usize * self.dims..][..self.dims];
            mean.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        for (mean, &size) in means.chunks_exact_mut(self.dims).zip(&sizes) {
            mean.iter_mut().for_each(|sum| *sum /= size.max(1) as f64);
        }
        let cost = |(row, &label): (&Vec<f64>, &i32)| -> f64 {
            let mean = &means[label as usize * self.dims..][..self.dims];
            row.iter().zip(mean).map(|(value, mean)| (value - mean).powi(2)).sum()
        };
        let inertia = self.rows.iter().zip(&labels).map(cost).sum();
        KMeans { labels, centroids: means.iter().map(|&value| value as f32).collect(), inertia }
    }

    /// Spreads labels of the finite rows over all rows.
    fn scatter(&self, labels: &[i32]) -> Vec<i32> {
        let mut labels = labels.iter().copied();
        self.finite.iter().map(|finite| if *finite { labels.next().unwrap_or(NOISE) } else { NOISE }).collect()
    }
}

/// Renumbers clusters from the largest; equal ones in the order of their first rows. Noise stays noise.
fn by_size(labels: &[i32]) -> Vec<i32> {
    let mut sizes = std::collections::BTreeMap::<i32, (usize, usize)>::new();
    for (row, &label) in labels.iter().enumerate().filter(|(_, label)| **label >= 0) {
        sizes.entry(label).or_insert((0, row)).0 += 1;
    }
    let mut order: Vec<_> = sizes.into_iter().collect();
    order.sort_by_key(|&(_, (size, first))| (std::cmp::Reverse(size), first));
    let names: std::collections::BTreeMap<i32, i32> =
        order.into_iter().enumerate().map(|(name, (label, _))| (label, name as i32)).collect();
    labels.iter().map(|label| names.get(label).copied().unwrap_or(NOISE)).collect()
}

//! Settings, progress and errors of a map.

use thiserror::Error;

/// Settings of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct UmapConfig {
    /// Neighbours of a point, itself included; `umap-learn`: 15. More neighbours show large structure, fewer show small.
    pub neighbours: usize,
    /// Distance on the map below which neighbours are not pulled closer; `umap-learn`: 0.1.
    pub min_dist: f64,
    /// Scale of the map; `umap-learn`: 1.
    pub spread: f64,
    /// Epochs of the descent; none: 500 up to 10,000 points, 200 above, as in `umap-learn`.
    pub epochs: Option<usize>,
    /// Random points that repel for each neighbour that attracts; `umap-learn`: 5.
    pub negatives: usize,
    /// Seed of the random points.
    pub seed: u64,
}

impl Default for UmapConfig {
    fn default() -> Self {
        Self { neighbours: 15, min_dist: 0.1, spread: 1.0, epochs: None, negatives: 5, seed: 0 }
    }
}

/// Progress of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UmapProgress {
    /// The search for neighbours.
    Neighbours {
        /// Points whose neighbours are known.
        done: usize,
        /// All points.
        of: usize,
    },
    /// The descent.
    Descent {
        /// Epochs done.
        done: usize,
        /// All epochs.
        of: usize,
    },
}

/// An error of a map.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum UmapError {
    /// The latents are not rows of `dims` numbers.
    #[error("UMAP: {len} numbers are not rows of {dims} latents")]
    Shape {
        /// Number of values.
        len: usize,
        /// Latents per row.
        dims: usize,
    },
    /// A setting is out of range.
    #[error("UMAP: {setting} = {value} cannot be; it must be {rule}")]
    Setting {
        /// Name of the setting.
        setting: &'static str,
        /// Value of the setting.
        value: f64,
        /// Allowed values.
        rule: &'static str,
    },
    /// There are more points than an index can count.
    #[error("UMAP: {rows} points are too many; map a sample of them")]
    TooMany {
        /// Number of points.
        rows: usize,
    },
    /// The caller stopped the computation.
    #[error("UMAP was stopped")]
    Stopped,
}

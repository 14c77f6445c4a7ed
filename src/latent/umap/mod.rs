//! UMAP (McInnes, Healy & Melville 2018, arXiv:1802.03426): latents on a plane, neighbours beside neighbours.
//!
//! Four steps: the nearest neighbours of every point, a graph that says how surely two points are neighbours (their
//! section 3.1), a start from the two widest principal axes, and a descent that pulls neighbours together and pushes random
//! others apart (section 3.2). Defaults and details are those of the authors' `umap-learn`, except for the start: theirs is
//! spectral. The descent visits edges one after another, so that a seed always gives the same map, however many threads
//! there are.

mod curve;
mod descent;
mod fuzzy_graph;
mod nearest;

use std::ops::ControlFlow;

use thiserror::Error;

use super::LatentAxes;
pub use curve::Curve;
pub use fuzzy_graph::Edge;

/// What a map depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct UmapConfig {
    /// Neighbours of a point, itself among them; `umap-learn`: 15. More show the large, fewer the small.
    pub neighbours: usize,
    /// Distance on the map below which neighbours need not come closer; `umap-learn`: 0.1.
    pub min_dist: f64,
    /// Scale of the map; `umap-learn`: 1.
    pub spread: f64,
    /// Sweeps over the graph; none: 500 up to 10,000 points, 200 above, as `umap-learn` does.
    pub epochs: Option<usize>,
    /// Random points that push for each neighbour that pulls; `umap-learn`: 5.
    pub negatives: usize,
    /// Of the random points.
    pub seed: u64,
}

impl Default for UmapConfig {
    fn default() -> Self {
        Self { neighbours: 15, min_dist: 0.1, spread: 1.0, epochs: None, negatives: 5, seed: 0 }
    }
}

/// How far a map is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UmapProgress {
    /// Points whose neighbours are known.
    Neighbours {
        /// So many.
        done: usize,
        /// Of so many.
        of: usize,
    },
    /// Epochs of the descent.
    Descent {
        /// So many.
        done: usize,
        /// Of so many.
        of: usize,
    },
}

/// Why there is no map.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum UmapError {
    /// The latents are not rows of so many numbers.
    #[error("UMAP: {len} numbers are not rows of {dims} latents")]
    Shape {
        /// Numbers.
        len: usize,
        /// Latents a row.
        dims: usize,
    },
    /// A setting that means nothing.
    #[error("UMAP: {setting} = {value} cannot be; it must be {rule}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        rule: &'static str,
    },
    /// More points than an index holds.
    #[error("UMAP: {rows} points are too many; map a sample of them")]
    TooMany {
        /// Points.
        rows: usize,
    },
    /// The caller wished it.
    #[error("UMAP was stopped")]
    Stopped,
}

/// The map of `latents` `[n * dims]`: `[n * 2]`. Rows that are not finite are left out and lie at NaN. `progress` hears
/// of every 2048 points and every epoch, and stops the work by [`ControlFlow::Break`].
///
/// # Errors
///
/// A shape or a setting that cannot be, or [`UmapError::Stopped`].
pub fn umap(
    latents: &[f32],
    dims: usize,
    config: &UmapConfig,
    mut progress: impl FnMut(UmapProgress) -> ControlFlow<()>,
) -> Result<Vec<f32>, UmapError> {
    check(latents, dims, config)?;
    let finite: Vec<bool> = latents.chunks_exact(dims).map(|row| row.iter().all(|value| value.is_finite())).collect();
    let kept = latents.chunks_exact(dims).zip(&finite).filter(|(_, keep)| **keep);
    let rows: Vec<f32> = kept.flat_map(|(row, _)| row).copied().collect();

    let mut hear = |step| match progress(step) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(UmapError::Stopped),
    };
    let edges = graph(&rows, dims, config.neighbours, &mut hear)?;
    let mut places = start(&rows, dims);
    descent::descend(&mut places, edges, &Curve::fit(config.min_dist, config.spread), config, &mut hear)?;

    let mut mapped = places.into_iter();
    let place = |keep: &bool| if *keep { mapped.next().unwrap_or([f32::NAN; 2]) } else { [f32::NAN; 2] };
    Ok(finite.iter().flat_map(place).collect())
}

/// The graph of points `[n * dims]`, all finite: how surely two of them are neighbours, in both directions, sorted by head and
/// tail. `hear` is told of the neighbours found, and its error ends the work.
///
/// # Errors
///
/// Those of `hear`.
pub fn graph(
    points: &[f32],
    dims: usize,
    neighbours: usize,
    hear: &mut impl FnMut(UmapProgress) -> Result<(), UmapError>,
) -> Result<Vec<Edge>, UmapError> {
    let others = neighbours.saturating_sub(1);
    Ok(fuzzy_graph::edges(&nearest::nearest(points, dims.max(1), others, hear)?))
}

fn check(latents: &[f32], dims: usize, config: &UmapConfig) -> Result<(), UmapError> {
    if dims == 0 || !latents.len().is_multiple_of(dims) {
        return Err(UmapError::Shape { len: latents.len(), dims });
    }
    if latents.len() / dims >= u32::MAX as usize {
        return Err(UmapError::TooMany { rows: latents.len() / dims });
    }
    let wrong = |setting, value, rule| Err(UmapError::Setting { setting, value, rule });
    if config.neighbours < 2 {
        return wrong("neighbours", config.neighbours as f64, "2 or more");
    }
    if !(config.spread.is_finite() && config.spread > 0.0) {
        return wrong("spread", config.spread, "above 0");
    }
    if !(0.0..=config.spread).contains(&config.min_dist) {
        return wrong("min_dist", config.min_dist, "between 0 and spread");
    }
    Ok(())
}

/// Where the descent starts: the two widest principal axes, each stretched to 0..10 as `umap-learn` does. A single latent has
/// one axis; the other coordinate then is a ripple, so that points can pass each other.
fn start(rows: &[f32], dims: usize) -> Vec<[f32; 2]> {
    let axes = LatentAxes::fit(rows, dims);
    let along = axes.project(rows);
    let mut places: Vec<[f32; 2]> = along
        .chunks_exact(dims)
        .enumerate()
        .map(|(row, along)| [along[0], along.get(1).copied().unwrap_or((row % 7) as f32)])
        .collect();
    for axis in 0..2 {
        let (low, high) = places.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), place| {
            (low.min(place[axis]), high.max(place[axis]))
        });
        let width = high - low;
        for (row, place) in places.iter_mut().enumerate() {
            // Points that all lie in one place are set apart a little, or nothing would ever part them.
            let apart = (row % 97) as f32 * 1e-4 * [1.0, -1.0][axis];
            place[axis] = if width > 0.0 { 10.0 * (place[axis] - low) / width + apart } else { apart };
        }
    }
    places
}

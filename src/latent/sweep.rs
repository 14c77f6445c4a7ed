//! Paths through latent space that need not pass any spectrum: a sweep along each axis, and a line drawn by a user.

use super::axes::LatentAxes;
use super::error::LatentError;
use crate::numerics::statistics::{percentile, sorted};

/// Percentiles at which an axis is sampled, on either side of the mean (the paper, figure 8).
pub const SWEEP_PERCENTILES: [f64; 4] = [1.0, 16.0, 84.0, 99.0];

/// Points along one axis, the others at their mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// Axis VAE 1, 2...
    pub axis: usize,
    /// Points, from low to high.
    pub points: Vec<SweepPoint>,
}

/// A point of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepPoint {
    /// Label: `1 %`, `16 %`, `mean`, `84 %` or `99 %`.
    pub label: String,
    /// Coordinate along the axis; the mean is 0.
    pub along: f64,
    /// `[d]` latent.
    pub latent: Vec<f32>,
}

/// Returns a sweep of each axis of latents `[n * d]`, at 1, 16, mean, 84 and 99 %.
///
/// # Errors
/// Latents of another width than the axes, and no finite row.
pub fn sweeps(axes: &LatentAxes, latents: &[f32]) -> Result<Vec<Sweep>, LatentError> {
    let dims = axes.dims;
    if dims == 0 || !latents.len().is_multiple_of(dims) {
        return Err(LatentError::Shape { what: "latents", found: latents.len(), expected: format!("rows of {dims}") });
    }
    let projected = axes.project(latents);
    let sweep = |axis: usize| {
        let values = sorted(projected.iter().skip(axis).step_by(dims).map(|&value| f64::from(value)));
        if values.is_empty() {
            return Err(LatentError::TooFew { what: "a sweep", found: 0, needed: 1 });
        }
        let at = |label: String, along: f64| {
            let mut coordinates = vec![0f32; dims];
            coordinates[axis] = along as f32;
            SweepPoint { label, along, latent: axes.unproject(&coordinates) }
        };
        let mut points: Vec<SweepPoint> =
            SWEEP_PERCENTILES.iter().map(|&q| at(format!("{q} %"), percentile(&values, q))).collect();
        points.insert(SWEEP_PERCENTILES.len() / 2, at("mean".to_owned(), 0.0));
        Ok(Sweep { axis: axis + 1, points })
    };
    (0..dims).map(sweep).collect()
}

/// Returns `[count * d]` latents at even steps, ends included, along a line drawn through `corners` in the plane of two axes (VAE `across`
/// and `up`, from 1; coordinates along them, the mean at 0); the other axes are at their mean. Corners that are not finite are
/// skipped.
///
/// # Errors
/// An axis that the model lacks or the same twice, and no finite corner.
pub fn along_line(
    axes: &LatentAxes,
    (across, up): (usize, usize),
    corners: &[[f64; 2]],
    count: usize,
) -> Result<Vec<f32>, LatentError> {
    let dims = axes.dims;
    if let Some(axis) = [across, up].into_iter().find(|axis| !(1..=dims).contains(axis)) {
        return Err(LatentError::NoSuchAxis { track: "drawn by hand".to_owned(), axis, dims });
    }
    if across == up {
        return Err(LatentError::OutOfRange {
            what: "the second axis of a drawn track",
            value: up as f64,
            allowed: "another than the first",
        });
    }
    let corners: Vec<[f64; 2]> = corners.iter().copied().filter(|c| c.iter().all(|value| value.is_finite())).collect();
    if corners.is_empty() {
        return Err(LatentError::TooFew { what: "a drawn track (its corners)", found: 0, needed: 1 });
    }
    let mut coordinates = vec![0f32; count * dims];
    for (point, [x, y]) in coordinates.chunks_exact_mut(dims).zip(evenly(&corners, count)) {
        point[across - 1] = x as f32;
        point[up - 1] = y as f32;
    }
    Ok(axes.unproject(&coordinates))
}

/// Returns `count` points at equal steps of length along a line of at least one corner; a single one is in the middle.
fn evenly(corners: &[[f64; 2]], count: usize) -> Vec<[f64; 2]> {
    let length = |pair: &[[f64; 2]]| (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1]);
    let total: f64 = corners.windows(2).map(length).sum();
    let at = |step: usize| {
        let part = if count > 1 { step as f64 / (count - 1) as f64 } else { 0.5 };
        let mut left = part * total;
        for pair in corners.windows(2) {
            let here = length(pair);
            if here > 0.0 && left <= here {
                let t = left / here;
                return [0, 1].map(|i| pair[0][i] + t * (pair[1][i] - pair[0][i]));
            }
            left -= here;
        }
        corners[corners.len() - 1]
    };
    (0..count).map(at).collect()
}

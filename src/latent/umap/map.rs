//! The four steps of a map.

use std::ops::ControlFlow;

use super::config::{UmapConfig, UmapError, UmapProgress};
use super::curve::Curve;
use super::fuzzy_graph::Edge;
use super::{descent, fuzzy_graph, nearest};
use crate::latent::axes::LatentAxes;

/// Computes the map `[n * 2]` of `latents` `[n * dims]`. Rows that are not finite are left out and get NaN. `progress` is called
/// after every 2048 points and every epoch, and stops the computation by [`ControlFlow::Break`].
///
/// # Errors
///
/// An invalid shape, a setting out of range, or [`UmapError::Stopped`].
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

    let mut report = |step| match progress(step) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(UmapError::Stopped),
    };
    let edges = graph(&rows, dims, config.neighbours, &mut report)?;
    let mut positions = start(&rows, dims);
    descent::descend(&mut positions, edges, &Curve::fit(config.min_dist, config.spread), config, &mut report)?;

    let mut mapped = positions.into_iter();
    let position = |keep: &bool| if *keep { mapped.next().unwrap_or([f32::NAN; 2]) } else { [f32::NAN; 2] };
    Ok(finite.iter().flat_map(position).collect())
}

/// Returns the graph of points `[n * dims]`, all finite: the certainty that two of them are neighbours, in both directions, sorted by
/// head and tail. `report` is called as neighbours are found, and its error ends the computation.
///
/// # Errors
///
/// Any error of `report`.
pub fn graph(
    points: &[f32],
    dims: usize,
    neighbours: usize,
    report: &mut impl FnMut(UmapProgress) -> Result<(), UmapError>,
) -> Result<Vec<Edge>, UmapError> {
    let others = neighbours.saturating_sub(1);
    Ok(fuzzy_graph::edges(&nearest::nearest(points, dims.max(1), others, report)?))
}

fn check(latents: &[f32], dims: usize, config: &UmapConfig) -> Result<(), UmapError> {
    if dims == 0 || !latents.len().is_multiple_of(dims) {
        return Err(UmapError::Shape { len: latents.len(), dims });
    }
    if latents.len() / dims >= u32::MAX as usize {
        return Err(UmapError::TooMany { rows: latents.len() / dims });
    }
    let refuse = |setting, value, rule| Err(UmapError::Setting { setting, value, rule });
    if config.neighbours < 2 {
        return refuse("neighbours", config.neighbours as f64, "2 or more");
    }
    if !(config.spread.is_finite() && config.spread > 0.0) {
        return refuse("spread", config.spread, "above 0");
    }
    if !(0.0..=config.spread).contains(&config.min_dist) {
        return refuse("min_dist", config.min_dist, "between 0 and spread");
    }
    Ok(())
}

/// Returns where the descent starts: the two widest principal axes, each scaled to 0..10 as in `umap-learn`. A single latent has one
/// axis; the other coordinate is then a ripple, so that points can pass each other.
fn start(rows: &[f32], dims: usize) -> Vec<[f32; 2]> {
    let axes = LatentAxes::fit(rows, dims);
    let along = axes.project(rows);
    let mut positions: Vec<[f32; 2]> = along
        .chunks_exact(dims)
        .enumerate()
        .map(|(row, along)| [along[0], along.get(1).copied().unwrap_or((row % 7) as f32)])
        .collect();
    for axis in 0..2 {
        let (low, high) = positions.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), position| {
            (low.min(position[axis]), high.max(position[axis]))
        });
        let width = high - low;
        for (row, position) in positions.iter_mut().enumerate() {
            // Points that coincide are moved apart a little, or no force would ever separate them.
            let apart = (row % 97) as f32 * 1e-4 * [1.0, -1.0][axis];
            position[axis] = if width > 0.0 { 10.0 * (position[axis] - low) / width + apart } else { apart };
        }
    }
    positions
}

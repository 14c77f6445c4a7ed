//! The nearest neighbours of every point, exactly: every distance is computed, a block of columns at a time, which in a few
//! dimensions and for tens of thousands of points costs seconds.

use super::{UmapError, UmapProgress};
use crate::numerics::rows;

/// Points between two words to the caller.
const BLOCK: usize = 2048;
/// Distances computed before any is looked at, so that computing them takes whole vectors.
const LANES: usize = 16;

/// The nearest other points of each point, the nearest first; of equally near ones the first in the table.
pub(super) struct Nearest {
    /// Neighbours a point.
    pub(super) count: usize,
    /// `[n * count]` their rows.
    pub(super) rows: Vec<u32>,
    /// `[n * count]` their Euclidean distances.
    pub(super) distances: Vec<f32>,
}

/// Of points `[n * dims]`, `count` neighbours each, or n - 1 where there are no more.
pub(super) fn nearest(
    points: &[f32],
    dims: usize,
    count: usize,
    hear: &mut impl FnMut(UmapProgress) -> Result<(), UmapError>,
) -> Result<Nearest, UmapError> {
    let total = points.len() / dims;
    let count = count.min(total.saturating_sub(1));
    let columns = columns(points, dims);
    let mut found = Nearest { count, rows: Vec::new(), distances: Vec::new() };
    for first in (0..total).step_by(BLOCK) {
        let block = rows::map(BLOCK.min(total - first), |offset| {
            let row = first + offset;
            of_one(&columns, &points[row * dims..(row + 1) * dims], row, total, count)
        });
        for (distance, row) in block.into_iter().flatten() {
            found.rows.push(row);
            found.distances.push(distance.sqrt());
        }
        hear(UmapProgress::Neighbours { done: total.min(first + BLOCK), of: total })?;
    }
    Ok(found)
}

/// One block of [`LANES`] points after another, in each one dimension after another; filled up with points that are
/// nowhere near.
fn columns(points: &[f32], dims: usize) -> Vec<f32> {
    let total = points.len() / dims;
    let mut columns = vec![f32::INFINITY; total.div_ceil(LANES) * LANES * dims];
    for (row, point) in points.chunks_exact(dims).enumerate() {
        for (dim, &value) in point.iter().enumerate() {
            columns[(row / LANES * dims + dim) * LANES + row % LANES] = value;
        }
    }
    columns
}

/// (squared distance, row) of one point's neighbours.
fn of_one(columns: &[f32], point: &[f32], own: usize, total: usize, count: usize) -> Vec<(f32, u32)> {
    let mut best: Vec<(f32, u32)> = Vec::with_capacity(count + 1);
    let mut worst = if count == 0 { f32::NEG_INFINITY } else { f32::INFINITY };
    for (block, lanes) in columns.chunks_exact(LANES * point.len()).enumerate() {
        let mut distances = [0f32; LANES];
        for (column, &value) in lanes.chunks_exact(LANES).zip(point) {
            for (distance, &other) in distances.iter_mut().zip(column) {
                let offset = other - value;
                *distance += offset * offset;
            }
        }
        // One look at the whole block: nearly all blocks hold nothing near.
        if !distances.iter().fold(false, |near, &distance| near | (distance < worst)) && best.len() == count {
            continue;
        }
        for (lane, &distance) in distances.iter().enumerate() {
            let row = block * LANES + lane;
            if row == own || row >= total || (best.len() == count && distance >= worst) {
                continue;
            }
            let place = best.partition_point(|&(other, _)| other <= distance);
            best.insert(place, (distance, row as u32));
            best.truncate(count);
            if best.len() == count {
                worst = best.last().map_or(f32::NEG_INFINITY, |last| last.0);
            }
        }
    }
    best
}

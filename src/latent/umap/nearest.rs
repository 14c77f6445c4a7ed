//! The nearest neighbours of every point of a table, exactly, in single precision as `umap-learn` has them: every distance is computed,
//! a block of points at a time, which for tens of thousands of points takes seconds. [`crate::numerics::k_d_tree`] finds the
//! neighbours of one point at a time, in double precision.

use super::config::{UmapError, UmapProgress};
use crate::numerics::parallel;

/// Points between two reports of progress.
const BLOCK: usize = 2048;
/// Distances computed before any is compared, so that whole vectors are computed.
const LANES: usize = 16;

/// The nearest other points of each point, the nearest first; of equally near points the first in the table.
pub(super) struct Nearest {
    /// Neighbours per point.
    pub(super) count: usize,
    /// `[n * count]` rows of the neighbours.
    pub(super) rows: Vec<u32>,
    /// `[n * count]` Euclidean distances of the neighbours.
    pub(super) distances: Vec<f32>,
}

/// Finds the `count` nearest neighbours of each of the points `[n * dims]`, or n - 1 where there are fewer.
pub(super) fn nearest(
    points: &[f32],
    dims: usize,
    count: usize,
    report: &mut impl FnMut(UmapProgress) -> Result<(), UmapError>,
) -> Result<Nearest, UmapError> {
    let total = points.len() / dims;
    let count = count.min(total.saturating_sub(1));
    let columns = columns(points, dims);
    let mut found = Nearest { count, rows: Vec::new(), distances: Vec::new() };
    for first in (0..total).step_by(BLOCK) {
        let block = parallel::map(BLOCK.min(total - first), |offset| {
            let row = first + offset;
            of_one(&columns, &points[row * dims..(row + 1) * dims], row, total, count)
        });
        for (distance, row) in block.into_iter().flatten() {
            found.rows.push(row);
            found.distances.push(distance.sqrt());
        }
        report(UmapProgress::Neighbours { done: total.min(first + BLOCK), of: total })?;
    }
    Ok(found)
}

/// Returns the points in blocks of [`LANES`], each block one dimension after another, padded with points at infinity.
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

/// Returns (squared distance, row) of the neighbours of one point.
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
        // One comparison for the whole block: nearly all blocks hold no neighbour.
        if !distances.iter().fold(false, |near, &distance| near | (distance < worst)) && best.len() == count {
            continue;
        }
        for (lane, &distance) in distances.iter().enumerate() {
            let row = block * LANES + lane;
            if row == own || row >= total || (best.len() == count && distance >= worst) {
                continue;
            }
            let rank = best.partition_point(|&(other, _)| other <= distance);
            best.insert(rank, (distance, row as u32));
            best.truncate(count);
            if best.len() == count {
                worst = best.last().map_or(f32::NEG_INFINITY, |last| last.0);
            }
        }
    }
    best
}

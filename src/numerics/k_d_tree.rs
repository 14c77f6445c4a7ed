//! Exact nearest neighbours by a k-d tree (Friedman, Bentley & Finkel 1977).
//!
//! Each node splits its points into two halves of equal number, so that coinciding points do not deepen the tree. Neighbours at equal
//! distance are ordered by row. Everything is in double precision.

use super::error::NumericsError;

/// Largest number of points in a leaf.
const LEAF: usize = 12;

/// A neighbour of a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// Row in the table that the tree was built from.
    pub row: usize,
    /// Euclidean distance.
    pub distance: f64,
}

/// Points arranged for the search of neighbours.
#[derive(Debug, Clone)]
pub struct NeighbourTree {
    dims: usize,
    /// Rows given, including those that are not finite.
    count: usize,
    /// `[m]` rows of the finite points, leaf by leaf.
    rows: Vec<u32>,
    /// `[m * dims]` coordinates of the finite points, in the same order.
    points: Vec<f64>,
    /// `[count]` position of each row in that order; `None` for rows that are not finite.
    position: Vec<Option<u32>>,
    /// Splits by heap order: the children of node i are 2 i + 1 and 2 i + 2.
    splits: Vec<Split>,
}

/// An inner node: the first child holds the points whose coordinate is at most `value`.
#[derive(Debug, Clone, Copy, Default)]
struct Split {
    axis: u32,
    value: f64,
}

impl NeighbourTree {
    /// Builds the tree of points `[n * dims]`. Rows that are not finite are not in the tree.
    ///
    /// # Errors
    /// Points that are not rows of `dims` numbers.
    pub fn new(latents: &[f32], dims: usize) -> Result<Self, NumericsError> {
        if dims == 0 || !latents.len().is_multiple_of(dims) {
            return Err(NumericsError::NoRows { values: latents.len(), width: dims });
        }
        let count = latents.len() / dims;
        let row = |row: usize| &latents[row * dims..(row + 1) * dims];
        let mut rows: Vec<u32> =
            (0..count).filter(|&i| row(i).iter().all(|value| value.is_finite())).map(|i| i as u32).collect();
        let mut levels = 0;
        while rows.len() >> levels > LEAF {
            levels += 1;
        }
        let mut splits = vec![Split::default(); (1 << levels) - 1];
        divide(latents, dims, &mut rows, 0, &mut splits);
        let points = rows.iter().flat_map(|&i| row(i as usize)).map(|&value| f64::from(value)).collect();
        let mut position = vec![None; count];
        rows.iter().enumerate().for_each(|(at, &row)| position[row as usize] = Some(at as u32));
        Ok(Self { dims, count, rows, points, position, splits })
    }

    /// Returns the number of coordinates d of a point.
    pub fn dims(&self) -> usize {
        self.dims
    }

    /// Returns the number of rows given.
    pub fn rows(&self) -> usize {
        self.count
    }

    /// Returns the number of points in the tree, which is that of finite rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether there are no points.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the `k` nearest points to `point` `[d]`, the nearest first; fewer where there are fewer, none for a point that is not finite
    /// or has another number of coordinates.
    pub fn nearest(&self, point: &[f32], k: usize) -> Vec<Neighbour> {
        let point: Vec<f64> = point.iter().map(|&value| f64::from(value)).collect();
        self.search(&point, k, None)
    }

    /// Returns the `k` nearest points to a row, the nearest first, without the row itself; none for a row that is not finite or does not
    /// exist.
    pub fn nearest_to_row(&self, row: usize, k: usize) -> Vec<Neighbour> {
        match self.position.get(row) {
            Some(&Some(position)) => {
                let start = position as usize * self.dims;
                self.search(&self.points[start..start + self.dims], k, Some(row as u32))
            }
            _ => Vec::new(),
        }
    }

    fn search(&self, point: &[f64], k: usize, except: Option<u32>) -> Vec<Neighbour> {
        if k == 0 || point.len() != self.dims || !point.iter().all(|value| value.is_finite()) {
            return Vec::new();
        }
        let k = k.min(self.len());
        let mut search = Search { tree: self, point, k, except, found: Vec::with_capacity(k + 1) };
        search.visit(0, 0, self.len(), &mut vec![0.0; self.dims], 0.0);
        search.found.iter().map(|&(square, row)| Neighbour { row: row as usize, distance: square.sqrt() }).collect()
    }
}

/// A search in progress.
struct Search<'a> {
    tree: &'a NeighbourTree,
    point: &'a [f64],
    k: usize,
    except: Option<u32>,
    /// Squared distance and row of the best so far, ascending.
    found: Vec<(f64, u32)>,
}

impl Search<'_> {
    /// Searches a node that holds positions `from..to`. `offsets` `[d]` are the distances by which the point lies outside the node along
    /// each axis, `outside` the sum of their squares (Arya & Mount 1993).
    fn visit(&mut self, node: usize, from: usize, to: usize, offsets: &mut Vec<f64>, outside: f64) {
        let Some(&Split { axis, value }) = self.tree.splits.get(node) else {
            return self.scan(from, to);
        };
        let (axis, middle) = (axis as usize, from + (to - from) / 2);
        let apart = self.point[axis] - value;
        let (near, far) = ((2 * node + 1, from, middle), (2 * node + 2, middle, to));
        let (near, far) = if apart <= 0.0 { (near, far) } else { (far, near) };
        self.visit(near.0, near.1, near.2, offsets, outside);
        let before = offsets[axis];
        let beyond = outside - before * before + apart * apart;
        // Rounding must not cut off a branch with an equal distance in it.
        if beyond * (1.0 - 1e-12) <= self.limit() {
            offsets[axis] = apart;
            self.visit(far.0, far.1, far.2, offsets, beyond);
            offsets[axis] = before;
        }
    }

    fn scan(&mut self, from: usize, to: usize) {
        let dims = self.tree.dims;
        for position in from..to {
            let row = self.tree.rows[position];
            if self.except == Some(row) {
                continue;
            }
            let candidate = &self.tree.points[position * dims..(position + 1) * dims];
            let square: f64 = candidate.iter().zip(self.point).map(|(a, b)| (a - b) * (a - b)).sum();
            let full = self.found.len() == self.k;
            if full && self.found.last().is_some_and(|&worst| (square, row) >= worst) {
                continue;
            }
            if full {
                self.found.pop();
            }
            let at = self.found.partition_point(|&known| known < (square, row));
            self.found.insert(at, (square, row));
        }
    }

    /// Returns the squared distance beyond which points are not needed.
    fn limit(&self) -> f64 {
        if self.found.len() < self.k { f64::INFINITY } else { self.found[self.k - 1].0 }
    }
}

/// Orders `rows` so that each half, recursively, lies on one side of a split along the axis in which the points spread most.
fn divide(latents: &[f32], dims: usize, rows: &mut [u32], node: usize, splits: &mut [Split]) {
    if node >= splits.len() {
        return;
    }
    let at = |row: u32, axis: usize| latents[row as usize * dims + axis];
    let spread = |axis: usize| {
        let (low, high) = rows
            .iter()
            .map(|&row| at(row, axis))
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        high - low
    };
    let axis = (0..dims).max_by(|&a, &b| spread(a).total_cmp(&spread(b))).unwrap_or(0);
    let middle = rows.len() / 2;
    let (_, &mut row, _) = rows.select_nth_unstable_by(middle, |&a, &b| at(a, axis).total_cmp(&at(b, axis)));
    splits[node] = Split { axis: axis as u32, value: f64::from(at(row, axis)) };
    let (first, second) = rows.split_at_mut(middle);
    divide(latents, dims, first, 2 * node + 1, splits);
    divide(latents, dims, second, 2 * node + 2, splits);
}

//! The number and colours of the points on each pixel, and their shading.
//!
//! Every point adds its colour times its weight k, and k, to the pixels under it. The colour of a pixel is the mean of the colours of
//! its points, whatever their order; how much it covers the background grows with the logarithm of the sum of k. So a single point
//! is seen, and thousands of coinciding points still show where they are densest.

use super::cell::Cell;
use super::palette::Rgb;
use super::shades::Shades;
use super::tone::Tone;

/// The sums of every pixel of a picture; all zero between pictures.
#[derive(Debug, Default)]
pub(super) struct Density {
    width: usize,
    height: usize,
    radius: f32,
    /// Distance from a point's own pixel to the outermost one that it covers.
    reach: usize,
    /// `[stride * rows]` the picture with a margin of twice the reach around it, so that no point needs to be clipped.
    cells: Vec<Cell>,
    stride: usize,
    /// Offset from the upper left corner of a disc to each pixel under it, and the coverage of that pixel.
    stamp: Vec<(usize, f32)>,
    /// Points in the order of the table, and sorted: the pixel in the lower 24 bits, the palette index above.
    packed: Vec<u32>,
    sorted: Vec<u32>,
}

/// Radius up to which a point is one pixel.
const ONE_PIXEL: f32 = 0.6;
/// Fewest coinciding points that are shaded as the densest of a picture.
const FULL: f32 = 16.0;
/// Bit at which the palette index begins in a packed point.
const COLOR: u32 = 24;
/// Number of pixels whose sums (16 bytes each) fit into a processor's caches, so that points need no order.
const NEAR: usize = 1 << 19;
/// Number of points from which on sorting them pays.
const MANY: usize = 1 << 17;
/// log2 of the pixels in a bucket of the sort: 2^11 pixels are 32 KiB of sums.
const BUCKET: u32 = 11;
/// Rows of a picture from which its densest pixels are estimated.
const SAMPLED_ROWS: usize = 128;

impl Density {
    /// Allocates a picture of `width` x `height` device pixels with points of `radius` device pixels.
    pub(super) fn resize(&mut self, width: usize, height: usize, radius: f32) {
        if (self.width, self.height, self.radius) == (width, height, radius) {
            return;
        }
        let discs = disc(radius);
        let reach = if discs.len() > 1 { radius.ceil() as usize } else { 0 };
        let stride = width + 4 * reach;
        self.stamp = discs.iter().map(|&(x, y, coverage)| (y * stride + x, coverage)).collect();
        self.cells.clear();
        self.cells.resize(stride * (height + 4 * reach), Cell::ZERO);
        (self.width, self.height, self.radius, self.reach, self.stride) = (width, height, radius, reach, stride);
    }

    /// Returns the distance beyond each edge of the picture from which a point still reaches into it, pixels.
    pub(super) fn reach(&self) -> usize {
        self.reach
    }

    /// Adds points given as x, y and palette index, in pixels from one reach outside the upper left corner. The caller leaves out points
    /// elsewhere.
    #[inline(always)]
    pub(super) fn add(&mut self, points: impl Iterator<Item = (u32, u32, u8)>, inks: &[Cell; 256]) {
        let stride = self.stride;
        let points = points.map(|(x, y, color)| (y as usize * stride + x as usize, color));
        let cells = self.cells.as_mut_slice();
        // Sums that fit into the caches need no order; a picture of more pixels than a packed point can address gets none.
        if cells.len() < NEAR || cells.len() > 1 << COLOR {
            return lay(cells, &self.stamp, points, inks);
        }
        self.packed.clear();
        self.packed.extend(points.map(|(pixel, color)| pixel as u32 | u32::from(color) << COLOR));
        if self.packed.len() < MANY {
            return lay(cells, &self.stamp, self.packed.iter().map(unpacked), inks);
        }
        sort_by_pixel(&self.packed, &mut self.sorted, cells.len());
        lay(cells, &self.stamp, self.sorted.iter().map(unpacked), inks);
    }

    /// Draws the shaded sums over a picture that is `canvas` pixels wide, from pixel (`left`, `top`) on, or over the background where one is
    /// given; and clears the sums.
    pub(super) fn resolve(
        &mut self,
        tone: &Tone,
        background: Option<Rgb>,
        pixels: &mut [u8],
        (canvas, left, top): (usize, usize, usize),
    ) {
        let shades = Shades::new(tone, self.densest());
        let blank = background.map(|Rgb(r, g, b)| ([r, g, b, 255], Cell::of(Rgb(r, g, b), 1.0)));
        let margin = 2 * self.reach;
        let (inner, below) = (margin * self.stride, (margin + self.height) * self.stride);
        for (row, cells) in self.cells[inner..below].chunks_exact_mut(self.stride.max(1)).enumerate() {
            let start = ((top + row) * canvas + left) * 4;
            let Some(pixels) = pixels.get_mut(start..start + self.width * 4) else { continue };
            let cells = &mut cells[margin..margin + self.width];
            for (cell, pixel) in cells.iter_mut().zip(pixels.as_chunks_mut::<4>().0) {
                let weight = cell.weight();
                if weight > 0.0 {
                    let beneath = match blank {
                        Some((_, cell)) => cell,
                        None => Cell::of(Rgb(pixel[0], pixel[1], pixel[2]), 1.0),
                    };
                    *pixel = shades.at(weight).over(beneath, *cell, weight);
                    *cell = Cell::ZERO;
                } else if let Some((bytes, _)) = blank {
                    *pixel = bytes;
                }
            }
        }
        self.clear_margin();
    }

    fn clear_margin(&mut self) {
        let margin = 2 * self.reach;
        if margin == 0 {
            return;
        }
        let rows = self.height;
        for (row, cells) in self.cells.chunks_exact_mut(self.stride).enumerate() {
            if row < margin || row >= margin + rows {
                cells.fill(Cell::ZERO);
            } else {
                cells[..margin].fill(Cell::ZERO);
                cells[margin + self.width..].fill(Cell::ZERO);
            }
        }
    }

    /// Returns the weight of the densest pixels: twice the weight of a point's own pixel, averaged over the points. For a Gaussian density
    /// this is the peak; a single pile of equal points hardly changes it.
    fn densest(&self) -> f32 {
        let step = (self.height / SAMPLED_ROWS).max(1);
        let (mut sum, mut squares) = (0.0, 0.0);
        for cells in self.cells.chunks_exact(self.stride.max(1)).step_by(step) {
            for cell in cells {
                let weight = cell.weight();
                sum += weight;
                squares += weight * weight;
            }
        }
        if sum > 0.0 { (2.0 * squares / sum).max(FULL) } else { FULL }
    }
}

/// Adds points, each an index into `cells` and a palette index.
#[inline(always)]
fn lay(cells: &mut [Cell], stamp: &[(usize, f32)], points: impl Iterator<Item = (usize, u8)>, inks: &[Cell; 256]) {
    if let [(0, _)] = stamp {
        for (pixel, color) in points {
            if let Some(cell) = cells.get_mut(pixel) {
                *cell = cell.plus(inks[usize::from(color)]);
            }
        }
        return;
    }
    for (pixel, color) in points {
        let ink = inks[usize::from(color)];
        for &(step, coverage) in stamp {
            if let Some(cell) = cells.get_mut(pixel + step) {
                *cell = cell.plus(ink.times(coverage));
            }
        }
    }
}

#[inline(always)]
fn unpacked(&point: &u32) -> (usize, u8) {
    ((point & ((1 << COLOR) - 1)) as usize, (point >> COLOR) as u8)
}

/// Sorts packed points by buckets of pixels: access to sums that lie apart in memory takes several times longer than the sort.
fn sort_by_pixel(packed: &[u32], sorted: &mut Vec<u32>, pixels: usize) {
    let bucket = |point: &u32| unpacked(point).0 >> BUCKET;
    let mut starts = vec![0u32; (pixels >> BUCKET) + 2];
    for point in packed {
        starts[bucket(point) + 1] += 1;
    }
    for index in 1..starts.len() {
        starts[index] += starts[index - 1];
    }
    sorted.resize(packed.len(), 0);
    for point in packed {
        let next = &mut starts[bucket(point)];
        if let Some(slot) = sorted.get_mut(*next as usize) {
            *slot = *point;
        }
        *next += 1;
    }
}

/// Returns the pixels under a disc about a pixel's centre, counted from the upper left corner, and the coverage of each.
fn disc(radius: f32) -> Vec<(usize, usize, f32)> {
    if radius <= ONE_PIXEL || radius.is_nan() {
        return vec![(0, 0, 1.0)];
    }
    let reach = radius.ceil() as usize;
    let side = 2 * reach + 1;
    (0..side * side)
        .map(|index| (index % side, index / side))
        .map(|(x, y)| {
            let distance = (x as f32 - reach as f32).hypot(y as f32 - reach as f32);
            (x, y, (radius + 0.5 - distance).clamp(0.0, 1.0))
        })
        .filter(|&(_, _, coverage)| coverage > 0.04)
        .collect()
}

//! How many points lie on a pixel, of which colours, and how that is shaded.
//!
//! Every point adds its colour times its weight k, and k, to the pixels under it. The colour of a pixel is the mean of the colours of
//! its points, whatever their order; how much it covers the background grows with the logarithm of the sum of k. So a single point
//! is seen, and thousands of coinciding points still show where they are densest.

use super::cell::Cell;
use super::palette::Rgb;
use super::shades::Shades;
use super::tone::Tone;

/// Sums for every pixel of a picture; all zero between pictures.
#[derive(Debug, Default)]
pub(super) struct Density {
    width: usize,
    height: usize,
    radius: f32,
    /// Pixels from a point's own to the outermost that it covers.
    reach: usize,
    /// `[stride * rows]`: the picture with a margin of twice the reach round it, so that no point needs to be cut.
    cells: Vec<Cell>,
    stride: usize,
    /// Steps from the upper left corner of a disc to a pixel under it, and how much of that it covers.
    stamp: Vec<(usize, f32)>,
    /// Points as they come, and sorted: the pixel in the lower 24 bits, the palette index above.
    places: Vec<u32>,
    sorted: Vec<u32>,
}

/// Up to this radius a point is one pixel.
const ONE_PIXEL: f32 = 0.6;
/// The fewest points upon each other that are shaded as the densest of a picture.
const FULL: f32 = 16.0;
/// Where the palette index begins in a packed point.
const COLOR: u32 = 24;
/// Pixels whose sums (16 bytes each) a processor's caches hold, in whatever order they are met.
const NEAR: usize = 1 << 19;
/// Points from which on it pays to sort them.
const MANY: usize = 1 << 17;
/// 2^11 pixels, 32 KiB of sums, are added up at a time.
const BUCKET: u32 = 11;
/// Rows of a picture from which its densest pixels are estimated.
const SAMPLED_ROWS: usize = 128;

impl Density {
    /// Makes room for a picture of so many device pixels, points of this radius.
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

    /// Pixels beyond each edge of the picture on which a point still reaches into it.
    pub(super) fn reach(&self) -> usize {
        self.reach
    }

    /// Adds points: each how many pixels right of and below the place one reach off the upper left corner, and its ink.
    /// What lies elsewhere is left out by who calls.
    #[inline(always)]
    pub(super) fn add(&mut self, points: impl Iterator<Item = (u32, u32, u8)>, inks: &[Cell; 256]) {
        let stride = self.stride;
        let points = points.map(|(x, y, color)| (y as usize * stride + x as usize, color));
        let cells = self.cells.as_mut_slice();
        // Sums that the caches hold need no order; what has more pixels than a packed point can name gets none.
        if cells.len() < NEAR || cells.len() > 1 << COLOR {
            return lay(cells, &self.stamp, points, inks);
        }
        self.places.clear();
        self.places.extend(points.map(|(place, color)| place as u32 | u32::from(color) << COLOR));
        if self.places.len() < MANY {
            return lay(cells, &self.stamp, self.places.iter().map(unpacked), inks);
        }
        sort_by_place(&self.places, &mut self.sorted, cells.len());
        lay(cells, &self.stamp, self.sorted.iter().map(unpacked), inks);
    }

    /// Lays the shaded sums over a picture that is `canvas` pixels wide, from pixel (`left`, `top`) on, or where a
    /// background is given over that; and clears the sums.
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

    /// The weight of the densest pixels: twice that of the pixel that a point lies on, on average over the points.
    /// Where the density falls off as a Gaussian this is its peak; a lone pile of equal points hardly moves it.
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

/// Adds points, each a place among the sums and a palette index.
#[inline(always)]
fn lay(cells: &mut [Cell], stamp: &[(usize, f32)], points: impl Iterator<Item = (usize, u8)>, inks: &[Cell; 256]) {
    if let [(0, _)] = stamp {
        for (place, color) in points {
            if let Some(cell) = cells.get_mut(place) {
                *cell = cell.plus(inks[usize::from(color)]);
            }
        }
        return;
    }
    for (place, color) in points {
        let ink = inks[usize::from(color)];
        for &(step, coverage) in stamp {
            if let Some(cell) = cells.get_mut(place + step) {
                *cell = cell.plus(ink.times(coverage));
            }
        }
    }
}

#[inline(always)]
fn unpacked(&point: &u32) -> (usize, u8) {
    ((point & ((1 << COLOR) - 1)) as usize, (point >> COLOR) as u8)
}

/// Packed points in the order of their buckets of pixels: sums that lie apart in memory take several times longer to
/// reach than points take to sort.
fn sort_by_place(places: &[u32], sorted: &mut Vec<u32>, pixels: usize) {
    let bucket = |point: &u32| unpacked(point).0 >> BUCKET;
    let mut starts = vec![0u32; (pixels >> BUCKET) + 2];
    for place in places {
        starts[bucket(place) + 1] += 1;
    }
    for index in 1..starts.len() {
        starts[index] += starts[index - 1];
    }
    sorted.resize(places.len(), 0);
    for place in places {
        let next = &mut starts[bucket(place)];
        if let Some(slot) = sorted.get_mut(*next as usize) {
            *slot = *place;
        }
        *next += 1;
    }
}

/// The pixels under a disc about a pixel's centre, counted from its upper left corner, and how much of each it covers.
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

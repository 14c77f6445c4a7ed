//! How many points lie on a pixel, of which colours, and how that is shaded.
//!
//! Every point adds its colour times its weight k, and k, to the pixels under it. A pixel's colour is the mean of all
//! its points' colours, whatever their order; how much it covers the background grows with the logarithm of the sum of
//! k. So a lone point is seen, and thousands of them upon each other still show where they are densest.

use super::cell::Cell;
use super::palette::{Rgb, Theme};

/// What a point of some palette index adds to its pixel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ink {
    /// Its colour.
    pub color: Rgb,
    /// How many points it counts as; 0 hides it.
    pub weight: f32,
}

/// How strongly points cover what lies beneath.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tone {
    /// Opacity of a lone point, 0..1.
    pub lone: f32,
    /// Opacity where points are densest, 0..1.
    pub dense: f32,
    /// The colour that the densest pixels lean to, so that shades go on where the opacity is spent.
    pub deep: Rgb,
    /// How far they do, 0..1.
    pub depth: f32,
}

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

/// Where a pixel's value lies between a lone point and the densest pixels, looked up by the leading bits of its weight:
/// 32 steps an octave, which is finer than the shades that a screen has.
struct Shades(Vec<Shade>);

#[derive(Clone, Copy)]
struct Shade {
    keep: f32,
    lift: Cell,
    factor: f32,
}

/// Up to this radius a point is one pixel.
const ONE_PIXEL: f32 = 0.6;
/// Weights from 2^-6 to 2^18 have a shade of their own.
const LIGHTEST: f32 = 1.0 / 64.0;
const OCTAVES: u32 = 24;
/// Bits of a float below the leading five of its mantissa.
const DROPPED: u32 = 18;
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

impl Tone {
    /// All points of a picture: lone ones at little more than half strength, the densest lean to the theme's ink.
    pub fn full(theme: &Theme) -> Self {
        let (lone, depth) = if theme.dark { (0.55, 0.32) } else { (0.55, 0.28) };
        Self { lone, dense: 1.0, deep: theme.ink, depth }
    }

    /// The points that are not selected, behind those that are.
    pub fn dimmed(theme: &Theme) -> Self {
        let (lone, dense) = if theme.dark { (0.28, 0.5) } else { (0.16, 0.36) };
        Self { lone, dense, deep: theme.muted, depth: 0.5 }
    }

    /// The selected points.
    pub fn selected(theme: &Theme) -> Self {
        Self { lone: 0.9, ..Self::full(theme) }
    }
}

/// `[256]` inks of a palette, all of weight 1.
pub fn inks(palette: &[Rgb]) -> [Ink; 256] {
    std::array::from_fn(|index| {
        let color = palette.get(index).copied().unwrap_or(Rgb(0x80, 0x80, 0x80));
        Ink { color, weight: 1.0 }
    })
}

/// `[256]` weights that keep rare colours from drowning: the root of how many times rarer a palette index is than the
/// commonest, at most 8, in whole eighths so that sums of them are exact.
pub fn rarity_weights(color: &[u8]) -> [f32; 256] {
    let mut counts = [0u32; 256];
    color.iter().for_each(|&index| counts[usize::from(index)] += 1);
    let commonest = counts.iter().copied().max().unwrap_or(0) as f32;
    counts.map(|count| match count {
        0 => 1.0,
        count => ((commonest / count as f32).sqrt().min(8.0) * 8.0).round() / 8.0,
    })
}

/// A radius, device pixels, at which `count` points fill a picture of so many device pixels without hiding each other;
/// `ratio` device pixels make a CSS pixel.
pub fn point_radius(count: usize, width: usize, height: usize, ratio: f64) -> f32 {
    let room = (width * height) as f64 / count.max(1) as f64;
    let radius = (0.12 * room / std::f64::consts::PI).sqrt();
    radius.clamp(0.6 * ratio.max(1.0).sqrt(), 2.4 * ratio) as f32
}

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

impl Shades {
    fn new(tone: &Tone, full: f32) -> Self {
        let first = LIGHTEST.to_bits() >> DROPPED;
        let steps = OCTAVES << (23 - DROPPED);
        let shade = |step: u32| {
            // The middle of the weights that share these bits; whole small numbers are the first of theirs.
            let weight = f32::from_bits((first + step) << DROPPED);
            let along = (weight.max(1.0).ln() / full.ln()).min(1.0);
            let opacity = (tone.lone + (tone.dense - tone.lone) * along) * weight.min(1.0);
            let depth = tone.depth * along * along;
            let lift = Cell::of(tone.deep, 1.0).times(depth * opacity);
            Shade { keep: 1.0 - opacity, lift, factor: (1.0 - depth) * opacity }
        };
        Self((0..steps).map(shade).collect())
    }

    #[inline(always)]
    fn at(&self, weight: f32) -> &Shade {
        let step = (weight.to_bits() >> DROPPED).saturating_sub(LIGHTEST.to_bits() >> DROPPED) as usize;
        &self.0[step.min(self.0.len() - 1)]
    }
}

impl Shade {
    #[inline(always)]
    fn over(&self, beneath: Cell, sums: Cell, weight: f32) -> [u8; 4] {
        beneath.times(self.keep).plus(self.lift).plus(sums.times(self.factor / weight)).rgba()
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

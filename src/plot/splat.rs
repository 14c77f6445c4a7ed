//! Points drawn into an RGBA buffer: shaded by their density, or one over the other.

use super::axis::{Axis, Frame};
use super::cell::{Cell, ROUNDING};
use super::density::Density;
use super::palette::Rgb;
use super::tone::{Ink, Tone};

/// Points that are shaded together by their density, and then drawn over the layers before them.
#[derive(Debug, Clone, Copy)]
pub struct Layer<'a> {
    /// `[n]` x values; a point with NaN is not drawn.
    pub x: &'a [f32],
    /// `[n]` y values.
    pub y: &'a [f32],
    /// `[n]` palette indices.
    pub color: &'a [u8],
    /// Colour and weight of each index; a weight of 0 hides its points.
    pub inks: &'a [Ink; 256],
    /// Rows to draw; `None` for all.
    pub rows: Option<&'a [u32]>,
    /// Opacity of the points.
    pub tone: Tone,
}

/// The picture that layers are drawn into.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Picture {
    /// Width in device pixels.
    pub width: usize,
    /// Height in device pixels.
    pub height: usize,
    /// Radius of a point in device pixels; up to 0.6 it is one pixel.
    pub radius: f32,
    /// Background colour.
    pub background: Rgb,
}

/// The sums and the pixels of a picture, kept between redraws.
#[derive(Debug, Default)]
pub struct SplatBuffer {
    density: Density,
    pixels: Vec<u8>,
    logarithms: [Vec<f32>; 2],
}

/// The map from a value to a whole pixel: one subtraction, one product, two sums.
#[derive(Clone, Copy)]
pub(super) struct Steps {
    from: f32,
    scale: f32,
    shift: f32,
    /// Number of pixels that a point may lie on.
    count: u32,
}

/// Points to draw one over the other.
#[derive(Debug, Clone, Copy)]
pub struct Points<'a> {
    /// `[n]` x values.
    pub x: &'a [f32],
    /// `[n]` y values.
    pub y: &'a [f32],
    /// `[n]` palette indices.
    pub color: &'a [u8],
    /// `[n]` rows in the order of drawing: the last lies on top.
    pub order: &'a [u32],
    /// `[256]` colour of each index.
    pub palette: &'a [Rgb],
}

/// The picture that points are drawn into.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Splat {
    /// Width in device pixels.
    pub width: usize,
    /// Height in device pixels.
    pub height: usize,
    /// Radius of a point in device pixels.
    pub radius: f32,
    /// Opacity of a point, 0..1.
    pub opacity: f32,
    /// Background colour.
    pub background: Rgb,
}

impl SplatBuffer {
    /// Draws the layers, first to last, on the background. Returns RGBA `[height * width * 4]`, rows from the top. Within a layer the order of
    /// the points does not matter. Points with NaN, and the surplus rows of unequal columns, are left out.
    pub fn draw(&mut self, picture: &Picture, frame: &Frame, layers: &[Layer<'_>]) -> &[u8] {
        let Picture { width, height, radius, background: Rgb(r, g, b) } = *picture;
        self.density.resize(width, height, radius);
        self.pixels.resize(width * height * 4, 0);
        if layers.is_empty() {
            self.pixels.as_chunks_mut().0.fill([r, g, b, 255]);
        }
        let reach = self.density.reach();
        let steps = (Steps::new(frame.x, width, reach), Steps::new(frame.y.reversed(), height, reach));
        for (index, layer) in layers.iter().enumerate() {
            let [x, y] = &mut self.logarithms;
            let (x, y) = (linear(frame.x, layer.x, x), linear(frame.y, layer.y, y));
            let inks = layer.inks.each_ref().map(|ink| Cell::of(ink.color, ink.weight.max(0.0)));
            match layer.rows {
                None => {
                    let points = x.iter().zip(y).zip(layer.color).map(|((&x, &y), &color)| (x, y, color));
                    self.density.add(touching(points, steps), &inks);
                }
                Some(rows) => {
                    let point = |&row: &u32| {
                        let row = row as usize;
                        Some((*x.get(row)?, *y.get(row)?, *layer.color.get(row)?))
                    };
                    self.density.add(touching(rows.iter().filter_map(point), steps), &inks);
                }
            }
            let background = (index == 0).then_some(picture.background);
            self.density.resolve(&layer.tone, background, &mut self.pixels, (width, 0, 0));
        }
        &self.pixels
    }
}

/// Returns the points that touch the picture, in pixels from one reach outside its upper left corner.
#[inline(always)]
fn touching(
    points: impl Iterator<Item = (f32, f32, u8)>,
    (across, down): (Steps, Steps),
) -> impl Iterator<Item = (u32, u32, u8)> {
    points.filter_map(move |(x, y, color)| {
        let (x, y) = (across.at(x), down.at(y));
        (x < across.count && y < down.count).then_some((x, y, color))
    })
}

impl Steps {
    /// Returns the map by which `min` lies at the near edge of `pixels` pixels, with counting from `reach` pixels before it.
    pub(super) fn new(axis: Axis, pixels: usize, reach: usize) -> Self {
        let (min, max) = if axis.log { (axis.min.ln(), axis.max.ln()) } else { (axis.min, axis.max) };
        let scale = pixels as f64 / (max - min);
        // Subtracted first: differences of large values are exact in a float, products are not.
        let from = min as f32;
        // The last summand keeps a whole number from being rounded down as one half below it.
        let shift = (f64::from(from) - min) * scale + reach as f64 + 0.5 + 1.0 / 1024.0;
        Self { from, scale: scale as f32, shift: shift as f32, count: (pixels + 2 * reach) as u32 }
    }

    /// Returns the pixel of a value; `None` outside the pixels that a point may lie on.
    #[inline(always)]
    pub(super) fn within(self, value: f32) -> Option<u32> {
        Some(self.at(value)).filter(|&pixel| pixel < self.count)
    }

    /// Returns the pixel of a value; a number larger than any picture for a value before the first pixel, far beyond the last, or NaN.
    #[inline(always)]
    fn at(self, value: f32) -> u32 {
        let position = (value - self.from) * self.scale + self.shift;
        (position + ROUNDING).to_bits().wrapping_sub(ROUNDING.to_bits() + 1)
    }
}

/// Returns the column, or its logarithms on a logarithmic axis.
fn linear<'a>(axis: Axis, column: &'a [f32], logarithms: &'a mut Vec<f32>) -> &'a [f32] {
    if !axis.log {
        return column;
    }
    logarithms.clear();
    logarithms.extend(column.iter().map(|value| value.ln()));
    logarithms
}

/// Draws points one over the other and returns RGBA `[height * width * 4]`, rows from the top. Every point is the same anti-aliased disc about
/// the nearest pixel, blended by its opacity and clipped at the edges of the picture.
pub fn splat(picture: &Splat, frame: &Frame, points: &Points<'_>) -> Vec<u8> {
    let Rgb(r, g, b) = picture.background;
    let mut pixels = [r, g, b, 255].repeat(picture.width * picture.height);
    let disc = Disc::new(picture.radius, picture.opacity);
    let (width, height) = (picture.width as f64, picture.height as f64);
    for &index in points.order {
        let index = index as usize;
        let x = (frame.x.fraction(f64::from(points.x[index])) * width).floor();
        let y = ((1.0 - frame.y.fraction(f64::from(points.y[index]))) * height).floor();
        let margin = disc.reach as f64;
        if !(x >= -margin && x < width + margin && y >= -margin && y < height + margin) {
            continue;
        }
        let color = points.palette[usize::from(points.color[index])];
        disc.lay(&mut pixels, picture, x as isize, y as isize, color);
    }
    pixels
}

/// The coverage of a disc about a pixel's centre times the opacity, 0..255 per pixel.
struct Disc {
    reach: isize,
    alpha: Vec<u8>,
}

impl Disc {
    fn new(radius: f32, opacity: f32) -> Self {
        let reach = radius.ceil() as isize;
        let side = 2 * reach + 1;
        let mut alpha = Vec::with_capacity((side * side) as usize);
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                let distance = ((dx * dx + dy * dy) as f32).sqrt();
                let coverage = (radius + 0.5 - distance).clamp(0.0, 1.0);
                alpha.push((coverage * opacity.clamp(0.0, 1.0) * 255.0).round() as u8);
            }
        }
        Self { reach, alpha }
    }

    fn lay(&self, pixels: &mut [u8], picture: &Splat, x: isize, y: isize, Rgb(r, g, b): Rgb) {
        let side = (2 * self.reach + 1) as usize;
        for row in 0..side {
            let py = y - self.reach + row as isize;
            if py < 0 || py >= picture.height as isize {
                continue;
            }
            for column in 0..side {
                let px = x - self.reach + column as isize;
                let alpha = u32::from(self.alpha[row * side + column]);
                if alpha == 0 || px < 0 || px >= picture.width as isize {
                    continue;
                }
                let start = (py as usize * picture.width + px as usize) * 4;
                for (below, above) in pixels[start..start + 3].iter_mut().zip([r, g, b]) {
                    *below = ((u32::from(*below) * (255 - alpha) + u32::from(above) * alpha + 127) / 255) as u8;
                }
            }
        }
    }
}

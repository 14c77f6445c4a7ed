//! The points of a corner plot: all panels in one RGBA picture.
//!
//! A panel always shows the whole range of its latents, so the pixels of each latent, right and up, are computed once, when latents or
//! sizes change; a redraw only adds and shades.

use super::cell::Cell;
use super::corner::CornerLayout;
use super::density::Density;
use super::palette::Rgb;
use super::splat::Steps;
use super::tone::{Ink, Tone, point_radius};

/// Points of a corner plot that are shaded together, and then drawn over the layers before them.
#[derive(Debug, Clone, Copy)]
pub struct CornerLayer<'a> {
    /// `[n]` palette indices.
    pub color: &'a [u8],
    /// Colour and weight of each index; a weight of 0 hides its points.
    pub inks: &'a [Ink; 256],
    /// Rows to draw; `None` for all.
    pub rows: Option<&'a [u32]>,
    /// Opacity of the points.
    pub tone: Tone,
}

/// The pixels of every latent of every point and the picture, kept between redraws.
#[derive(Debug, Default)]
pub struct CornerPicture {
    width: usize,
    height: usize,
    panel: (usize, usize),
    background: Option<Rgb>,
    /// Columns, rows and upper left corners of the panels, device pixels.
    panels: Vec<(usize, usize, usize, usize)>,
    /// `[d][n]` pixels to the right, and downwards; [`NOWHERE`] for points outside the panel.
    across: Vec<Vec<u16>>,
    down: Vec<Vec<u16>>,
    density: Density,
    pixels: Vec<u8>,
}

/// More pixels than a panel has.
const NOWHERE: u16 = u16::MAX;

impl CornerPicture {
    /// Computes the pixels of `[d]` columns of `[n]` latents at `ratio` device pixels per CSS pixel, for points of `radius` device pixels. A
    /// column that is missing, or shorter than the others, has no points there.
    pub fn prepare(&mut self, layout: &CornerLayout, ratio: f64, radius: f32, columns: &[&[f32]]) {
        let device = |length: f64| (length * ratio).round().clamp(0.0, 16_384.0) as usize;
        let first = layout.frame(0, 1);
        self.panel = (device(first.right - first.left), device(first.bottom - first.top));
        (self.width, self.height) = (device(layout.width), device(layout.height));
        self.density.resize(self.panel.0, self.panel.1, radius);
        let corner = |(column, row): (usize, usize)| {
            let frame = layout.frame(column, row);
            (column, row, device(frame.left), device(frame.top))
        };
        self.panels = layout.panels().map(corner).collect();
        let reach = self.density.reach();
        let pixels = |steps: Steps, column: &[f32]| -> Vec<u16> {
            column.iter().map(|&value| steps.within(value).map_or(NOWHERE, |pixel| pixel as u16)).collect()
        };
        let pairs = || layout.axes.iter().zip(columns);
        self.across = pairs().map(|(axis, column)| pixels(Steps::new(*axis, self.panel.0, reach), column)).collect();
        self.down =
            pairs().map(|(axis, column)| pixels(Steps::new(axis.reversed(), self.panel.1, reach), column)).collect();
        self.pixels = vec![0; self.width * self.height * 4];
        self.background = None;
    }

    /// Returns a radius for [`CornerPicture::prepare`], device pixels, at which `count` points do not hide each other.
    pub fn point_radius(layout: &CornerLayout, ratio: f64, count: usize) -> f32 {
        let panel = layout.frame(0, 1);
        let device = |length: f64| (length * ratio).max(0.0) as usize;
        point_radius(count, device(panel.right - panel.left), device(panel.bottom - panel.top), ratio)
    }

    /// Returns width and height of the picture, device pixels.
    pub fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// Draws the layers, first to last, in every panel. Returns RGBA `[height * width * 4]`, rows from the top, with the background between
    /// and around the panels.
    pub fn draw(&mut self, background: Rgb, layers: &[CornerLayer<'_>]) -> &[u8] {
        // The pixels between the panels never change.
        if self.background != Some(background) || layers.is_empty() {
            let Rgb(r, g, b) = background;
            self.pixels.as_chunks_mut().0.fill([r, g, b, 255]);
            self.background = Some(background);
        }
        for (index, layer) in layers.iter().enumerate() {
            let inks = layer.inks.each_ref().map(|ink| Cell::of(ink.color, ink.weight.max(0.0)));
            for &(column, row, left, top) in &self.panels {
                let (Some(across), Some(down)) = (self.across.get(column), self.down.get(row)) else { continue };
                match layer.rows {
                    None => {
                        let points = across.iter().zip(down).zip(layer.color);
                        self.density.add(points.filter_map(|((&x, &y), &color)| inside(x, y, color)), &inks);
                    }
                    Some(rows) => {
                        let point = |&row: &u32| {
                            let row = row as usize;
                            inside(*across.get(row)?, *down.get(row)?, *layer.color.get(row)?)
                        };
                        self.density.add(rows.iter().filter_map(point), &inks);
                    }
                }
                let beneath = (index == 0).then_some(background);
                self.density.resolve(&layer.tone, beneath, &mut self.pixels, (self.width, left, top));
            }
        }
        &self.pixels
    }
}

#[inline(always)]
fn inside(x: u16, y: u16, color: u8) -> Option<(u32, u32, u8)> {
    (x != NOWHERE && y != NOWHERE).then_some((u32::from(x), u32::from(y), color))
}

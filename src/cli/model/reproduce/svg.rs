//! Figures as SVG files: curves and text are vectors, scatter plots are embedded PNG images.

use anyhow::{Error, Result};
use base64::Engine;

use crate::plot::{Area, Frame, Points, Splat, Theme, splat};

pub(super) use crate::plot::{Sheet, SheetDrawn as Drawn};

/// Image pixels per CSS pixel.
const SHARPNESS: f64 = 2.0;

/// Draws a figure of `width` x `height` CSS pixels on white; `title` is its accessible name.
///
/// # Errors
/// An error of the drawing backend.
pub(super) fn figure(
    width: f64,
    height: f64,
    title: &str,
    draw: impl FnOnce(&mut Sheet<'_, '_>) -> Drawn,
) -> Result<String> {
    crate::plot::figure(width, height, title, Theme::LIGHT, draw).map_err(Error::msg)
}

/// Raster images on a sheet.
pub(super) trait Raster {
    /// Draws a scatter plot as an image in a frame, under everything that is drawn later.
    fn scatter(&mut self, frame: &Frame, points: &Points<'_>, radius: f32, opacity: f32);

    /// Draws a PNG in a frame.
    fn png(&mut self, frame: &Frame, png: &[u8]);
}

impl Raster for Sheet<'_, '_> {
    fn scatter(&mut self, frame: &Frame, points: &Points<'_>, radius: f32, opacity: f32) {
        let (width, height) = (frame.right - frame.left, frame.bottom - frame.top);
        let picture = Splat {
            width: (width * SHARPNESS) as usize,
            height: (height * SHARPNESS) as usize,
            radius: radius * SHARPNESS as f32,
            opacity,
            background: self.theme.background,
        };
        let png = png_of(&splat(&picture, frame, points), picture.width, picture.height);
        self.png(frame, &png);
    }

    fn png(&mut self, frame: &Frame, png: &[u8]) {
        let data = base64::engine::general_purpose::STANDARD.encode(png);
        self.picture(frame, &format!("data:image/png;base64,{data}"));
    }
}

/// Encodes RGBA rows as PNG.
pub(super) fn png_of(rgba: &[u8], width: usize, height: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    // Writing to memory fails only if the sizes do not match, and both come from the caller's image.
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(rgba));
    debug_assert!(written.is_ok(), "a picture of {width} x {height}");
    bytes
}

/// Lays out `columns` x `rows` panels with margins for labels on the left and below, and `gap` between them.
pub(super) fn panels(width: f64, height: f64, columns: usize, rows: usize, gap: (f64, f64)) -> Vec<Area> {
    let (left, top, right, bottom) = (58.0, 30.0, width - 16.0, height - 44.0);
    let cell = (
        (right - left - gap.0 * (columns - 1) as f64) / columns as f64,
        (bottom - top - gap.1 * (rows - 1) as f64) / rows as f64,
    );
    let mut areas = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        for column in 0..columns {
            let left = left + column as f64 * (cell.0 + gap.0);
            let top = top + row as f64 * (cell.1 + gap.1);
            areas.push(Area { left, top, right: left + cell.0, bottom: top + cell.1 });
        }
    }
    areas
}

//! Figures as SVG files: plotters draws curves and letters, clouds of points are embedded pictures.

use anyhow::{Error, Result};
use base64::Engine;

use crate::plot::{Area, Frame, Points, Splat, Theme, splat};

pub(super) use crate::plot::{Sheet, SheetDrawn as Drawn};

/// Device pixels of a cloud's picture a CSS pixel.
const SHARPNESS: f64 = 2.0;

/// A figure of `width` x `height` CSS pixels on white; `title` is for who cannot see it.
pub(super) fn figure(
    width: f64,
    height: f64,
    title: &str,
    draw: impl FnOnce(&mut Sheet<'_, '_>) -> Drawn,
) -> Result<String> {
    crate::plot::figure(width, height, title, Theme::LIGHT, draw).map_err(Error::msg)
}

/// What a sheet of the report holds beside curves and letters.
pub(super) trait Clouds {
    /// Lays a cloud of points under everything that is drawn, within a frame.
    fn cloud(&mut self, frame: &Frame, points: &Points<'_>, radius: f32, opacity: f32);

    /// Lays a picture, PNG, into a frame.
    fn png(&mut self, frame: &Frame, png: &[u8]);
}

impl Clouds for Sheet<'_, '_> {
    fn cloud(&mut self, frame: &Frame, points: &Points<'_>, radius: f32, opacity: f32) {
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

/// RGBA rows as a PNG file.
pub(super) fn png_of(rgba: &[u8], width: usize, height: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    // Writing to memory fails only for wrong sizes, which are given by the caller's own picture.
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(rgba));
    debug_assert!(written.is_ok(), "a picture of {width} x {height}");
    bytes
}

/// Panels in a grid: `columns` x `rows`, with room for labels left and below, and `gap` between.
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

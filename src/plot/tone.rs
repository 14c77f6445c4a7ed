//! The shading of points: their colours and weights, and their opacity over the layers beneath.

use super::palette::{Rgb, Theme};

/// The colour and weight that a point adds to its pixel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ink {
    /// Colour.
    pub color: Rgb,
    /// Number of points that it counts as; 0 hides it.
    pub weight: f32,
}

/// The opacity of points by their density.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tone {
    /// Opacity of a single point, 0..1.
    pub single: f32,
    /// Opacity where points are densest, 0..1.
    pub dense: f32,
    /// Colour that the densest pixels tend to, so that shades differ where the opacity no longer does.
    pub deep: Rgb,
    /// Part of that colour in the densest pixels, 0..1.
    pub depth: f32,
}

impl Tone {
    /// Returns the tone of all points of a picture: single ones at little more than half opacity, the densest tending to the theme's ink.
    pub fn full(theme: &Theme) -> Self {
        let (single, depth) = if theme.dark { (0.55, 0.32) } else { (0.55, 0.28) };
        Self { single, dense: 1.0, deep: theme.ink, depth }
    }

    /// Returns the tone of points that are not selected, behind those that are.
    pub fn dimmed(theme: &Theme) -> Self {
        let (single, dense) = if theme.dark { (0.28, 0.5) } else { (0.16, 0.36) };
        Self { single, dense, deep: theme.muted, depth: 0.5 }
    }

    /// Returns the tone of the selected points.
    pub fn selected(theme: &Theme) -> Self {
        Self { single: 0.9, ..Self::full(theme) }
    }
}

/// Returns the inks `[256]` of a palette, all of weight 1.
pub fn inks(palette: &[Rgb]) -> [Ink; 256] {
    std::array::from_fn(|index| {
        let color = palette.get(index).copied().unwrap_or(Rgb(0x80, 0x80, 0x80));
        Ink { color, weight: 1.0 }
    })
}

/// Returns weights `[256]` that keep rare colours visible: the root of the ratio of the count of the most common palette index to that of
/// each index, at most 8, in whole eighths so that their sums are exact.
pub fn rarity_weights(color: &[u8]) -> [f32; 256] {
    let mut counts = [0u32; 256];
    color.iter().for_each(|&index| counts[usize::from(index)] += 1);
    let commonest = counts.iter().copied().max().unwrap_or(0) as f32;
    counts.map(|count| match count {
        0 => 1.0,
        count => ((commonest / count as f32).sqrt().min(8.0) * 8.0).round() / 8.0,
    })
}

/// Returns a radius, device pixels, at which `count` points fill a picture of `width` x `height` device pixels without hiding each other;
/// `ratio` is the number of device pixels per CSS pixel.
pub fn point_radius(count: usize, width: usize, height: usize, ratio: f64) -> f32 {
    let area = (width * height) as f64 / count.max(1) as f64;
    let radius = (0.12 * area / std::f64::consts::PI).sqrt();
    radius.clamp(0.6 * ratio.max(1.0).sqrt(), 2.4 * ratio) as f32
}

//! How points are shaded: their colours and weights, and how strongly they cover what lies beneath.

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

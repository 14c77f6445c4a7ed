//! The latent scatter: points splatted into an RGBA buffer, axes and markers drawn over it, the nearest point found.

use plotters_backend::DrawingBackend;

use super::axis::Frame;
use super::palette::{Rgb, Theme};
use super::pen::{Anchor, Drawn, Pen};

/// Points to splat: one place and one palette index each.
#[derive(Debug, Clone, Copy)]
pub struct Points<'a> {
    /// `[n]` places along x.
    pub x: &'a [f32],
    /// `[n]` places along y.
    pub y: &'a [f32],
    /// `[n]` palette indices.
    pub color: &'a [u8],
    /// `[n]` the order to draw in: what comes last lies on top.
    pub order: &'a [u32],
    /// `[256]` colours that the indices stand for.
    pub palette: &'a [Rgb],
}

/// The picture that points are splatted into.
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
    /// Behind the points.
    pub background: Rgb,
}

/// A place that stands out of the cloud.
#[derive(Debug, Clone, PartialEq)]
pub struct Marker {
    /// Along x.
    pub x: f32,
    /// Along y.
    pub y: f32,
    /// Its shape.
    pub kind: MarkerKind,
    /// What stands beside it; empty for nothing.
    pub label: String,
}

/// How a marker looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkerKind {
    /// A ring about the selected point.
    Selected,
    /// Cross-hairs where the sliders are.
    Place,
    /// A star: a file of the user's.
    File,
    /// A larger star: the file that is selected.
    SelectedFile,
}

/// Splats points: RGBA, rows from the top. Every point is the same anti-aliased disc about the nearest pixel, laid over
/// what is there by its opacity; what falls outside the picture is cut.
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

/// The point nearest to a place (CSS pixels), if one lies within `reach` of it.
pub fn nearest(frame: &Frame, x: &[f32], y: &[f32], place: (f64, f64), reach: f64) -> Option<usize> {
    let mut best = (reach * reach, None);
    for (index, (&px, &py)) in x.iter().zip(y).enumerate() {
        let (dx, dy) = (frame.x_at(f64::from(px)) - place.0, frame.y_at(f64::from(py)) - place.1);
        let distance = dx * dx + dy * dy;
        if distance < best.0 {
            best = (distance, Some(index));
        }
    }
    best.1
}

/// Draws the axes round a splatted picture.
pub fn draw_scatter_axes<DB: DrawingBackend>(
    pen: &mut Pen<'_, DB>,
    theme: &Theme,
    frame: &Frame,
    titles: (&str, &str),
) -> Drawn<DB> {
    let ticks = frame.y.ticks(((frame.bottom - frame.top) / 70.0).max(2.0) as usize);
    frame.draw_x(pen, theme, titles.0)?;
    pen.line((frame.left, frame.top), (frame.left, frame.bottom), theme.muted, 1.0)?;
    for &tick in &ticks {
        let y = frame.y_at(tick);
        pen.line((frame.left - 4.0, y), (frame.left, y), theme.muted, 1.0)?;
    }
    frame.draw_y(pen, theme, titles.1, &ticks)
}

/// Draws the markers that lie in the frame; those outside are left out.
pub fn draw_markers<DB: DrawingBackend>(
    pen: &mut Pen<'_, DB>,
    theme: &Theme,
    frame: &Frame,
    markers: &[Marker],
) -> Drawn<DB> {
    for marker in markers {
        let (x, y) = (frame.x_at(f64::from(marker.x)), frame.y_at(f64::from(marker.y)));
        if !frame.contains(x, y) {
            continue;
        }
        match marker.kind {
            MarkerKind::Selected => {
                pen.circle((x, y), 7.0, theme.background, Some(4.0))?;
                pen.circle((x, y), 7.0, theme.ink, Some(2.0))?;
            }
            MarkerKind::Place => draw_cross(pen, theme, (x, y))?,
            MarkerKind::File | MarkerKind::SelectedFile => {
                let selected = marker.kind == MarkerKind::SelectedFile;
                let (radius, color) = if selected { (12.5, theme.decoded) } else { (9.5, theme.ink) };
                pen.fill(star(x, y, radius + 3.0), theme.background, 1.0)?;
                pen.fill(star(x, y, radius), color, 1.0)?;
            }
        }
        if marker.label.is_empty() {
            continue;
        }
        let near_right = x > frame.right - 120.0;
        let (at, anchor) = if near_right { (x - 16.0, Anchor::End) } else { (x + 16.0, Anchor::Start) };
        // A veil behind the name, as wide as its letters are on average.
        let width = 7.0 * marker.label.chars().count() as f64 + 6.0;
        let left = if near_right { at + 3.0 - width } else { at - 3.0 };
        pen.fill_rect((left, y - 21.0), (left + width, y - 3.0), theme.background, 0.8)?;
        pen.text(&marker.label, (at, y - 12.0), 12.0, theme.ink, anchor)?;
    }
    Ok(())
}

fn draw_cross<DB: DrawingBackend>(pen: &mut Pen<'_, DB>, theme: &Theme, (x, y): (f64, f64)) -> Drawn<DB> {
    for (color, width) in [(theme.background, 5.0), (theme.decoded, 2.0)] {
        for (dx, dy) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
            pen.line((x + 4.0 * dx, y + 4.0 * dy), (x + 13.0 * dx, y + 13.0 * dy), color, width)?;
        }
    }
    Ok(())
}

/// The ten corners of a five-pointed star.
fn star(x: f64, y: f64, radius: f64) -> impl Iterator<Item = (f64, f64)> {
    (0..10).map(move |corner| {
        let reach = if corner % 2 == 0 { radius } else { radius * 0.45 };
        let angle = std::f64::consts::PI * (f64::from(corner) / 5.0 - 0.5);
        (x + reach * angle.cos(), y + reach * angle.sin())
    })
}

/// The coverage of a disc about a pixel's centre, times the opacity: 0..255 a pixel.
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

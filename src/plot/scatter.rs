//! The latent scatter: axes around a picture of points, and markers over it.

use plotters_backend::DrawingBackend;

use super::axis::Frame;
use super::palette::{Rgb, Theme};
use super::pen::{Anchor, Drawn, Pen};

/// A marked point.
#[derive(Debug, Clone, PartialEq)]
pub struct Marker {
    /// x value.
    pub x: f32,
    /// y value.
    pub y: f32,
    /// Shape of the marker.
    pub kind: MarkerKind,
    /// Label next to the marker; empty for none.
    pub label: String,
}

/// The shape of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkerKind {
    /// A ring around the selected point.
    Selected,
    /// Cross-hairs at the latent of the sliders.
    Latent,
    /// A star: a planted or named spectrum.
    File,
    /// A disc of a colour with a rim: a spectrum of the user's.
    Own(Rgb),
    /// A larger star: the selected file.
    SelectedFile,
}

/// Draws the axes around a picture of points.
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

/// Draws the markers that lie in the frame.
pub fn draw_markers<DB: DrawingBackend>(
    pen: &mut Pen<'_, DB>,
    theme: &Theme,
    frame: &Frame,
    markers: &[Marker],
) -> Drawn<DB> {
    draw_markers_sized(pen, theme, frame, markers, 1.0)
}

/// Draws markers as [`draw_markers`] does, `size` times as large; labels keep their size.
pub(super) fn draw_markers_sized<DB: DrawingBackend>(
    pen: &mut Pen<'_, DB>,
    theme: &Theme,
    frame: &Frame,
    markers: &[Marker],
    size: f64,
) -> Drawn<DB> {
    for marker in markers {
        let (x, y) = (frame.x_at(f64::from(marker.x)), frame.y_at(f64::from(marker.y)));
        if !frame.contains(x, y) {
            continue;
        }
        match marker.kind {
            MarkerKind::Selected => {
                pen.circle((x, y), 7.0 * size, theme.background, Some(4.0 * size))?;
                pen.circle((x, y), 7.0 * size, theme.ink, Some(2.0 * size))?;
            }
            MarkerKind::Own(color) => {
                pen.circle((x, y), 7.0 * size, theme.ink, None)?;
                pen.circle((x, y), 6.2 * size, theme.background, None)?;
                pen.circle((x, y), 4.4 * size, color, None)?;
            }
            MarkerKind::Latent => draw_cross(pen, theme, (x, y), size)?,
            MarkerKind::File | MarkerKind::SelectedFile => {
                let selected = marker.kind == MarkerKind::SelectedFile;
                let (radius, color) = if selected { (12.5, theme.decoded) } else { (9.5, theme.ink) };
                pen.fill(star(x, y, (radius + 3.0) * size), theme.background, 1.0)?;
                pen.fill(star(x, y, radius * size), color, 1.0)?;
            }
        }
        if marker.label.is_empty() {
            continue;
        }
        let near_right = x > frame.right - 120.0;
        let (at, anchor) = if near_right { (x - 16.0, Anchor::End) } else { (x + 16.0, Anchor::Start) };
        // A translucent rectangle behind the label, of the average width of its letters.
        let width = 7.0 * marker.label.chars().count() as f64 + 6.0;
        let left = if near_right { at + 3.0 - width } else { at - 3.0 };
        pen.fill_rect((left, y - 21.0), (left + width, y - 3.0), theme.background, 0.8)?;
        pen.text(&marker.label, (at, y - 12.0), 12.0, theme.ink, anchor)?;
    }
    Ok(())
}

fn draw_cross<DB: DrawingBackend>(pen: &mut Pen<'_, DB>, theme: &Theme, (x, y): (f64, f64), size: f64) -> Drawn<DB> {
    for (color, width) in [(theme.background, 5.0), (theme.decoded, 2.0)] {
        for (dx, dy) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
            let (near, far) = (4.0 * size, 13.0 * size);
            pen.line((x + near * dx, y + near * dy), (x + far * dx, y + far * dy), color, width * size)?;
        }
    }
    Ok(())
}

/// Returns the ten corners of a five-pointed star.
fn star(x: f64, y: f64, radius: f64) -> impl Iterator<Item = (f64, f64)> {
    (0..10).map(move |corner| {
        let reach = if corner % 2 == 0 { radius } else { radius * 0.45 };
        let angle = std::f64::consts::PI * (f64::from(corner) / 5.0 - 0.5);
        (x + reach * angle.cos(), y + reach * angle.sin())
    })
}

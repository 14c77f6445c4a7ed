//! The corner plot: every pair of latents in a panel of its own, and the histogram of every latent on the diagonal.
//!
//! Panel (column, row) shows latent `column` to the right and latent `row` upwards; it lies in that column and row of a square of panels,
//! below the diagonal. The area above the diagonal is empty.

use plotters_backend::DrawingBackend;

use super::axis::{Axis, Frame, tick_label};
use super::palette::{Rgb, Theme};
use super::pen::{Anchor, Drawn, Pen};
use super::scatter::{Marker, MarkerKind, draw_markers_sized};

/// The layout of a corner plot, CSS pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct CornerLayout {
    /// Width of the plot.
    pub width: f64,
    /// Height of the plot.
    pub height: f64,
    /// `[d]` axis of each latent.
    pub axes: Vec<Axis>,
    /// Left edge of the first column and upper edge of the first row.
    origin: (f64, f64),
    /// Width and height of a panel, whole pixels.
    panel: (f64, f64),
}

/// A latent that is marked in every panel.
#[derive(Debug, Clone, PartialEq)]
pub struct CornerMarker {
    /// `[d]` latent.
    pub latents: Vec<f32>,
    /// Shape of the marker.
    pub kind: MarkerKind,
}

/// Margins: for labels and titles at the left and below, and beyond the last panels, CSS pixels.
const LEFT: f64 = 46.0;
const BELOW: f64 = 40.0;
const RIGHT: f64 = 4.0;
const ABOVE: f64 = 4.0;
/// Gap between panels, CSS pixels.
const GAP: f64 = 4.0;
/// Font sizes; titles shrink where panels are narrow.
const TICK: f64 = 10.0;
const TITLE: f64 = 12.0;
/// Panels narrower than this have no tick labels.
const NARROW: f64 = 24.0;

impl CornerLayout {
    /// Lays out panels for latents of these ranges in `width` x `height` CSS pixels. `None` for fewer than two latents, or where a panel would
    /// be smaller than 8 pixels.
    pub fn new(width: f64, height: f64, ranges: &[(f64, f64)]) -> Option<Self> {
        let dims = ranges.len();
        let side = |space: f64| ((space - GAP * (dims as f64 - 1.0)) / dims as f64).floor();
        let panel = (side(width - LEFT - RIGHT), side(height - BELOW - ABOVE));
        // Written so that NaN is refused too.
        if dims < 2 || !(panel.0 >= 8.0 && panel.1 >= 8.0 && panel.0.is_finite() && panel.1.is_finite()) {
            return None;
        }
        let axes = ranges.iter().map(|&(min, max)| Axis::linear(min, max)).collect();
        Some(Self { width, height, axes, origin: (LEFT, ABOVE), panel })
    }

    /// Returns the number of latents d.
    pub fn dims(&self) -> usize {
        self.axes.len()
    }

    /// Returns column and row of the d (d - 1) / 2 panels below the diagonal, row by row.
    pub fn panels(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        (0..self.dims()).flat_map(|row| (0..row).map(move |column| (column, row)))
    }

    /// Returns the frame of a panel; on the diagonal that of a histogram, whose y axis goes from 0 to 1.
    pub fn frame(&self, column: usize, row: usize) -> Frame {
        let left = self.origin.0 + column as f64 * (self.panel.0 + GAP);
        let top = self.origin.1 + row as f64 * (self.panel.1 + GAP);
        let axis = |index: usize| self.axes.get(index).copied().unwrap_or(Axis::linear(0.0, 1.0));
        let y = if column == row { Axis::linear(0.0, 1.0) } else { axis(row) };
        Frame { left, top, right: left + self.panel.0, bottom: top + self.panel.1, x: axis(column), y }
    }

    /// Returns column and row of the panel below the diagonal that contains a position.
    pub fn panel_at(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        self.panels().find(|&(column, row)| self.frame(column, row).contains(x, y))
    }

    /// Returns the panel as [`CornerLayout::panel_at`] does, and the values of both latents at the position.
    pub fn value_at(&self, x: f64, y: f64) -> Option<((usize, usize), (f64, f64))> {
        let panel = self.panel_at(x, y)?;
        Some((panel, self.frame(panel.0, panel.1).value_at(x, y)))
    }

    /// Draws the frames of the panels, ticks at the left and below, and `[d]` titles; a title too long for its panel is cut to its last
    /// word.
    pub fn draw_axes<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, titles: &[&str]) -> Drawn<DB> {
        for (column, row) in self.panels() {
            outline(pen, theme.grid, &self.frame(column, row))?;
        }
        for index in 0..self.dims() {
            let diagonal = self.frame(index, index);
            pen.line((diagonal.left, diagonal.bottom), (diagonal.right, diagonal.bottom), theme.grid, 1.0)?;
            let title = titles.get(index).copied().unwrap_or_default();
            self.draw_x_axis(pen, theme, index, title)?;
            if index > 0 {
                self.draw_y_axis(pen, theme, index, title)?;
            }
        }
        Ok(())
    }

    /// Draws `[d]` histograms (heights 0..1, from the left end of each axis to its right end) as steps on the diagonal.
    pub fn draw_histograms<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        histograms: &[Vec<f32>],
        color: Rgb,
        fill: f64,
    ) -> Drawn<DB> {
        for (index, heights) in histograms.iter().enumerate().take(self.dims()) {
            let frame = self.frame(index, index);
            let width = (frame.right - frame.left) / heights.len().max(1) as f64;
            let steps: Vec<(f64, f64)> = heights
                .iter()
                .enumerate()
                .flat_map(|(bin, &height)| {
                    // A small gap above the highest bin.
                    let y = frame.y_at(0.94 * f64::from(height));
                    [(frame.left + bin as f64 * width, y), (frame.left + (bin + 1) as f64 * width, y)]
                })
                .collect();
            if steps.is_empty() {
                continue;
            }
            let base = [(frame.right, frame.bottom), (frame.left, frame.bottom)];
            pen.fill(steps.iter().copied().chain(base), color, fill)?;
            pen.curve(steps, color, 1.0, 1.25)?;
        }
        Ok(())
    }

    /// Draws markers in every panel, smaller where panels are small.
    pub fn draw_markers<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        theme: &Theme,
        markers: &[CornerMarker],
    ) -> Drawn<DB> {
        let size = (self.panel.0.min(self.panel.1) / 180.0).clamp(0.4, 1.0);
        for (column, row) in self.panels() {
            let at = |marker: &CornerMarker| {
                let (x, y) = (*marker.latents.get(column)?, *marker.latents.get(row)?);
                Some(Marker { x, y, kind: marker.kind, label: String::new() })
            };
            let markers: Vec<Marker> = markers.iter().filter_map(at).collect();
            draw_markers_sized(pen, theme, &self.frame(column, row), &markers, size)?;
        }
        Ok(())
    }

    fn draw_x_axis<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        theme: &Theme,
        index: usize,
        title: &str,
    ) -> Drawn<DB> {
        let frame = self.frame(index, self.dims() - 1);
        let ticks = sparse_ticks(frame.x, self.panel.0, |label| 6.0 * label.chars().count() as f64 + 8.0);
        for &tick in &ticks {
            let x = frame.x_at(tick);
            pen.line((x, frame.bottom), (x, frame.bottom + 3.0), theme.muted, 1.0)?;
            let label = tick_label(tick, &ticks);
            let half = 3.0 * label.chars().count() as f64;
            // A label that reached beyond its panel would read as one number with the next panel's.
            if x - half >= frame.left && x + half <= frame.right {
                pen.text(&label, (x, frame.bottom + 11.0), TICK, theme.muted, Anchor::Middle)?;
            }
        }
        let (title, size) = fitted(title, self.panel.0);
        let middle = (frame.left + frame.right) / 2.0;
        pen.text(title, (middle, frame.bottom + 28.0), size, theme.ink, Anchor::Middle)
    }

    fn draw_y_axis<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        theme: &Theme,
        index: usize,
        title: &str,
    ) -> Drawn<DB> {
        let frame = self.frame(0, index);
        let ticks = sparse_ticks(frame.y, self.panel.1, |_| 16.0);
        for &tick in &ticks {
            let y = frame.y_at(tick);
            pen.line((frame.left - 3.0, y), (frame.left, y), theme.muted, 1.0)?;
            pen.text(&tick_label(tick, &ticks), (frame.left - 5.0, y), TICK, theme.muted, Anchor::End)?;
        }
        let (title, size) = fitted(title, self.panel.1);
        let middle = (frame.top + frame.bottom) / 2.0;
        pen.text(title, (frame.left - 36.0, middle), size, theme.ink, Anchor::Upwards)
    }
}

/// Returns the heights 0..1 of `bins` equal bins from `axis.min` to `axis.max`, the fullest being 1, over visible rows with values on the
/// axis.
pub fn histogram(values: &[f32], axis: Axis, bins: usize, visible: impl Fn(usize) -> bool) -> Vec<f32> {
    let mut counts = vec![0u32; bins];
    for (row, &value) in values.iter().enumerate() {
        let bin = (axis.fraction(f64::from(value)) * bins as f64).floor();
        if bin >= 0.0 && visible(row) {
            // The end of the axis belongs to the last bin.
            let last = if f64::from(value) == axis.max { bins.saturating_sub(1) } else { bin as usize };
            counts.get_mut(last).into_iter().for_each(|count| *count += 1);
        }
    }
    let fullest = counts.iter().copied().max().unwrap_or(0).max(1) as f32;
    counts.into_iter().map(|count| count as f32 / fullest).collect()
}

/// Returns round values whose labels fit into `length` CSS pixels, a label taking the length that `needed` returns: the finest steps that
/// fit. A step is doubled where the next round one would leave a single label.
fn sparse_ticks(axis: Axis, length: f64, needed: impl Fn(&str) -> f64) -> Vec<f64> {
    if length < NARROW {
        return Vec::new();
    }
    let fits = |ticks: &[f64]| ticks.iter().map(|&tick| needed(&tick_label(tick, ticks))).sum::<f64>() <= length;
    for target in (1..=6).rev() {
        let ticks = axis.ticks(target);
        if fits(&ticks) {
            return ticks;
        }
        let step = ticks.windows(2).map(|pair| pair[1] - pair[0]).next().unwrap_or(1.0);
        let doubled: Vec<f64> = ticks.into_iter().filter(|tick| (tick / step).round() as i64 % 2 == 0).collect();
        if doubled.len() > 1 && fits(&doubled) {
            return doubled;
        }
    }
    Vec::new()
}

/// Returns a title and the font size at which it fits into `length` CSS pixels; where it fits at none, its last word.
fn fitted(title: &str, length: f64) -> (&str, f64) {
    let width = |text: &str, size: f64| 0.58 * size * text.chars().count() as f64;
    let fits = |text: &str| [TITLE, TICK, 9.0].into_iter().find(|&size| width(text, size) <= length + GAP);
    if let Some(size) = fits(title) {
        return (title, size);
    }
    let word = title.rsplit(' ').next().unwrap_or(title);
    (word, fits(word).unwrap_or(9.0))
}

fn outline<DB: DrawingBackend>(pen: &mut Pen<'_, DB>, color: Rgb, frame: &Frame) -> Drawn<DB> {
    let Frame { left, top, right, bottom, .. } = *frame;
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    pen.curve(corners, color, 1.0, 1.0)
}

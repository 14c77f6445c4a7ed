//! Draws what stands around an exported plot: a title above it, its legend and a note below.

use plotters_backend::DrawingBackend;

use super::palette::{Rgb, Theme};
use super::pen::{Anchor, Drawn, Pen};

/// The title, legend and note of an exported plot.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Caption {
    /// Title above the plot.
    pub title: String,
    /// Entries of the legend.
    pub entries: Vec<LegendEntry>,
    /// Colour bar, where a scale colours the plot.
    pub bar: Option<ColorBar>,
    /// Line at the foot: what is shown, whether it is simulated, and by what it was made.
    pub note: String,
}

/// An entry of a legend.
#[derive(Debug, Clone, PartialEq)]
pub struct LegendEntry {
    /// Name.
    pub label: String,
    /// Colour.
    pub color: Rgb,
    /// Shape before the name.
    pub swatch: Swatch,
}

/// The shape before the name of a legend's entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swatch {
    /// A curve.
    Line,
    /// A translucent area.
    Area,
    /// A point.
    Dot,
}

/// A colour bar.
#[derive(Debug, Clone, PartialEq)]
pub struct ColorBar {
    /// Title with its unit.
    pub title: String,
    /// Colours from the lower end to the upper one, equally wide.
    pub colors: Vec<Rgb>,
    /// Fraction of the bar at which each tick stands, and its label.
    pub ticks: Vec<(f64, String)>,
}

/// Height of the title, CSS pixels.
const TITLE: f64 = 30.0;
/// Height of a row of the legend, of the colour bar and of the note, CSS pixels.
const ROW: f64 = 18.0;
const BAR: f64 = 44.0;
const NOTE: f64 = 22.0;
/// Distance from the sides, CSS pixels.
const SIDE: f64 = 14.0;
/// Width of a letter of 11 and of 13 CSS pixels, on average.
const LETTER: f64 = 6.3;
const LARGE_LETTER: f64 = 7.2;

impl Caption {
    /// Returns the heights above and below a plot `width` CSS pixels wide.
    pub fn heights(&self, width: f64) -> (f64, f64) {
        let top = if self.title.is_empty() { 0.0 } else { TITLE };
        let rows = self.rows(width).len() as f64;
        let bar = if self.bar.is_some() { BAR } else { 0.0 };
        (top, rows * ROW + bar + if self.note.is_empty() { 0.0 } else { NOTE })
    }

    /// Draws the caption around a plot of `width` x `height` CSS pixels that begins below the title.
    pub fn draw<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, width: f64, height: f64) -> Drawn<DB> {
        let (top, _) = self.heights(width);
        let title = shortened(&self.title, (width - 2.0 * SIDE) / LARGE_LETTER);
        pen.text(&title, (SIDE, 17.0), 13.0, theme.ink, Anchor::Start)?;
        let mut y = top + height;
        for row in self.rows(width) {
            for (x, entry) in row {
                entry.draw(pen, theme, (x, y + ROW / 2.0))?;
            }
            y += ROW;
        }
        if let Some(bar) = &self.bar {
            bar.draw(pen, theme, (SIDE, width - SIDE), y)?;
            y += BAR;
        }
        let note = shortened(&self.note, (width - 2.0 * SIDE) / LETTER);
        pen.text(&note, (SIDE, y + NOTE / 2.0), 11.0, theme.muted, Anchor::Start)
    }

    /// Returns the rows of the legend: each entry with its position from the left.
    fn rows(&self, width: f64) -> Vec<Vec<(f64, &LegendEntry)>> {
        let mut rows: Vec<Vec<(f64, &LegendEntry)>> = Vec::new();
        let mut x = f64::INFINITY;
        for entry in &self.entries {
            let length = 48.0 + LETTER * entry.label.chars().count() as f64;
            if x + length > width - SIDE {
                rows.push(Vec::new());
                x = SIDE;
            }
            if let Some(row) = rows.last_mut() {
                row.push((x, entry));
            }
            x += length;
        }
        rows
    }
}

impl LegendEntry {
    /// Returns the entry of a curve.
    pub fn curve(label: &str, color: Rgb) -> Self {
        Self { label: label.to_owned(), color, swatch: Swatch::Line }
    }

    fn draw<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, (x, y): (f64, f64)) -> Drawn<DB> {
        match self.swatch {
            Swatch::Line => pen.curve([(x, y), (x + 20.0, y)], self.color, 1.0, 2.0)?,
            Swatch::Area => pen.fill_rect((x, y - 5.0), (x + 20.0, y + 5.0), self.color, 0.25)?,
            Swatch::Dot => pen.circle((x + 12.0, y), 4.5, self.color, None)?,
        }
        pen.text(&self.label, (x + 27.0, y), 11.0, theme.ink, Anchor::Start)
    }
}

impl ColorBar {
    fn draw<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        theme: &Theme,
        (left, right): (f64, f64),
        top: f64,
    ) -> Drawn<DB> {
        let from = (left + 16.0 + LETTER * self.title.chars().count() as f64).min(left + 0.6 * (right - left));
        let width = (right - 16.0 - from).max(1.0);
        pen.text(&self.title, (left, top + 11.0), 11.0, theme.ink, Anchor::Start)?;
        let step = width / self.colors.len().max(1) as f64;
        for (index, &color) in self.colors.iter().enumerate() {
            let x = from + index as f64 * step;
            pen.fill_rect((x, top + 5.0), (x + step, top + 17.0), color, 1.0)?;
        }
        for (at, label) in self.ticks.iter().filter(|(at, _)| (-0.001..=1.001).contains(at)) {
            let x = from + at * width;
            pen.line((x, top + 17.0), (x, top + 21.0), theme.muted, 1.0)?;
            pen.text(label, (x, top + 30.0), 11.0, theme.muted, Anchor::Middle)?;
        }
        Ok(())
    }
}

/// Returns a text of so many letters at most, the end of a longer one left out.
fn shortened(text: &str, most: f64) -> String {
    let most = most.max(1.0) as usize;
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}

//! The legend of a spectrum plot.

use plotters_backend::DrawingBackend;

use super::content::SpectrumPlot;
use crate::plot::axis::Frame;
use crate::plot::palette::{Rgb, Theme};
use crate::plot::pen::{Anchor, Drawn, Pen};

/// An entry of the legend.
#[derive(Debug, Clone, PartialEq)]
pub struct LegendEntry {
    /// Name.
    pub label: String,
    /// Colour.
    pub color: Rgb,
    /// Whether it is an area and not a curve.
    pub area: bool,
}

impl SpectrumPlot<'_> {
    /// Returns an entry for everything that this plot shows.
    pub fn entries(&self, theme: &Theme) -> Vec<LegendEntry> {
        let curve = |label: &str, color: Rgb| LegendEntry { label: label.to_owned(), color, area: false };
        let mut entries = Vec::new();
        let observed = match self.smoothing {
            0 | 1 => "observed".to_owned(),
            pixels => format!("observed, mean of {pixels} pixels"),
        };
        entries.extend(self.observed.map(|_| curve(&observed, theme.observed)));
        entries.extend(self.decoded.map(|_| curve("decoded", theme.decoded)));
        let band = self.decoded.and(self.band).map(|_| curve("decoded ± 1 σ of the latents", theme.decoded));
        entries.extend(band.map(|entry| LegendEntry { area: true, ..entry }));
        entries.extend(self.spread.map(|spread| curve(&spread.label(), theme.spread)));
        entries.extend(self.pinned.iter().map(|pinned| curve(pinned.label, pinned.color)));
        entries
    }

    /// Draws the legend in the upper right corner of the flux frame.
    pub(super) fn draw_legend<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        theme: &Theme,
        frame: &Frame,
    ) -> Drawn<DB> {
        let entries = self.entries(theme);
        let longest = entries.iter().map(|entry| entry.label.chars().count()).max().unwrap_or(0) as f64;
        let left = (frame.right - 40.0 - 6.4 * longest).max(frame.left + 6.0);
        let bottom = frame.top + 9.0 + 16.0 * entries.len() as f64;
        pen.fill_rect((left - 6.0, frame.top + 3.0), (frame.right - 3.0, bottom), theme.background, 0.85)?;
        for (row, entry) in entries.iter().enumerate() {
            let y = frame.top + 14.0 + 16.0 * row as f64;
            match entry.area {
                true => pen.fill_rect((left, y - 5.0), (left + 24.0, y + 5.0), entry.color, 0.25)?,
                false => pen.curve([(left, y), (left + 24.0, y)], entry.color, 1.0, 1.75)?,
            }
            pen.text(&entry.label, (left + 31.0, y), 11.0, theme.ink, Anchor::Start)?;
        }
        Ok(())
    }
}

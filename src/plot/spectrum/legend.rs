//! The legend of a spectrum plot.

use super::content::SpectrumPlot;
use crate::plot::caption::{LegendEntry, Swatch};
use crate::plot::palette::Theme;

impl SpectrumPlot<'_> {
    /// Returns an entry for everything that this plot shows.
    pub fn entries(&self, theme: &Theme) -> Vec<LegendEntry> {
        let mut entries = Vec::new();
        let observed = match self.smoothing {
            0 | 1 => "observed".to_owned(),
            pixels => format!("observed, mean of {pixels} pixels"),
        };
        entries.extend(self.observed.map(|_| LegendEntry::curve(&observed, theme.observed)));
        entries.extend(self.decoded.map(|_| LegendEntry::curve("decoded", theme.decoded)));
        let band = self.decoded.and(self.band).map(|_| LegendEntry {
            swatch: Swatch::Area,
            ..LegendEntry::curve("decoded ± 1 σ of the latents", theme.decoded)
        });
        entries.extend(band);
        entries.extend(self.spread.map(|spread| LegendEntry::curve(&spread.label(), theme.spread)));
        entries.extend(self.pinned.iter().map(|pinned| LegendEntry::curve(pinned.label, pinned.color)));
        entries
    }
}

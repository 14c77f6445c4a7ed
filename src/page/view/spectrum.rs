//! The content of the spectrum plot, and its texts.

use std::sync::Arc;

use super::text::thousands;
use crate::page::state::{AppState, Pin, Pixels, Source};
use crate::plot::{LineMark, PinnedCurve, REGIONS, Reading, Region, SpectrumPlot, Spread, Theme};
use crate::spectrum::lines::{LINES, SpectralLine};

/// The content of the spectrum plot.
#[derive(Clone, Default)]
pub struct ShownSpectrum {
    /// Observed pixels.
    pub pixels: Option<Arc<Pixels>>,
    /// Decoded spectrum and its serial.
    pub decoded: Option<(u32, Arc<Vec<f32>>)>,
    /// Standard deviation `[1000]` of the decoded flux.
    pub band: Option<Arc<Vec<f32>>>,
    /// Mean and spread of the picked spectra.
    pub spread: Option<Arc<Spread>>,
    /// Pinned spectra.
    pub pins: Vec<Pin>,
    /// Interval shown, Angstrom; `None` for all wavelengths.
    pub range: Option<(f64, f64)>,
    /// Interval being dragged, Angstrom.
    pub brush: Option<(f64, f64)>,
    /// Whether the decoded spectrum is none of the observed one.
    pub unrelated: bool,
}

impl PartialEq for ShownSpectrum {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: &Option<Arc<Vec<f32>>>, b: &Option<Arc<Vec<f32>>>| match (a, b) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        self.pixels.as_ref().map(|p| p.serial) == other.pixels.as_ref().map(|p| p.serial)
            && self.decoded.as_ref().map(|d| d.0) == other.decoded.as_ref().map(|d| d.0)
            && same(&self.band, &other.band)
            && self.spread.as_ref().map(Arc::as_ptr) == other.spread.as_ref().map(Arc::as_ptr)
            && self.pins == other.pins
            && (self.range, self.brush, self.unrelated) == (other.range, other.brush, other.unrelated)
    }
}

impl ShownSpectrum {
    /// Collects the content from the state.
    pub fn of(state: &AppState) -> Self {
        Self {
            pixels: state.shown_pixels(),
            decoded: state.decoded().map(|decoded| (decoded.serial, decoded.flux.clone())),
            band: state.shown_band(),
            spread: state.picked().and_then(|picked| picked.spread.clone()),
            pins: state.pins().to_vec(),
            range: state.spectrum_range(),
            brush: None,
            unrelated: state.is_elsewhere(),
        }
    }

    /// Calls `draw` with the plot.
    pub fn with_plot<T>(
        &self,
        theme: &Theme,
        lines: &[LineMark],
        legend: bool,
        draw: impl FnOnce(&SpectrumPlot<'_>) -> T,
    ) -> T {
        let pins: Vec<PinnedCurve<'_>> = (self.pins.iter().enumerate())
            .map(|(index, pin)| PinnedCurve { label: &pin.label, flux: &pin.flux, color: theme.pinned(index) })
            .collect();
        draw(&SpectrumPlot {
            observed: self.pixels.as_ref().map(|pixels| (pixels.flux.as_slice(), pixels.ivar.as_slice())),
            decoded: self.decoded.as_ref().map(|(_, flux)| flux.as_slice()),
            lines,
            range: self.range,
            band: self.band.as_ref().map(|band| band.as_slice()),
            spread: self.spread.as_deref(),
            pinned: &pins,
            brush: self.brush,
            unrelated: self.unrelated,
            legend,
        })
    }
}

/// Returns the marks at spectral lines, the minor ones labelled last.
pub fn line_marks() -> Vec<LineMark> {
    let mark =
        |line: &SpectralLine| LineMark { label: line.label.to_owned(), wavelength: line.wavelength, main: line.main };
    LINES.iter().map(mark).collect()
}

/// Returns the values under the pointer as text.
pub fn reading_text(reading: Reading) -> String {
    let mut text = format!("{:.1} Å", reading.wavelength);
    match (reading.observed, reading.masked) {
        (_, true) => text.push_str(" · masked"),
        (Some(flux), _) => text.push_str(&format!(" · observed {flux:.3}")),
        _ => {}
    }
    if let Some(flux) = reading.decoded {
        text.push_str(&format!(" · decoded {flux:.3}"));
    }
    if let Some(sigma) = reading.residual {
        text.push_str(&format!(" · {sigma:+.1} σ"));
    }
    text.replace('-', "−")
}

/// Describes the spectrum plot for a screen reader.
pub fn spectrum_text(state: &AppState) -> String {
    let what = match (state.selection(), state.decoded()) {
        (Some(_), Some(_)) => "observed and decoded flux with the residual in standard errors below",
        (Some(_), None) => "observed flux",
        (None, Some(_)) => "decoded flux",
        (None, None) => "nothing yet",
    };
    let fit = state.chi2().map_or(String::new(), |chi2| format!("; chi squared a pixel {chi2:.2}"));
    let (from, to) = state.spectrum_range().unwrap_or((3388.0, 8310.0));
    let pins = match state.pins().len() {
        0 => String::new(),
        count => format!("; {count} pinned for comparison"),
    };
    format!(
        "Spectrum {}: {what}, against rest-frame vacuum wavelength from {from:.0} to {to:.0} Ångström{fit}{pins}. Plus and \
         minus zoom, arrow keys move, 0 shows all.",
        state.title()
    )
}

/// Returns whether the selected spectrum is simulated or observed, as its title states; `None` where none is selected.
pub fn origin_text(state: &AppState) -> Option<&'static str> {
    let source = state.selection()?.source;
    Some(match (state.shows_simulated(), source) {
        (true, _) => "simulated",
        (false, Source::File(_)) => "observed, your file",
        (false, Source::Row(_)) => "observed",
    })
}

/// Returns the title of the saved figure.
pub fn figure_title(state: &AppState) -> String {
    let origin = if state.shows_simulated() { "simulated" } else { "observed" };
    format!("Spectrum {} ({origin}) and what {} makes of it", state.title(), state.link().model)
}

/// Returns the label of the spread of `picked` spectra, with the number of spectra in it.
pub fn spread_label(spread: &Spread, picked: usize) -> String {
    match spread.count {
        count if count < picked => format!("mean of {count} of the {} picked, 16–84 %", thousands(picked)),
        _ => spread.label(),
    }
}

/// Returns whether a region is the interval shown; the first region is all wavelengths.
pub fn is_region_shown(region: &Region, range: Option<(f64, f64)>) -> bool {
    range.map_or(region.key == REGIONS[0].key, |range| range == region.range())
}

/// Returns the interval shown as text; `None` where it is a region's.
pub fn custom_range_text(range: Option<(f64, f64)>) -> Option<String> {
    let (from, to) = range.filter(|range| REGIONS.iter().all(|region| region.range() != *range))?;
    Some(format!("{from:.0} to {to:.0} Å"))
}

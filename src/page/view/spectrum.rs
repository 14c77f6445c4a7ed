//! The content of the spectrum plot.

use std::borrow::Cow;
use std::sync::Arc;

use crate::page::state::{AppState, Curve, Pin, Pixels};
use crate::plot::{LineMark, PinnedCurve, SpectrumPlot, Spread, Theme, smoothed};
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
    /// Tells that the decoded spectrum is none of the observed one.
    pub unrelated: bool,
    /// Pixels that observed flux is averaged over; 0 and 1 for none.
    pub smoothing: usize,
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
            && (self.range, self.brush) == (other.range, other.brush)
            && (self.unrelated, self.smoothing) == (other.unrelated, other.smoothing)
    }
}

impl ShownSpectrum {
    /// Collects the content from the state.
    pub fn of(state: &AppState) -> Self {
        let decoded = state.decoded().filter(|_| state.shows(Curve::Decoded));
        Self {
            pixels: state.shown_pixels().filter(|_| state.shows(Curve::Observed)),
            decoded: decoded.map(|decoded| (decoded.serial, decoded.flux.clone())),
            band: decoded.and_then(|_| state.shown_band()),
            spread: state.picked().and_then(|picked| picked.spread.clone()),
            pins: state.pins().to_vec(),
            range: state.spectrum_range(),
            brush: None,
            unrelated: state.is_elsewhere(),
            smoothing: state.smoothing(),
        }
    }

    /// Calls `draw` with the plot.
    pub fn with_plot<T>(&self, theme: &Theme, lines: &[LineMark], draw: impl FnOnce(&SpectrumPlot<'_>) -> T) -> T {
        let fluxes: Vec<Cow<'_, [f32]>> = self.pins.iter().map(|pin| self.pinned_flux(pin)).collect();
        let pins: Vec<PinnedCurve<'_>> = (self.pins.iter().zip(&fluxes).enumerate())
            .map(|(index, (pin, flux))| PinnedCurve { label: &pin.label, flux, color: theme.pinned(index) })
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
            smoothing: self.smoothing,
        })
    }

    /// Returns a pinned spectrum, smoothed like the observed one where it was observed. Its masked pixels stay gaps.
    fn pinned_flux<'p>(&self, pin: &'p Pin) -> Cow<'p, [f32]> {
        if !pin.observed || self.smoothing < 2 {
            return Cow::Borrowed(&pin.flux);
        }
        let known: Vec<f32> = pin.flux.iter().map(|value| if value.is_finite() { 1.0 } else { 0.0 }).collect();
        let means = smoothed(&pin.flux, &known, self.smoothing);
        Cow::Owned(means.into_iter().zip(known).map(|(x, known)| if known > 0.0 { x } else { f32::NAN }).collect())
    }
}

/// Returns the marks at spectral lines, the minor ones labelled last.
pub fn line_marks() -> Vec<LineMark> {
    let mark =
        |line: &SpectralLine| LineMark { label: line.label.to_owned(), wavelength: line.wavelength, main: line.main };
    LINES.iter().map(mark).collect()
}

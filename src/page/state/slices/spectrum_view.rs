//! Chooses what the spectrum panel shows: which curves, and how smooth.

use crate::plot::SMOOTHINGS;

/// A curve that can be hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// Observed flux.
    Observed,
    /// Decoded flux.
    Decoded,
}

/// The curves shown and their smoothing. Observed flux is shown with its own spectrum and hidden away from it, until the reader says
/// otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpectrumView {
    observed: bool,
    observed_away: bool,
    decoded: bool,
    smoothing: usize,
}

impl Default for SpectrumView {
    fn default() -> Self {
        Self { observed: true, observed_away: false, decoded: true, smoothing: SMOOTHINGS[0] }
    }
}

impl SpectrumView {
    /// Returns whether a curve is shown; `away` where what is decoded is not the observed spectrum's.
    pub fn shows(&self, curve: Curve, away: bool) -> bool {
        match (curve, away) {
            (Curve::Observed, false) => self.observed,
            (Curve::Observed, true) => self.observed_away,
            (Curve::Decoded, _) => self.decoded,
        }
    }

    /// Shows a curve, or hides it.
    pub fn toggle(&mut self, curve: Curve, away: bool) {
        let shown = match (curve, away) {
            (Curve::Observed, false) => &mut self.observed,
            (Curve::Observed, true) => &mut self.observed_away,
            (Curve::Decoded, _) => &mut self.decoded,
        };
        *shown = !*shown;
    }

    /// Returns the pixels that observed flux is averaged over; 1 for none.
    pub fn smoothing(&self) -> usize {
        self.smoothing
    }

    /// Averages observed flux over so many pixels, one of [`SMOOTHINGS`]; any other number is left out.
    pub fn smooth(&mut self, pixels: usize) {
        if SMOOTHINGS.contains(&pixels) {
            self.smoothing = pixels;
        }
    }
}

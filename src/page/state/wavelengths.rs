//! Which wavelengths the spectrum panel shows.

use super::AppState;
use crate::plot::Region;
use crate::spectrum::{PIXELS, grid};

/// The narrowest interval shown, Angstrom.
const NARROWEST: f64 = 20.0;

impl AppState {
    /// Shows an interval of wavelengths, Angstrom in vacuum; all where none.
    pub fn show_wavelengths(&mut self, range: Option<(f64, f64)>) {
        let grid = (grid::wavelength(0.0), grid::wavelength(PIXELS as f64 - 1.0));
        self.spectrum_range = match range {
            Some((a, b)) => {
                let (from, to) = (a.min(b).max(grid.0), a.max(b).min(grid.1));
                // Nowhere on the grid, or hardly a pixel.
                if !(a.is_finite() && b.is_finite()) || to - from < NARROWEST {
                    return;
                }
                Some((from, to))
            }
            None => None,
        };
        self.link.region = None;
    }

    /// Shows the region of a key; an unknown one is reported.
    pub fn show_region(&mut self, key: &str) {
        match Region::of(key) {
            Some(region) if region.key == "all" => self.show_wavelengths(None),
            Some(region) => {
                self.spectrum_range = Some(region.range());
                self.link.region = Some(region.key.to_owned());
            }
            None => {
                self.link.region = None;
                self.fail(format!(
                    "The link's region \u{201c}{key}\u{201d} was left out: there is no such line region."
                ));
            }
        }
    }

    /// Moves both ends of the interval by parts of its length; the grid is its limit.
    pub fn shift_wavelengths(&mut self, (low, high): (f64, f64)) {
        let grid = (grid::wavelength(0.0), grid::wavelength(PIXELS as f64 - 1.0));
        let (from, to) = self.spectrum_range.unwrap_or(grid);
        let width = to - from;
        let (mut from, mut to) = (from + low * width, to + high * width);
        // A shift keeps its width at the grid's ends.
        if low == high {
            let back = (grid.0 - from).max(0.0) - (to - grid.1).max(0.0);
            (from, to) = (from + back, to + back);
        }
        let (from, to) = (from.max(grid.0), to.min(grid.1));
        if to - from >= NARROWEST {
            let whole = from <= grid.0 && to >= grid.1;
            self.show_wavelengths((!whole).then_some((from, to)));
        }
    }
}

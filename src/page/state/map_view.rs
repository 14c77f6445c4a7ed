//! Chooses what of the plots is shown: the part of the scatter, the corner's axes, marked stars, and the open tab.

use super::AppState;
use crate::page::tab::Tab;

impl AppState {
    /// Takes in the part of the scatter that is shown, rounded as a link holds it; `None` for all of it.
    pub fn set_zoom(&mut self, zoom: Option<((f64, f64), (f64, f64))>) {
        self.link.zoom = zoom.and_then(|(x, y)| Some((rounded_range(x)?, rounded_range(y)?)));
    }

    /// Shows raw latents in the corner plot, or their principal axes.
    pub fn show_raw_corner(&mut self, raw: bool) {
        self.link.raw_corner = raw;
    }

    /// Marks stars in the scatter, or no longer.
    pub fn toggle_stars(&mut self) {
        self.link.stars = !self.link.stars;
    }

    /// Opens a tab of the panel.
    pub fn open_tab(&mut self, tab: Tab) {
        self.link.tab = tab;
    }
}

/// Returns a range with its ends rounded to a thousandth of its length or finer; `None` for one that is none.
fn rounded_range((from, to): (f64, f64)) -> Option<(f64, f64)> {
    let length = to - from;
    if !(length > 1e-9 && from.abs().max(to.abs()) < 1e12) {
        return None;
    }
    let decimals = (3.0 - length.log10().floor()).clamp(0.0, 12.0) as usize;
    let round = |value: f64| format!("{value:.decimals$}").parse::<f64>().ok();
    round(from).zip(round(to)).filter(|(from, to)| from < to)
}

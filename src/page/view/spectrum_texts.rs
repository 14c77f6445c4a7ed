//! The texts of the spectrum panel: its heading, its legend, what is under the crosshair, and its description for a screen reader.

use super::spectrum::ShownSpectrum;
use super::text::{minus, thousands};
use crate::page::state::{AppState, Curve, Path, PathKind, Source};
use crate::plot::{REGIONS, Reading, Region, SpectrumPlot, Spread, Theme};
use crate::spectrum::lines::nearest_line;

/// The heading of the panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// "Spectrum", or where the spectrum shown was decoded.
    pub title: String,
    /// Name of the selected spectrum.
    pub id: String,
    /// Tells whether the panel shows the selected spectrum; else only what is decoded.
    pub own: bool,
    /// Position on the path, where the panel shows what is decoded along one.
    pub position: Option<String>,
}

/// A curve in the legend that a click hides and shows.
#[derive(Debug, Clone, PartialEq)]
pub struct CurveToggle {
    /// Label.
    pub label: String,
    /// Tells whether the curve is shown.
    pub shown: bool,
}

/// The vertical line under the pointer, and its text. Positions are CSS pixels from the plot's upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Crosshair {
    /// Position from the left.
    pub left: f64,
    /// Upper end.
    pub top: f64,
    /// Length.
    pub height: f64,
    /// Tells whether the text stands to the left of the line.
    pub leans_left: bool,
    /// Wavelength, nearest line and values.
    pub text: String,
}

/// Returns the heading: the name of the selected spectrum, or where the spectrum on screen was decoded once that is not the
/// selected spectrum's.
pub fn heading(state: &AppState) -> Heading {
    let own = !state.is_elsewhere() && (state.selection().is_some() || state.decoded().is_none());
    let path = state.path().filter(|path| !own && path.is_at(state.latent()));
    let title = if own { "Spectrum".to_owned() } else { decoded_at(path) };
    Heading { title, id: state.title(), own, position: path.map(super::paths::path_label) }
}

fn decoded_at(path: Option<&Path>) -> String {
    match path.map(|path| &path.kind) {
        Some(PathKind::Track(name)) => format!("Decoded along track {name}"),
        Some(PathKind::Sweep(axis)) => format!("Decoded along VAE {axis}"),
        Some(PathKind::Drawn) => "Decoded along the drawn path".to_owned(),
        Some(PathKind::Between) => "Decoded between two spectra".to_owned(),
        None => "Decoded at the sliders".to_owned(),
    }
}

/// Returns the entry of a curve in the legend; `None` where there is no such curve.
pub fn curve_toggle(state: &AppState, curve: Curve) -> Option<CurveToggle> {
    let there = match curve {
        Curve::Observed => state.shown_pixels().is_some(),
        Curve::Decoded => state.decoded().is_some(),
    };
    let label = match curve {
        Curve::Observed if state.is_elsewhere() => format!("observed: {}", state.title()),
        Curve::Observed => "observed".to_owned(),
        Curve::Decoded => "decoded".to_owned(),
    };
    there.then(|| CurveToggle { label, shown: state.shows(curve) })
}

/// Returns whether the plot shows masked pixels.
pub fn shows_masked(shown: &ShownSpectrum) -> bool {
    shown.pixels.as_ref().is_some_and(|pixels| pixels.ivar.iter().any(|weight| *weight <= 0.0))
}

/// Returns the crosshair at `x` CSS pixels from the left of a plot of `width` x `height`; `None` outside the frame.
pub fn crosshair(shown: &ShownSpectrum, x: f64, (width, height): (f64, f64)) -> Option<Crosshair> {
    shown.with_plot(&Theme::LIGHT, &[], |plot| {
        let reading = plot.reading(x, width)?;
        let frames = plot.frames(width, height);
        let bottom = frames.residual.unwrap_or(frames.flux).bottom;
        let left = SpectrumPlot::x_at(reading.wavelength, width, plot.range).clamp(frames.flux.left, frames.flux.right);
        Some(Crosshair {
            left,
            top: frames.flux.top,
            height: (bottom - frames.flux.top).max(0.0),
            leans_left: left > (frames.flux.left + frames.flux.right) / 2.0,
            text: reading_text(reading),
        })
    })
}

/// Returns the values under the pointer as text, with the nearest line and its distance, positive redwards.
pub fn reading_text(reading: Reading) -> String {
    let mut text = format!("{:.1} Å · {}", reading.wavelength, line_text(reading.wavelength));
    match (reading.observed, reading.masked) {
        (_, true) => text.push_str(" · masked"),
        (Some(flux), _) => text.push_str(&format!(" · observed {}", minus(&format!("{flux:.3}")))),
        _ => {}
    }
    if let Some(flux) = reading.decoded {
        text.push_str(&format!(" · decoded {}", minus(&format!("{flux:.3}"))));
    }
    if let Some(sigma) = reading.residual {
        text.push_str(&format!(" · {} σ", minus(&format!("{sigma:+.1}"))));
    }
    text
}

/// Returns the line nearest to a wavelength, `Hα`, and its distance where it is over two Angstrom, about a pixel: `Hα + 12 Å`.
fn line_text(wavelength: f64) -> String {
    let line = nearest_line(wavelength);
    let away = wavelength - line.wavelength;
    match away.abs() {
        near if near <= 2.0 => line.label.to_owned(),
        far => format!("{} {} {far:.0} Å", line.label, if away > 0.0 { '+' } else { '−' }),
    }
}

/// Describes the spectrum plot for a screen reader.
pub fn spectrum_text(state: &AppState) -> String {
    let Heading { title, id, own, .. } = heading(state);
    let observed = state.shown_pixels().is_some() && state.shows(Curve::Observed);
    let decoded = state.decoded().is_some() && state.shows(Curve::Decoded);
    let what = match (observed, decoded) {
        (true, true) if !own => format!("decoded flux, and pale the observed flux of {id}"),
        (true, true) => "observed and decoded flux with the residual in standard errors below".to_owned(),
        (true, false) => "observed flux".to_owned(),
        (false, true) => "decoded flux".to_owned(),
        (false, false) => "nothing yet".to_owned(),
    };
    let name = if own { format!("{title} {id}") } else { title };
    let fit = state.chi2().map_or(String::new(), |chi2| format!("; chi squared a pixel {chi2:.2}"));
    let (from, to) = state.spectrum_range().unwrap_or((3388.0, 8310.0));
    let smoothing = match state.smoothing() {
        1 => String::new(),
        pixels => format!("; observed flux averaged over {pixels} pixels"),
    };
    let pins = match state.pins().len() {
        0 => String::new(),
        count => format!("; {count} pinned for comparison"),
    };
    format!(
        "{name}: {what}, against rest-frame vacuum wavelength from {from:.0} to {to:.0} Ångström{fit}{smoothing}{pins}. Plus and \
         minus zoom, arrow keys move, 0 shows all."
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
    let Heading { title, id, own, position } = heading(state);
    let model = &state.link().model;
    if !own {
        let position = position.map_or(String::new(), |position| format!(", {position}"));
        return format!("{title}{position}, by {model}");
    }
    let origin = if state.shows_simulated() { "simulated" } else { "observed" };
    format!("Spectrum {id} ({origin}) and what {model} makes of it")
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

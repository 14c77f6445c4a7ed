//! Exported figures: their captions, and the names of the files.

use super::coloring::Coloring;
use super::legend::{bar_title, class_counts};
use super::spectrum::ShownSpectrum;
use super::spectrum_texts::{figure_title, heading};
use super::text::thousands;
use crate::page::state::AppState;
use crate::plot::{Caption, ColorBar, LegendEntry, Swatch, Theme};
use crate::spectrum::Class;

/// Colours that a colour bar is drawn in.
const STEPS: usize = 64;

/// Returns the caption of the spectrum plot.
pub fn spectrum_caption(state: &AppState, shown: &ShownSpectrum, theme: &Theme) -> Caption {
    let entries = shown.with_plot(theme, &[], |plot| plot.entries(theme));
    Caption { title: figure_title(state), entries, bar: None, note: note(state, state.shows_simulated()) }
}

/// Returns the caption of the scatter, whose points have these colours.
pub fn scatter_caption(state: &AppState, coloring: &Coloring, theme: &Theme) -> Caption {
    let (x, y) = state.axis_titles();
    points_caption(state, coloring, theme, format!("{x} and {y}"))
}

/// Returns the caption of the corner plot.
pub fn corner_caption(state: &AppState, coloring: &Coloring, theme: &Theme) -> Caption {
    let axes = if state.link().raw_corner { "latents" } else { "principal axes of the latents" };
    points_caption(state, coloring, theme, format!("Every pair of {axes}"))
}

fn points_caption(state: &AppState, coloring: &Coloring, theme: &Theme, axes: String) -> Caption {
    let counts = class_counts(state.embedding().map(|cloud| cloud.as_ref()));
    let count = thousands(state.embedding().map_or(0, |cloud| cloud.len()));
    let simulated = state.manifest().is_some_and(|manifest| manifest.simulated);
    let kind = if simulated { "simulated spectra" } else { "spectra" };
    let dot = |label: String, color| LegendEntry { label, color, swatch: Swatch::Dot };
    let shown = |class: &Class| counts[*class as usize] > 0 && !state.link().hidden.contains(&(class.code() as u8));
    let (entries, bar) = match (coloring.bar, coloring.names()) {
        (None, _) => {
            let of = |class: Class| {
                dot(format!("{} {}", class.name(), thousands(counts[class as usize])), theme.class(class))
            };
            (Class::ALL.into_iter().filter(shown).map(of).collect(), None)
        }
        (Some(_), Some(names)) => {
            let palette = theme.category_palette(names);
            let of = |(code, name): (usize, &&str)| dot((*name).to_owned(), palette[code]);
            (names.iter().enumerate().map(of).collect(), None)
        }
        (Some(_), None) => {
            let ticks = coloring.scale.iter().flat_map(|scale| scale.ticks());
            let ticks = ticks.map(|(at, label)| (f64::from(at), label)).collect();
            let colors = (0..STEPS).map(|step| theme.colormap().at(step as f64 / (STEPS - 1) as f64)).collect();
            (Vec::new(), Some(ColorBar { title: bar_title(state, &coloring.column), colors, ticks }))
        }
    };
    Caption {
        title: format!("{count} {kind}: {axes}, {}", state.whose_latents()),
        entries,
        bar,
        note: note(state, simulated),
    }
}

/// Returns the line at the foot of a figure.
fn note(state: &AppState, simulated: bool) -> String {
    let set = state.manifest().map_or(String::new(), |manifest| format!("{} · ", manifest.title));
    let simulated = if simulated { "SIMULATED, not observed · " } else { "" };
    format!("{simulated}{set}{} · Spectrascape {}", state.model_name(), env!("CARGO_PKG_VERSION"))
}

/// Returns the name of a plot's file without its ending; `what` is the plot. That of the spectrum has the spectrum's name, or where it was
/// decoded.
pub fn figure_name(state: &AppState, what: &str) -> String {
    if what != "spectrum" {
        return format!("spectrascape-{what}");
    }
    let heading = heading(state);
    let name = if heading.own { heading.id } else { heading.title.to_lowercase() };
    let plain = |letter: char| if letter.is_alphanumeric() || "-_.".contains(letter) { letter } else { '-' };
    format!("spectrascape-spectrum-{}", name.chars().map(plain).collect::<String>())
}

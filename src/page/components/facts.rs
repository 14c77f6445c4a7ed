//! What the catalogue, the simulation or the file itself says of the selected spectrum.

use leptos::prelude::*;

use crate::formats::set::ColumnInfo;
use crate::page::context::use_page;
use crate::page::state::{AppState, Source};
use crate::page::view::coloring::names_of;

/// One fact: name, value with unit, and whether only the simulation knows it.
type Fact = (String, String, bool);

/// What is known of the selected spectrum.
#[component]
pub fn Facts() -> impl IntoView {
    let page = use_page();
    let facts = Memo::new(move |_| page.state.with(facts_of));
    let vote = Memo::new(move |_| {
        let surroundings = page.surroundings.get()?.0;
        page.state.with(|state| {
            let cloud = state.cloud.as_ref().filter(|cloud| cloud.serial == surroundings.serial)?;
            let except = match state.selection.as_ref()?.source {
                Source::Row(row) => Some(row),
                Source::File(_) => None,
            };
            surroundings.vote(cloud, &state.selected_latent()?, except)
        })
    });
    let list = move |truth: bool| {
        let shown = facts.get().into_iter().filter(move |fact| fact.2 == truth);
        shown.map(|(name, value, _)| view! { <div><dt>{name}</dt><dd class="number">{value}</dd></div> }).collect_view()
    };
    let truths = Memo::new(move |_| facts.get().iter().any(|fact| fact.2));
    let notes = Memo::new(move |_| {
        page.state.with(|state| match state.selection.as_ref()?.source {
            Source::File(index) => state.files.get(index).map(|file| file.notes.clone()),
            Source::Row(_) => None,
        })
    });
    view! {
        <Show when=move || !facts.get().is_empty() fallback=|| view! { <p class="sub">"Select a spectrum in the scatter."</p> }>
            {move || notes.get().map(|notes| notes.into_iter().map(|note| view! { <p class="sub">{note}</p> }).collect_view())}
            <dl class="facts">
                {move || vote.get().map(|vote| view! {
                    <div data-testid="class-by-surroundings">
                        <dt>"Class by its surroundings"</dt>
                        <dd>{format!("{} ({} of {} neighbours)", vote.class.name(), vote.votes, vote.of)}</dd>
                    </div>
                })}
                {move || list(false)}
            </dl>
            <Show when=move || truths.get()>
                <h3>"Truths of the simulation"</h3>
                <dl class="facts" data-testid="truths">{move || list(true)}</dl>
            </Show>
        </Show>
    }
}

fn facts_of(state: &AppState) -> Vec<Fact> {
    let Some(selection) = &state.selection else { return Vec::new() };
    let mut facts: Vec<Fact> = Vec::new();
    match selection.source {
        Source::Row(row) => {
            let (Some(manifest), Some(catalogue)) = (&state.manifest, &state.catalogue) else { return facts };
            for column in &manifest.columns {
                if ["plate", "mjd", "fiber", "class"].contains(&column.name.as_str()) {
                    continue;
                }
                let value = catalogue.column(&column.name).and_then(|values| values.get(row));
                if let Some(value) = value.filter(|value| value.is_finite()) {
                    facts.push((titled(&column.label), measured(value, column), column.truth));
                }
            }
        }
        Source::File(index) => {
            let Some(file) = state.files.get(index) else { return facts };
            facts.push(("File".to_owned(), file.name.clone(), false));
            facts.push(("Redshift".to_owned(), format!("{:.4}, from {}", file.redshift, file.redshift_from), false));
            facts.push(("Class by its own lines".to_owned(), file.class.name().to_owned(), false));
            facts.push(("Median signal-to-noise".to_owned(), format!("{:.1}", file.median_snr), false));
            let bad = file.pixels.ivar.iter().filter(|weight| **weight <= 0.0).count();
            facts.push(("Masked pixels".to_owned(), format!("{bad} of 1000"), false));
            for (i, (mean, log_var)) in file.encoding.mean.iter().zip(&file.encoding.log_var).enumerate() {
                let text = format!("{mean:.2} ± {:.2}", (log_var / 2.0).exp()).replace('-', "−");
                facts.push((format!("Latent {}", i + 1), text, false));
            }
            let columns = state.manifest.as_ref().map(|manifest| manifest.columns.as_slice()).unwrap_or_default();
            for (name, value) in file.truths.iter().filter(|(_, value)| value.is_finite()) {
                if let Some(column) = columns.iter().find(|column| column.truth && column.name == *name) {
                    facts.push((titled(&column.label), measured(*value, column), true));
                }
            }
        }
    }
    facts
}

/// A value with the digits that its column's range asks for, and its unit.
pub fn measured(value: f32, column: &ColumnInfo) -> String {
    if let Some(names) = names_of(&column.name) {
        return names.get(value as usize).filter(|_| value >= 0.0).unwrap_or(&"none").to_string();
    }
    let width = (column.range.1 - column.range.0).abs();
    let whole = value.fract() == 0.0 && column.range.0.fract() == 0.0 && column.range.1.fract() == 0.0;
    let digits = match width {
        _ if whole => 0,
        width if width < 0.1 => 4,
        width if width < 3.0 => 3,
        width if width < 30.0 => 2,
        width if width < 300.0 => 1,
        _ => 0,
    };
    let number = format!("{value:.digits$}").replace('-', "−");
    match column.unit.strip_prefix("1e-17 ") {
        _ if column.unit.is_empty() => number,
        Some(unit) => format!("{number} × 10⁻¹⁷ {}", typeset(unit)),
        None => format!("{number} {}", typeset(&column.unit)),
    }
}

/// A unit as files spell it, as people write it.
pub fn typeset(unit: &str) -> String {
    if unit == "A" {
        return "Å".to_owned();
    }
    unit.replace("1e-17", "10⁻¹⁷").replace("^2", "²").replace("Angstrom", "Å")
}

/// A label as files spell it, as people write it, with a capital at its head.
pub fn titled(label: &str) -> String {
    let label = lettered(label);
    let mut letters = label.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A label as files spell it, with the letters that people use.
pub fn lettered(label: &str) -> String {
    let pairs = [("Z_sun", "Z☉"), ("E(B-V)", "E(B−V)"), ("5100 A", "5100 Å"), ("H-alpha", "Hα"), (" - ", " − ")];
    pairs.into_iter().fold(label.to_owned(), |text, (plain, set)| text.replace(plain, set))
}

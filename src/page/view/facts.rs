//! The facts about a spectrum from the catalogue, the simulation or the file itself.

use super::neighbourhood::{Neighbourhood, Vote};
use super::object::{REDSHIFT, object_of};
use super::own_spectra::encoding_label;
use super::text::{lettered, measured, minus, redshift_with_error, signal_to_noise, titled};
use crate::page::state::{AppState, OwnFile, Source};

/// A fact: its name, its value with unit, and whether only the simulation knows it.
pub type Fact = (String, String, bool);

/// Columns that name a spectrum and do not describe it, and codes.
pub const NAMING_COLUMNS: [&str; 9] = ["plate", "mjd", "fiber", "class", "survey", "id_a", "id_b", "id_c", "subclass"];
/// Columns that the object's own card shows.
pub const OBJECT_COLUMNS: [&str; 4] = ["ra", "dec", "z_err", "zwarning"];

/// Smallest relative change of the norm by a fit that is worth a line.
const NORM_OFF: f32 = 0.02;

/// Columns shown on the card at the pointer, where the set has them.
const HOVERED: [&str; 2] = ["redshift", "median_snr"];

/// Returns the facts about the selected spectrum; empty where none is selected.
pub fn facts_of(state: &AppState) -> Vec<Fact> {
    let Some(selection) = state.selection() else { return Vec::new() };
    let mut facts: Vec<Fact> = Vec::new();
    // The object's card says these with more digits, or with a button that copies them.
    let card = object_of(state);
    let card_says = |name: &str| card.as_ref().is_some_and(|card| card.facts.iter().any(|fact| fact.0 == name));
    match selection.source {
        Source::Row(row) => {
            let (Some(manifest), Some(catalogue)) = (state.manifest(), state.catalogue()) else { return facts };
            for column in &manifest.columns {
                let name = column.name.as_str();
                if NAMING_COLUMNS.contains(&name)
                    || OBJECT_COLUMNS.contains(&name)
                    || (name == "redshift" && card_says(REDSHIFT))
                {
                    continue;
                }
                let value = catalogue.column(&column.name).and_then(|values| values.get(row));
                if let Some(value) = value.filter(|value| value.is_finite()) {
                    facts.push((titled(&column.label), measured(value, column), column.truth));
                }
            }
        }
        Source::File(index) => {
            let Some(file) = state.files().get(index) else { return facts };
            facts.push(("File".to_owned(), file.name.clone(), false));
            facts.extend(object_facts(file, card.is_some()));
            facts.push(("Redshift".to_owned(), redshift_fact(file), false));
            facts.push(("Class by its own lines".to_owned(), file.class.name().to_owned(), false));
            facts.push(("Median signal-to-noise".to_owned(), signal_to_noise(file.median_snr), false));
            let bad = file.pixels.ivar.iter().filter(|weight| **weight <= 0.0).count();
            facts.push(("Masked pixels".to_owned(), format!("{bad} of 1000"), false));
            facts.push(("Posterior".to_owned(), encoding_label(file.encoding.method).to_owned(), false));
            if (file.encoding.scale - 1.0).abs() >= NORM_OFF {
                let text = format!("{:.1} % of the one with infilled pixels", 100.0 * file.encoding.scale);
                facts.push(("Fitted norm".to_owned(), text, false));
            }
            for (i, (mean, log_var)) in
                file.encoding.posterior.mean.iter().zip(&file.encoding.posterior.log_var).enumerate()
            {
                let text = match state.has_latent_variance() {
                    true => format!("{mean:.2} ± {:.2}", (log_var / 2.0).exp()),
                    false => format!("{mean:.2}"),
                };
                let text = minus(&text);
                facts.push((format!("Latent {}", i + 1), text, false));
            }
            let columns = state.manifest().map(|manifest| manifest.columns.as_slice()).unwrap_or_default();
            for (name, value) in file.truths.iter().filter(|(_, value)| value.is_finite()) {
                if let Some(column) = columns.iter().find(|column| column.truth && column.name == *name) {
                    facts.push((titled(&column.label), measured(*value, column), true));
                }
            }
        }
    }
    facts
}

/// Returns what the file says of its object: name, the survey's judgement of the redshift, and identifier and position where no card does.
fn object_facts(file: &OwnFile, has_card: bool) -> Vec<Fact> {
    let object = &file.object;
    let position = object.position.map(|at| minus(&format!("{:.5}°, {:+.5}°", at.ra, at.dec)));
    let facts = [
        ("Identifier", (!file.id.is_none() && !has_card).then(|| file.id.to_string())),
        ("Name", object.name.clone()),
        ("Right ascension, declination", position.filter(|_| !has_card)),
        ("Its lines", object.class_note.clone()),
        ("Subclass in the file", object.subclass.clone().filter(|subclass| !subclass.is_empty())),
        (
            "Redshift in the file",
            file.file_redshift.filter(|_| !is_of_the_file(file)).map(|own| with_its_error(file, own)),
        ),
        ("Redshift warning in the file", object.redshift_warning.map(|bits| bits.to_string())),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?, false))).collect()
}

/// Returns whether the redshift in use is the file's own, which is then said once.
fn is_of_the_file(file: &OwnFile) -> bool {
    file.redshift_from == "the file" && file.file_redshift.is_some()
}

fn with_its_error(file: &OwnFile, redshift: f64) -> String {
    redshift_with_error(redshift, file.object.redshift_error.unwrap_or(0.0))
}

fn redshift_fact(file: &OwnFile) -> String {
    if is_of_the_file(file) {
        return format!("{}, from the file", with_its_error(file, file.redshift));
    }
    match file.trial().filter(|_| file.redshift_from == "trial") {
        Some(trial) => format!("{}, by trial", redshift_with_error(trial.redshift, trial.error)),
        None => minus(&format!("{:.4}, from {}", file.redshift, file.redshift_from)),
    }
}

/// Returns the notes on the reading of the selected file.
pub fn notes_of(state: &AppState) -> Option<Vec<String>> {
    match state.selection()?.source {
        Source::File(index) => state.files().get(index).map(|file| file.notes.clone()),
        Source::Row(_) => None,
    }
}

/// Returns the class that the neighbours of the selected spectrum vote for; `None` for the neighbourhood of another embedding.
pub fn vote_of_selection(state: &AppState, neighbourhood: &Neighbourhood) -> Option<Vote> {
    let cloud = state.embedding().filter(|cloud| cloud.serial == neighbourhood.serial)?;
    neighbourhood.vote(cloud, &state.selected_latent()?, state.selected_row())
}

/// Returns the facts on the card at the pointer for a row: name and value.
pub fn hover_facts(state: &AppState, row: usize) -> Vec<(String, String)> {
    let Some(manifest) = state.manifest() else { return Vec::new() };
    let mut names: Vec<&str> = HOVERED.to_vec();
    if !names.contains(&state.link().color.as_str()) {
        names.push(&state.link().color);
    }
    let mut facts: Vec<(String, String)> = names
        .iter()
        .filter_map(|name| {
            let column = manifest.columns.iter().find(|column| column.name == *name && *name != "class")?;
            let value = state.value_of(row, name).filter(|value| value.is_finite())?;
            Some((lettered(&column.label), measured(value, column)))
        })
        .collect();
    if let Some(factor) = state.outliers().factor().and_then(|factor| factor.get(row)) {
        facts.push(("outlier factor".to_owned(), format!("{factor:.2}")));
    }
    facts
}

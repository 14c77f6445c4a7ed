//! The predictions of a model's head from the latents on screen.

use super::text::{measured, minus, titled};
use crate::page::state::AppState;
use crate::spectrum::Class;

/// A prediction: its name, and its value with unit.
pub type Prediction = (String, String);

/// Returns what the head of the model in use predicts from the latents on screen; empty for a model without.
pub fn predictions(state: &AppState) -> Vec<Prediction> {
    let Some(head) =
        state.head().filter(|_| state.card().is_some_and(|card| card.config.latents == state.latent().len()))
    else {
        return Vec::new();
    };
    let settings = head.settings();
    let outputs = head.predict(state.latent());
    let (probabilities, measurements) = outputs.split_at(settings.classes);
    let mut found = Vec::new();
    let likeliest = (0..probabilities.len()).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
    if let Some(code) = likeliest {
        let name = Class::from_code(code as i32).name();
        found.push(("Class".to_owned(), format!("{name} ({:.0} %)", 100.0 * probabilities[code])));
    }
    let columns = state.manifest().map(|manifest| manifest.columns.as_slice()).unwrap_or_default();
    found.extend(settings.measurements.iter().zip(measurements).map(|(name, &value)| {
        match columns.iter().find(|column| column.name == *name) {
            Some(column) => (titled(&column.label), measured(value, column)),
            None => (name.clone(), minus(&format!("{value:.3}"))),
        }
    }));
    found
}

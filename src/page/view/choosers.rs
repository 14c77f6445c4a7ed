//! The choosers of sets and models in the header.

use super::text::thousands;
use crate::page::state::AppState;

/// A set or a model to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Name, as in links.
    pub name: String,
    /// Text of the option.
    pub label: String,
    /// Count and size, as text.
    pub about: String,
    /// Whether it is open.
    pub chosen: bool,
}

/// Returns the sets of the site; none where there is no choice.
pub fn sets(state: &AppState) -> Vec<Choice> {
    let open = state.set_name();
    let sets = state.library().map(|library| library.sets.as_slice()).unwrap_or_default();
    let choice = |set: &crate::formats::set::SetEntry| Choice {
        name: set.name.clone(),
        label: titled_or(&set.title, &set.name),
        about: format!("{} spectra, {}", thousands(set.count), megabytes(set.bytes)),
        chosen: set.name == open,
    };
    if sets.len() > 1 { sets.iter().map(choice).collect() } else { Vec::new() }
}

/// Returns the models that go with the open set; none where there is no choice.
pub fn models(state: &AppState) -> Vec<Choice> {
    let open = &state.link().model;
    let Some(library) = state.library() else { return Vec::new() };
    let models: Vec<Choice> = library
        .models_of(&state.set_name())
        .map(|model| Choice {
            name: model.name.clone(),
            label: titled_or(&model.title, &model.name),
            about: format!("{} latents, {}", model.latents, megabytes(model.bytes)),
            chosen: model.name == *open,
        })
        .collect();
    if models.len() > 1 { models } else { Vec::new() }
}

fn titled_or(title: &str, name: &str) -> String {
    if title.is_empty() { name.to_owned() } else { title.to_owned() }
}

fn megabytes(bytes: u64) -> String {
    let megabytes = bytes as f64 / 1e6;
    if megabytes < 10.0 { format!("{megabytes:.1} MB") } else { format!("{megabytes:.0} MB") }
}

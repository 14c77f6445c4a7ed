//! The choices that the form offers, and the plans that they lead to.

use crate::formats::set::{ColumnInfo, Manifest};
use crate::page::training_form::{self, Kind};
use crate::page::view::codes::names_of;
use crate::page::view::facts::{NAMING_COLUMNS, OBJECT_COLUMNS};
use crate::spectrum::Class;
use crate::vae::VaeConfig;
use crate::vae::parameters::Layout;

/// A preset: its name and its plan.
pub type Preset = (&'static str, fn() -> VaeConfig);

/// The presets.
pub const PRESETS: [Preset; 8] = [
    ("VAE-2 (Table 1)", || training_form::proposed(2)),
    ("VAE-4 (Table 1)", || training_form::proposed(4)),
    ("VAE-6 (Table 1)", || training_form::proposed(6)),
    ("VAE-10 (Table 1)", || training_form::proposed(10)),
    ("Quick, for a lesson", || VaeConfig {
        hidden1: 128,
        hidden2: 32,
        most_spectra: 2048,
        max_epochs: 15,
        ..training_form::proposed(2)
    }),
    ("Plain autoencoder, 6", || VaeConfig { variational: false, ..training_form::proposed(6) }),
    ("Linear, like PCA, 6", || VaeConfig { variational: false, negative_slope: 1.0, ..training_form::proposed(6) }),
    ("beta-VAE, 6", || VaeConfig { alpha: -3.0, lambda: 4.0, ..training_form::proposed(6) }),
];

/// The activations offered: slope below zero and name.
pub const SLOPES: [(f32, &str); 4] =
    [(0.0, "ReLU (the paper)"), (0.01, "leaky ReLU 0.01"), (0.1, "leaky ReLU 0.1"), (1.0, "none (linear)")];

/// Returns the plan of a preset, with the seed of `plan`.
pub fn with_preset(plan: &VaeConfig, preset: fn() -> VaeConfig) -> VaeConfig {
    VaeConfig { seed: plan.seed, ..preset() }
}

/// Returns the index of the preset that a plan equals, whatever its seed.
pub fn preset_of(plan: &VaeConfig) -> Option<usize> {
    PRESETS.iter().position(|(_, preset)| with_preset(plan, *preset) == *plan)
}

/// Adds a class to those trained on, or removes it. All classes are stored as an empty list.
pub fn toggle_class(plan: &mut VaeConfig, code: u8) {
    let all: Vec<u8> = Class::ALL.iter().map(|class| class.code() as u8).collect();
    let mut classes = if plan.classes.is_empty() { all.clone() } else { plan.classes.clone() };
    match classes.iter().position(|other| *other == code) {
        Some(at) => drop(classes.remove(at)),
        None => classes.push(code),
    }
    classes.sort_unstable();
    plan.classes = if classes == all { Vec::new() } else { classes };
}

/// Returns the columns of a set that a head can predict: measurements whose names fit into a link.
pub fn predictable_columns(manifest: &Manifest) -> impl Iterator<Item = &ColumnInfo> {
    let fits = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    manifest.columns.iter().filter(move |column| {
        let name = column.name.as_str();
        let describes_object = !NAMING_COLUMNS.contains(&name) && !OBJECT_COLUMNS.contains(&name);
        describes_object && names_of(name).is_none() && fits(name) && column.range.0 < column.range.1
    })
}

/// Returns a plan with the layer sizes that the paper found for a number of latents, and otherwise unchanged.
pub fn with_latents(plan: &VaeConfig, latents: usize) -> VaeConfig {
    let paper = VaeConfig::paper(latents);
    let lambda = if Kind::of(plan) == Kind::Vae { paper.lambda } else { plan.lambda };
    VaeConfig { latents, hidden1: paper.hidden1, hidden2: paper.hidden2, lambda, ..plan.clone() }
}

/// Describes the network: its layers and its number of weights.
pub fn size_text(plan: &VaeConfig) -> String {
    let weights = Layout::new(plan).len;
    let VaeConfig { pixels, hidden1, hidden2, latents, .. } = plan;
    let inputs = plan.inputs();
    let head =
        plan.head.as_ref().map_or(String::new(), |head| format!(", and {latents} – {} predictions", head.outputs()));
    format!(
        "{inputs} – {hidden1} – {hidden2} – {latents} – {hidden2} – {hidden1} – {pixels}{head}: {:.2} million weights.",
        weights as f64 / 1e6
    )
}

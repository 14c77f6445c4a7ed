//! The texts on the browser's storage.

use crate::page::state::{AppState, Runs};
use crate::page::training_form::Kind;
use crate::protocol::SavedRun;

/// Describes whether the training on screen is saved.
pub fn saved_text(state: &AppState) -> String {
    match (&state.training().not_saved, state.training().saved) {
        (Some(problem), _) => problem.clone(),
        (None, Some((epochs, bytes))) => format!("Saved in this browser after epoch {epochs} ({}).", size_text(bytes)),
        (None, None) => String::new(),
    }
}

/// Describes how much is stored; `own` is whether the training on screen is part of it.
pub fn storage_text(runs: &Runs, own: bool) -> String {
    let quota = if runs.quota > 0 { format!(" of {} allowed", size_text(runs.quota)) } else { String::new() };
    let stays = if own { " The training on this page stays until it is left." } else { "" };
    format!(
        "Trainings {}, spectra {}{quota}. The five newest trainings are kept.{stays}",
        size_text(runs.run_bytes),
        size_text(runs.shard_bytes)
    )
}

/// Returns what the button says that opens a saved training.
pub fn open_text(saved: &SavedRun) -> &'static str {
    match saved {
        SavedRun { finished: true, .. } => "Show it",
        SavedRun { paused: true, .. } => "Open it",
        _ => "Go on with it",
    }
}

/// Describes a saved training.
pub fn run_text(saved: &SavedRun) -> String {
    let kind = match Kind::of(&saved.config) {
        Kind::Vae => "VAE",
        Kind::Ae => "autoencoder",
        Kind::BetaVae => "beta-VAE",
    };
    let state = match saved {
        SavedRun { set_aside: true, .. } => "set aside at",
        SavedRun { finished: true, .. } => "finished after",
        SavedRun { paused: true, .. } => "paused at",
        _ => "at",
    };
    format!("{kind} of {} latents, seed {}, {state} epoch {}", saved.config.latents, saved.config.seed, saved.epochs)
}

/// Returns a number of bytes as text.
pub fn size_text(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{:.0} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.0} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

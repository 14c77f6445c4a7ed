//! The texts of the header.

use crate::page::state::AppState;

/// Returns the sentence below the page's name: what to do, until something was clicked.
pub fn tagline(state: &AppState) -> &'static str {
    match state.was_clicked() {
        false => "Each point is a galaxy’s spectrum. Click one.",
        true => "The latent space of galaxy spectra",
    }
}

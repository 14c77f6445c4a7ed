//! What was on screen when a step began.

use crate::page::state::{AppState, Source};

/// What was on screen when a step began.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Baseline {
    /// The selected spectrum.
    pub source: Option<Source>,
    /// `[d]` where the sliders were.
    pub latent: Vec<f32>,
    /// Spectra pinned.
    pub pins: usize,
    /// Rounds of random places drawn.
    pub draws: u64,
    /// Galaxies made.
    pub made: u64,
    /// Serial of the open path, and how far one was on it.
    pub path: Option<(u32, f32)>,
}

impl Baseline {
    /// Of what is on screen now.
    pub fn of(state: &AppState) -> Self {
        Self {
            source: state.selection.as_ref().map(|selection| selection.source),
            latent: state.latent.clone(),
            pins: state.pins.len(),
            draws: state.draws.rounds,
            made: state.galaxies_simulated(),
            path: state.path.as_ref().map(|path| (path.serial, path.at)),
        }
    }
}

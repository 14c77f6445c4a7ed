//! The nearest spectra in latent space to the selected one, or to the latents of the sliders.

use super::neighbourhood::{Neighbourhood, Vote};
use crate::numerics::k_d_tree::Neighbour;
use crate::page::state::AppState;

/// The list of neighbours.
#[derive(Debug, Clone, PartialEq)]
pub struct NeighbourList {
    /// Name of the spectrum or latent that they are the neighbours of.
    pub of: String,
    /// Neighbours, the nearest first.
    pub neighbours: Vec<Neighbour>,
    /// Class that the neighbours vote for.
    pub vote: Option<Vote>,
}

/// Returns the neighbours of the selected spectrum, or of the sliders' latents once they have left it; `None` for the neighbourhood of
/// another embedding.
pub fn neighbour_list(state: &AppState, neighbourhood: &Neighbourhood) -> Option<NeighbourList> {
    let cloud = state.cloud.as_ref().filter(|cloud| cloud.serial == neighbourhood.serial)?;
    let on_selection = state.selection.is_some() && !state.moved();
    let itself = state.selected_row().filter(|_| on_selection);
    let of = if on_selection { state.title() } else { "where the sliders are".to_owned() };
    let neighbours = neighbourhood.neighbours(&state.latent, itself);
    Some(NeighbourList { of, neighbours, vote: neighbourhood.vote(cloud, &state.latent, itself) })
}

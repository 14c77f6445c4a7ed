//! The nearest spectra in latent space to the selected one, or to the latents of the sliders.

use leptos::prelude::*;

use super::row_button::RowButton;
use crate::page::context::use_page;
use crate::page::view::neighbours::{NeighbourList, neighbour_list};

/// Renders the list.
#[component]
pub fn Neighbours() -> impl IntoView {
    let page = use_page();
    let found = Memo::new(move |_| {
        let neighbourhood = page.neighbourhood.get()?.0;
        page.state.with(|state| neighbour_list(state, &neighbourhood))
    });
    view! {
        {move || match found.get() {
            None => view! { <p class="sub">"The neighbours are being looked up."</p> }.into_any(),
            Some(NeighbourList { of, neighbours, vote }) => view! {
                <p class="sub">
                    "The ten spectra nearest in latent space to "
                    {of}
                    {vote.map(|vote| format!("; {} of the nearest {}: {}.", vote.votes, vote.of, vote.class.name()))}
                </p>
                <ol class="rows" data-testid="neighbours">
                    {neighbours.into_iter().map(|neighbour| view! {
                        <li><RowButton row=neighbour.row note=format!("distance {:.3}", neighbour.distance) /></li>
                    }).collect_view()}
                </ol>
            }.into_any(),
        }}
    }
}

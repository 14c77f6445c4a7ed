//! The nearest spectra in latent space to the selected one, or to where the sliders are.

use leptos::prelude::*;

use super::row_button::RowButton;
use crate::page::context::use_page;
use crate::page::state::Source;

/// The list.
#[component]
pub fn Neighbours() -> impl IntoView {
    let page = use_page();
    let found = Memo::new(move |_| {
        let surroundings = page.surroundings.get()?.0;
        page.state.with(|state| {
            let cloud = state.cloud.as_ref().filter(|cloud| cloud.serial == surroundings.serial)?;
            let itself = match state.selection.as_ref().filter(|_| !state.moved()).map(|selection| selection.source) {
                Some(Source::Row(row)) => Some(row),
                _ => None,
            };
            let list = surroundings.neighbours(&state.latent, itself);
            let vote = surroundings.vote(cloud, &state.latent, itself);
            Some((list, vote, state.selection.is_some() && !state.moved(), state.title()))
        })
    });
    view! {
        {move || match found.get() {
            None => view! { <p class="sub">"The neighbours are being looked up."</p> }.into_any(),
            Some((list, vote, of_spectrum, title)) => view! {
                <p class="sub">
                    "The ten spectra nearest in latent space to "
                    {if of_spectrum { title } else { "where the sliders are".to_owned() }}
                    {vote.map(|vote| format!("; {} of the nearest {}: {}.", vote.votes, vote.of, vote.class.name()))}
                </p>
                <ol class="rows" data-testid="neighbours">
                    {list.into_iter().map(|neighbour| view! {
                        <li><RowButton row=neighbour.row note=format!("distance {:.3}", neighbour.distance) /></li>
                    }).collect_view()}
                </ol>
            }.into_any(),
        }}
    }
}

//! The reader's own catalogues: what was joined, within which radius, and a button that removes one.

use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::view::own_catalogues::{CatalogueText, catalogue_texts};

/// Renders the list; nothing where there are no catalogues.
#[component]
pub fn OwnCatalogueList() -> impl IntoView {
    let page = use_page();
    let texts = Memo::new(move |_| page.state.with(catalogue_texts));
    let entry = move |(index, text): (usize, CatalogueText)| {
        let CatalogueText { name, summary, radius } = text;
        let label = format!("Remove {name}");
        let change = move |event| {
            if let Ok(radius) = event_target_value(&event).trim().replace(',', ".").parse() {
                page.act(|state| state.set_join_radius(index, radius));
            }
        };
        view! {
            <li class="own">
                <div class="own-head">
                    <span class="row-name">{name}</span>
                    <button type="button" class="mini" aria-label=label data-testid="remove-catalogue"
                        on:click=move |_| page.act(|state| state.remove_catalogue(index))>"×"</button>
                </div>
                <p class="sub" data-testid="catalogue-summary">{summary}</p>
                {radius.map(|radius| view! {
                    <label class="field">
                        <span>"within"</span>
                        <input type="text" inputmode="decimal" class="radius" data-testid="catalogue-radius" aria-label="Radius of the join, arcsec"
                            value=radius.to_string() on:change=change />
                        <span>"″"</span>
                    </label>
                })}
            </li>
        }
    };
    view! {
        <Show when=move || !texts.get().is_empty()>
            <h3>"Your catalogues"</h3>
            <ul class="rows" data-testid="own-catalogues">
                {move || texts.get().into_iter().enumerate().map(entry).collect_view()}
            </ul>
        </Show>
    }
}

//! The field that finds a spectrum by its name or by a position on the sky.

use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::state::{AppState, FIND_RADIUS};

/// Renders the field, and one sentence on what it has found.
#[component]
pub fn FindObject() -> impl IntoView {
    let page = use_page();
    let text = RwSignal::new(String::new());
    let radius = RwSignal::new(FIND_RADIUS.to_string());
    let positions = Memo::new(move |_| page.state.with(AppState::has_positions));
    let found = Memo::new(move |_| page.state.with(|state| state.found().cloned()));
    let find = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let radius = radius.get_untracked().trim().replace(',', ".").parse().ok().filter(|radius| *radius > 0.0);
        page.act(|state| state.find_object(&text.get_untracked(), radius.unwrap_or(FIND_RADIUS)));
    };
    let hint = move || match positions.get() {
        true => "266-51602-1, desi:39627…, 188.736 +12.582, J123456.7+123456",
        false => "266-51602-1",
    };
    view! {
        <form class="find" on:submit=find role="search">
            <label class="field">
                <span>"find"</span>
                <input type="search" data-testid="find-object" placeholder=hint autocomplete="off" spellcheck="false"
                    aria-label="Find a spectrum by its name or by a position" prop:value=move || text.get()
                    on:input=move |event| text.set(event_target_value(&event)) />
            </label>
            <Show when=move || positions.get()>
                <label class="field" title="How far from a position a spectrum may lie">
                    <span>"within"</span>
                    <input type="text" inputmode="decimal" class="radius" data-testid="find-radius" aria-label="Radius of the search, arcsec"
                        prop:value=move || radius.get() on:input=move |event| radius.set(event_target_value(&event)) />
                    <span>"″"</span>
                </label>
            </Show>
            <button type="submit" data-testid="find-object-go">"Find"</button>
            <p class="sub" data-testid="found-object" role="status">{move || found.get().map(|found| found.sentence)}</p>
        </form>
    }
}

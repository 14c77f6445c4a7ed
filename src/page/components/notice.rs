//! The newest error, until it is dismissed.

use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::state::AppState;

/// Renders the error.
#[component]
pub fn Notice() -> impl IntoView {
    let page = use_page();
    let errors = Memo::new(move |_| page.state.with(|state| state.errors.clone()));
    view! {
        <Show when=move || !errors.get().is_empty()>
            <div class="notice" role="alert" data-testid="error">
                <div>{move || errors.get().into_iter().map(|error| view! { <p>{error}</p> }).collect_view()}</div>
                <button type="button" class="quiet" on:click=move |_| page.act(AppState::dismiss)>"Dismiss"</button>
            </div>
        </Show>
    }
}

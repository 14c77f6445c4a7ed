//! What this is, what runs, and the two things one does with a page: open a file, share a link.

use leptos::prelude::*;

use super::drop_zone::OpenFile;
use super::share::Share;
use crate::app::page::use_page;
use crate::app::state::{AppState, Engine};

/// The top of the page.
#[component]
pub fn Header() -> impl IntoView {
    let page = use_page();
    let simulated = Memo::new(move |_| page.state.with(|s| s.manifest.as_ref().is_none_or(|m| m.simulated)));
    let status = Memo::new(move |_| page.state.with(AppState::status));
    let engine = Memo::new(move |_| {
        page.state.with(|state| match &state.engine {
            Engine::Starting => "starting the engine…".to_owned(),
            Engine::Ready(name) => name.clone(),
            Engine::Dead(_) => "engine not running".to_owned(),
        })
    });
    view! {
        <header class="top">
            <div class="brand">
                <h1>"Spectrascape"</h1>
                <p class="tagline">"The latent space of galaxy spectra: explore it, train it, share it."</p>
            </div>
            <div class="top-state">
                <Show when=move || simulated.get()>
                    <span class="badge" title="Every point is a simulated spectrum, so its true age, dust and so on are known.">
                        "simulated spectra"
                    </span>
                </Show>
                <span class="pill" class:ok=move || status.get() == "ready" data-testid="status" role="status">
                    {move || status.get()}
                </span>
                <span class="engine" data-testid="engine" title="What decodes and trains">{move || engine.get()}</span>
            </div>
            <div class="top-acts">
                <OpenFile />
                <Share />
            </div>
        </header>
    }
}

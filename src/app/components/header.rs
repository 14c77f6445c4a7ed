//! What this is, what runs, and the two things one does with a page: open a file, share a link.

use leptos::prelude::*;

use super::drop_zone::OpenFile;
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
                <ShareLink />
            </div>
        </header>
    }
}

/// Copies the address; it is shown, so that it can be copied by hand where the browser forbids.
#[component]
fn ShareLink() -> impl IntoView {
    let page = use_page();
    let copied = RwSignal::new(false);
    let href = Memo::new(move |_| page.state.with(|state| format!("#{}", state.permalink())));
    let share = move |event: web_sys::MouseEvent| {
        // With a modifier it is a link like any other.
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        event.prevent_default();
        let clipboard = window().navigator().clipboard();
        let link = page.link();
        // Outside secure contexts there is no clipboard: the link then stands in the address bar.
        if js_sys::Reflect::get(&window().navigator(), &"clipboard".into()).is_ok_and(|found| found.is_object()) {
            let _ = clipboard.write_text(&link);
            copied.set(true);
            set_timeout(move || copied.set(false), std::time::Duration::from_secs(2));
        }
    };
    view! {
        <a class="button" data-testid="share-link" href=move || href.get() on:click=share>
            {move || if copied.get() { "Link copied" } else { "Share this view" }}
        </a>
    }
}

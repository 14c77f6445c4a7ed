//! The header: the name of the program, its status, and buttons that open a file and share a link.

use leptos::prelude::*;

use super::choosers::Choosers;
use super::drop_zone::OpenFile;
use super::lessons::LessonsButton;
use super::share::Share;
use crate::page::context::use_page;
use crate::page::permalink::Permalink;
use crate::page::state::AppState;
use crate::page::view::header::tagline;

/// Renders the bar of a page that is embedded in another: the name of the program, whether spectra are simulated, and a link to
/// the whole page.
#[component]
pub fn FrameBar() -> impl IntoView {
    let page = use_page();
    let href =
        Memo::new(move |_| page.state.with(|state| format!("./#{}", Permalink { embed: false, ..state.permalink() })));
    view! {
        <header class="frame-bar">
            <a href=move || href.get() target="_blank" rel="noopener">"Spectrascape: the latent space of galaxy spectra ↗"</a>
            <SetBadge />
            <Status />
        </header>
    }
}

/// Renders a badge where the set is simulated.
#[component]
fn SetBadge() -> impl IntoView {
    let page = use_page();
    let simulated = Memo::new(move |_| page.state.with(|s| s.manifest().is_none_or(|m| m.simulated)));
    view! {
        <Show when=move || simulated.get()>
            <span class="badge" title="Every point is a simulated spectrum, so its true age, dust and so on are known.">
                "simulated spectra"
            </span>
        </Show>
    }
}

/// Renders whether the page is ready.
#[component]
fn Status() -> impl IntoView {
    let page = use_page();
    let status = Memo::new(move |_| page.state.with(AppState::status));
    view! {
        <span class="pill" class:ok=move || status.get() == "ready" data-testid="status" role="status">
            {move || status.get()}
        </span>
    }
}

/// Renders the header of the page.
#[component]
pub fn Header() -> impl IntoView {
    let page = use_page();
    let title = Memo::new(move |_| page.state.with(|state| state.site_title().map(str::to_owned)));
    Effect::new(move |_| {
        if let Some(title) = title.get() {
            document().set_title(&title);
        }
    });
    let line = Memo::new(move |_| page.state.with(tagline));
    let clicked = window_event_listener(leptos::ev::click, move |_| {
        if !page.state.with_untracked(AppState::was_clicked) {
            page.act(AppState::on_clicked);
        }
    });
    on_cleanup(move || clicked.remove());
    let heading = move || title.get().unwrap_or_else(|| "Spectrascape".to_owned());
    view! {
        <header class="top">
            <div class="brand">
                <h1>{heading}</h1>
                <p class="tagline" data-testid="tagline">{move || line.get()}</p>
            </div>
            <Choosers />
            <div class="top-state">
                <SetBadge />
                <Status />
            </div>
            <div class="top-acts">
                <LessonsButton />
                <OpenFile />
                <Share />
            </div>
        </header>
    }
}

//! Sharing: the link, code that embeds the page in another, and the citation.

use leptos::prelude::*;

use super::menu::Menu;
use crate::export::CITATION_BIBTEX;
use crate::page::context::use_page;
use crate::page::state::AppState;

/// Copies text to the clipboard, and returns whether there is one: outside secure contexts there is none.
fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let available = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|found| found.is_object());
    if available {
        let _ = navigator.clipboard().write_text(text);
    }
    available
}

/// Renders a button that copies the result of `text` and confirms it.
#[component]
pub fn CopyButton(
    text: impl Fn() -> String + Copy + Send + 'static,
    label: &'static str,
    testid: &'static str,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let act = move |_| {
        if copy(&text()) {
            copied.set(true);
            set_timeout(move || copied.set(false), std::time::Duration::from_secs(2));
        }
    };
    view! {
        <button type="button" data-testid=testid on:click=act>
            {move || if copied.get() { "Copied" } else { label }}
        </button>
    }
}

/// Renders the link, which a click copies, and the menu next to it.
#[component]
pub fn Share() -> impl IntoView {
    let page = use_page();
    let copied = RwSignal::new(false);
    let href = Memo::new(move |_| page.state.with(|state| format!("#{}", state.permalink())));
    // What a link cannot hold is said when it is copied.
    let said = Memo::new(move |_| {
        let missing = page.state.with(AppState::not_in_link);
        missing.map_or_else(|| "Link copied".to_owned(), |missing| format!("Link copied, {missing}"))
    });
    let share = move |event: web_sys::MouseEvent| {
        // A click with a modifier follows the link, as for any other.
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        event.prevent_default();
        if copy(&page.link()) {
            copied.set(true);
            set_timeout(move || copied.set(false), std::time::Duration::from_secs(2));
        }
    };
    let frame = move || {
        format!(
            "<iframe src=\"{}&amp;embed=1\" title=\"Spectrascape: the latent space of galaxy spectra\" width=\"100%\" height=\"900\" \
             style=\"border:0\"></iframe>",
            page.link().replace("&embed=1", "").replace('&', "&amp;")
        )
    };
    view! {
        <div class="joined">
            <a class="button" data-testid="share-link" href=move || href.get() on:click=share>
                {move || if copied.get() { said.get() } else { "Share this view".to_owned() }}
            </a>
            <Menu label="⋯" spoken="More ways to share, and how to cite" testid="share-more" wide=true>
                <h2 class="small">"In a page of yours"</h2>
                <p class="sub">"A frame with this view, without header and footer."</p>
                <CopyButton text=frame label="Copy the frame's HTML" testid="copy-embed" />
                <h2 class="small">"Cite this"</h2>
                <pre class="bibtex" data-testid="bibtex" tabindex="0">{CITATION_BIBTEX}</pre>
                <CopyButton text=move || CITATION_BIBTEX.to_owned() label="Copy BibTeX" testid="copy-bibtex" />
            </Menu>
        </div>
    }
}

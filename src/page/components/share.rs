//! Sharing: the link, code that embeds the page in another, and the citation.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::menu::Menu;
use crate::export::CITATION_BIBTEX;
use crate::page::context::use_page;
use crate::page::view::share::{Outcome, copied_text};

/// Time for which it is said that something was copied.
const SAID: Duration = Duration::from_secs(2);

/// Copies text to the clipboard, then tells `done` whether that worked: it does not where the browser refuses, or has no clipboard as
/// outside secure contexts.
fn copy(text: String, done: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        let navigator = window().navigator();
        let available = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|found| found.is_object());
        done(available && JsFuture::from(navigator.clipboard().write_text(&text)).await.is_ok());
    });
}

/// Renders a button that copies the result of `text` and says whether that worked.
#[component]
pub fn CopyButton(
    text: impl Fn() -> String + Copy + Send + 'static,
    label: &'static str,
    testid: &'static str,
) -> impl IntoView {
    let outcome = RwSignal::new(None::<bool>);
    let act = move |_| {
        copy(text(), move |copied| {
            outcome.try_set(Some(copied));
            set_timeout(move || _ = outcome.try_set(None), SAID);
        });
    };
    view! {
        <button type="button" data-testid=testid on:click=act>
            {move || outcome.get().map_or(label, |copied| if copied { "Copied" } else { "Not copied" })}
        </button>
    }
}

/// Renders the link, which a click copies, and the menu next to it.
#[component]
pub fn Share() -> impl IntoView {
    let page = use_page();
    let outcome = RwSignal::new(None::<Outcome>);
    let href = Memo::new(move |_| page.state.with(|state| format!("#{}", state.permalink())));
    let share = move |event: web_sys::MouseEvent| {
        // A click with a modifier follows the link, as for any other.
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        event.prevent_default();
        copy(page.link(), move |copied| {
            let said = page.state.with_untracked(|state| copied_text(copied, &state.not_in_link()));
            // What a link leaves out takes longer to read.
            let time = if said.more.is_some() { 4 * SAID } else { SAID };
            outcome.try_set(Some(said));
            set_timeout(move || _ = outcome.try_set(None), time);
        });
    };
    let more = Memo::new(move |_| outcome.with(|outcome| outcome.as_ref().and_then(|outcome| outcome.more.clone())));
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
                {move || outcome.with(|outcome| outcome.as_ref().map_or("Share this view", |outcome| outcome.label))}
            </a>
            <p class="toast" role="status" data-testid="share-note" class:shown=move || more.with(Option::is_some)>{move || more.get()}</p>
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

//! The user's spectra: dropped anywhere, or chosen with the button. They stay in this browser.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileList, HtmlInputElement};

use super::training::open_model;
use crate::formats;
use crate::page::context::{Page, use_page};
use crate::page::state::AppState;

/// Largest size of a file: the page holds it several times while it is read.
const MOST_BYTES: f64 = 128.0 * 1024.0 * 1024.0;

/// Renders the button that opens files.
#[component]
pub fn OpenFile() -> impl IntoView {
    let page = use_page();
    let input = NodeRef::<html::Input>::new();
    let chosen = move |_| {
        let Some(input) = input.get() else { return };
        let input: HtmlInputElement = input;
        read(page, input.files());
        // The same file can be chosen again only if the field is empty.
        input.set_value("");
    };
    view! {
        <label class="button primary" title="SDSS spectra, spSpec (DR7) or spec (DR8 and later), or tables of wavelength, flux and error (CSV, ECSV)">
            "Open spectra"
            <input
                class="unseen" type="file" multiple accept=accepted() data-testid="open-file"
                aria-label="Open spectra of your own" node_ref=input on:change=chosen
            />
        </label>
    }
}

/// Accepts files dropped anywhere in the window, and shows an overlay while one is dragged over it.
#[component]
pub fn DropZone() -> impl IntoView {
    let page = use_page();
    let over = RwSignal::new(false);
    let _ = window_event_listener(ev::dragover, move |event| {
        // A link or a text that is dragged within the page is no file.
        let types = event.data_transfer().map(|transfer| transfer.types());
        if types.is_some_and(|types| types.includes(&"Files".into(), 0)) {
            event.prevent_default();
            over.set(true);
        }
    });
    let _ = window_event_listener(ev::dragleave, move |event| {
        if event.related_target().is_none() {
            over.set(false);
        }
    });
    let _ = window_event_listener(ev::drop, move |event| {
        event.prevent_default();
        over.set(false);
        read(page, event.data_transfer().and_then(|transfer| transfer.files()));
    });
    view! {
        <div class="veil" class:shown=move || over.get() aria-hidden="true">
            <p>"Drop spectra (FITS, CSV, ECSV) to place them in latent space"</p>
        </div>
    }
}

fn read(page: Page, files: Option<FileList>) {
    let Some(files) = files else { return };
    let mut files: Vec<File> = (0..files.length()).filter_map(|index| files.get(index)).collect();
    // A redrock file first, so that its coadd is read once, and with it.
    files.sort_by_key(|file| !file.name().starts_with("redrock-"));
    spawn_local(async move {
        page.act(|state| state.on_files_dropped(files.len()));
        // One after the other, so that the first comes on screen while the others are read.
        for file in files {
            if page.state.with_untracked(AppState::reading_is_stopped) {
                break;
            }
            let name = file.name();
            if file.size() > MOST_BYTES {
                page.act(|state| {
                    state.fail(format!(
                        "{name} is over 128 MB: read it with `spectrascape encode`, or give a part of it."
                    ))
                });
                continue;
            }
            match JsFuture::from(file.array_buffer()).await {
                Ok(buffer) => {
                    let bytes = js_sys::Uint8Array::new(buffer.unchecked_ref()).to_vec();
                    match name.ends_with(".safetensors") {
                        true => open_model(page, name, bytes),
                        false => page.act(|state| state.open_file(name, bytes)),
                    }
                }
                Err(_) => page.act(|state| state.fail(format!("{name} could not be read: is it a file?"))),
            }
        }
        page.act(|state| state.on_files_added());
    });
}

/// Returns the file extensions that can be read, as a file dialogue takes them.
fn accepted() -> String {
    formats::endings().map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(",")
}

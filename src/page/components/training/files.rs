//! Files and links of a training: weights, curves and settings, saved and opened.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::form::run_link;
use crate::export::loss_table;
use crate::page::client::download::{save_bytes, save_text};
use crate::page::components::menu::{CloseMenu, Menu};
use crate::page::components::share::CopyButton;
use crate::page::context::{Page, use_page};
use crate::page::state::AppState;
use crate::protocol::TrainCommand;

/// Renders the buttons under the losses.
#[component]
pub fn Files() -> impl IntoView {
    let page = use_page();
    let trained = Memo::new(move |_| page.state.with(|s| s.training.is_on() && !s.training.history.is_empty()));
    let on = Memo::new(move |_| page.state.with(|s| s.training.is_on()));
    let refused = Memo::new(move |_| page.state.with(|s| s.refused.clone()));
    let input = NodeRef::<html::Input>::new();
    // A file from the trainer is saved as soon as it has arrived.
    Effect::new(move |_| {
        let file = page.state.with(|s| s.file_to_save.clone());
        if let Some((name, bytes)) = file {
            save_bytes(&name, &bytes);
            page.act(|state| state.file_to_save = None);
        }
    });
    let opened = move |_| {
        let Some(input) = input.get() else { return };
        let input: web_sys::HtmlInputElement = input;
        let file = input.files().and_then(|files| files.get(0));
        if let Some(file) = file {
            let name = file.name();
            spawn_local(async move {
                let Ok(buffer) = JsFuture::from(file.array_buffer()).await else { return };
                open_model(page, name, js_sys::Uint8Array::new(&buffer).to_vec());
            });
        }
        input.set_value("");
    };
    view! {
        <div class="acts small">
            <button type="button" data-testid="keep-run" disabled=move || !trained.get()
                title="Keeps this training on the page, to compare the next one with"
                on:click=move |_| page.act(AppState::keep_run)>"Keep to compare"</button>
            <CopyButton text=move || run_link(page) label="Copy link to this training" testid="copy-run" />
            <Menu label="Save ▾" spoken="Save weights, curves or settings" testid="train-save" wide=false>
                <Choices on trained />
            </Menu>
            <label class="button" title="A .safetensors file saved here, shipped here, or written by PyTorch with the same layers">
                "Open weights"
                <input class="unseen" type="file" accept=".safetensors" data-testid="open-weights" node_ref=input
                    aria-label="Open a model's weights" on:change=opened />
            </label>
        </div>
        <Show when=move || refused.get().is_some()>
            <p class="sub problem" data-testid="open-problem">{move || refused.get()}</p>
        </Show>
    }
}

/// Renders what can be saved; the menu closes after a choice.
#[component]
fn Choices(on: Memo<bool>, trained: Memo<bool>) -> impl IntoView {
    let page = use_page();
    let menu = expect_context::<CloseMenu>();
    let export = move |half: bool| {
        menu.close();
        page.act(|state| state.export_model(TrainCommand::Export { best: true, half }));
    };
    let text = move |name: &str, kind: &str, text: &str| {
        menu.close();
        save_text(name, kind, text);
    };
    let curves = move |_| {
        let table = page.state.with_untracked(|s| loss_table(&s.training.history));
        text("losses.csv", "text/csv", &table);
    };
    let settings = move |_| {
        let plan = page.state.with_untracked(|s| s.plan.clone());
        text("training.json", "application/json", &serde_json::to_string_pretty(&plan).unwrap_or_default());
    };
    view! {
        <button type="button" data-testid="save-weights" disabled=move || !on.get() on:click=move |_| export(false)>
            "Weights (safetensors, for PyTorch too)"
        </button>
        <button type="button" data-testid="save-weights-half" disabled=move || !on.get() on:click=move |_| export(true)>
            "Weights in half precision"
        </button>
        <button type="button" data-testid="save-curves" disabled=move || !trained.get() on:click=curves>"Curves (CSV)"</button>
        <button type="button" data-testid="save-config" on:click=settings>"Settings (JSON)"</button>
        <button type="button" data-testid="save-script" on:click=move |_| {
            text("load_in_pytorch.py", "text/x-python", include_str!("../../../../docs/load_in_pytorch.py"));
        }>"Script that loads the weights in PyTorch"</button>
    }
}

/// Opens a model's file: every spectrum is encoded with its weights, and its training can continue.
pub fn open_model(page: Page, name: String, bytes: Vec<u8>) {
    let set_url = page.set_url();
    page.act(|state| state.train_from_file(set_url, name, bytes));
}

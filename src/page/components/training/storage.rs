//! The trainings stored in the browser: the offer to continue one, and a list of them.

use leptos::html;
use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::state::AppState;
use crate::page::view::training::storage::{open_text, run_text, saved_text, storage_text};

/// Renders the offer to open a saved training, where it is seen at once.
#[component]
pub fn GoOn() -> impl IntoView {
    let page = use_page();
    let offer = Memo::new(move |_| page.state.with(|s| s.offered_run().cloned()));
    let go_on = move |_| {
        let set_url = page.set_url();
        if let Some(saved) = offer.get_untracked() {
            page.act(|state| state.train_from_run(set_url, saved));
            if let Some(lab) = document().get_element_by_id("school-title") {
                lab.scroll_into_view();
            }
        }
    };
    let discard = move |_| {
        if let Some(saved) = offer.get_untracked() {
            page.act(|state| state.forget_run(saved.run));
        }
    };
    view! {
        <Show when=move || offer.get().is_some()>
            <div class="offer" data-testid="go-on">
                <p>{move || offer.get().map(|saved| {
                    format!("A training of yours was saved: {}.", run_text(&saved))
                })}</p>
                <div class="acts">
                    <button type="button" class="primary" data-testid="go-on-start" on:click=go_on>
                        {move || offer.get().map(|saved| open_text(&saved))}
                    </button>
                    <button type="button" data-testid="go-on-later" on:click=move |_| page.act(AppState::decline_runs)>
                        "Not now"
                    </button>
                    <button type="button" data-testid="go-on-discard" on:click=discard>"Discard it"</button>
                </div>
            </div>
        </Show>
    }
}

/// Renders whether this training is saved, and the list of all stored ones.
#[component]
pub fn Storage() -> impl IntoView {
    let page = use_page();
    let saved = Memo::new(move |_| page.state.with(saved_text));
    let runs = Memo::new(move |_| page.state.with(|s| s.runs().clone()));
    let details = NodeRef::<html::Details>::new();
    let open = move |_| {
        let open = details.get_untracked().is_some_and(|details| details.open());
        page.act(|state| state.show_storage(open));
    };
    // The foot of the page says what is kept.
    Effect::new(move |_| {
        let cleared = runs.with(|runs| runs.known && runs.shard_bytes == 0);
        if let Some(event) = web_sys::Event::new("spectrascape:cleared").ok().filter(|_| cleared) {
            let _ = window().dispatch_event(&event);
        }
    });
    let own = Memo::new(move |_| page.state.with(|s| s.training().run.is_some()));
    view! {
        <p class="sub" data-testid="train-saved" role="status">{move || saved.get()}</p>
        <details class="more" data-testid="storage" node_ref=details on:toggle=open>
            <summary>"What this browser keeps"</summary>
            <Show when=move || runs.get().known>
                <p class="sub" data-testid="storage-words">
                    {move || storage_text(&runs.get(), own.get())}
                </p>
                <ul class="runs">
                    {move || runs.get().list.into_iter().map(|saved| {
                        let (run, again) = (saved.run.clone(), saved.clone());
                        let busy = saved.in_use;
                        view! {
                            <li>
                                <span>{run_text(&saved)}{if busy { " (in use)" } else { "" }}</span>
                                <button type="button" class="quiet" disabled=busy on:click=move |_| {
                                    let set_url = page.set_url();
                                    let saved = again.clone();
                                    page.act(|state| state.train_from_run(set_url, saved));
                                }>"Open"</button>
                                <button type="button" class="quiet" disabled=busy on:click=move |_| {
                                    page.act(|state| state.forget_run(run.clone()));
                                }>"Delete"</button>
                            </li>
                        }
                    }).collect_view()}
                </ul>
                <button type="button" data-testid="storage-clear" on:click=move |_| page.act(AppState::clear_storage)>
                    {move || if own.get() { "Delete all else" } else { "Delete all of it" }}
                </button>
            </Show>
        </details>
    }
}

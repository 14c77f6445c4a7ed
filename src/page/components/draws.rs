//! Latents drawn at random in two ways and decoded, with the number of draws that are like a galaxy.

use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::state::{AppState, DRAWN, DrawnFrom, Engine};
use crate::page::view::draws::{DrawCounts, DrawLabel, draw_counts, draw_label, gallery_order};
use crate::plot::thumbnail_path;

/// Size of a thumbnail, CSS pixels.
const THUMB: (f64, f64) = (84.0, 34.0);

/// Renders the tab.
#[component]
pub fn DrawsPanel() -> impl IntoView {
    let page = use_page();
    Effect::new(move |_| page.act(AppState::open_draws));
    let ready = Memo::new(move |_| {
        page.state.with(|state| {
            matches!(state.engine(), Engine::Ready(_)) && state.card().is_some() && !state.draws_under_way()
        })
    });
    view! {
        <p class="sub">
            "Latents are drawn at random in two ways and decoded: from N(0, 1), where a variational autoencoder is asked to put its \
             galaxies, and from a Gaussian fitted to where this model has put them. A decoded spectrum that differs by less than a \
             tenth of its light (root mean square) from the nearest of 512 spectra of the set is called like a galaxy."
        </p>
        <div class="acts">
            <button type="button" class="primary" data-testid="draw-places" disabled=move || !ready.get()
                on:click=move |_| page.act(AppState::draw_latents)>{format!("Draw {DRAWN} places each way")}</button>
        </div>
        <Counts />
        {DrawnFrom::ALL.map(|from| view! { <Gallery from /> }).collect_view()}
    }
}

/// Renders the results of the newest draw of each model.
#[component]
fn Counts() -> impl IntoView {
    let page = use_page();
    let counts = Memo::new(move |_| page.state.with(|state| draw_counts(state.draws())));
    let line = |DrawCounts { model, alike, negative, round }: DrawCounts| {
        let cells = alike.into_iter().chain(negative).map(|cell| view! { <td class="number">{cell}</td> });
        view! {
            <tr>
                <th scope="row">{model}</th>
                {cells.collect_view()}
                <td class="number">{round}</td>
            </tr>
        }
    };
    view! {
        <Show when=move || !counts.get().is_empty()>
            <table class="counts" data-testid="draws-count" aria-live="polite">
                <thead>
                    <tr>
                        <th scope="col" rowspan="2">"model"</th>
                        <th scope="colgroup" colspan="2">{format!("like a galaxy, of {DRAWN}")}</th>
                        <th scope="colgroup" colspan="2">"with light below zero"</th>
                        <th scope="col" rowspan="2">"round"</th>
                    </tr>
                    <tr>
                        <th scope="col">"N(0, 1)"</th><th scope="col">"its own Gaussian"</th>
                        <th scope="col">"N(0, 1)"</th><th scope="col">"its own Gaussian"</th>
                    </tr>
                </thead>
                <tbody>{move || counts.get().into_iter().map(line).collect_view()}</tbody>
            </table>
        </Show>
    }
}

/// Renders the newest draw of a kind, most like a galaxy first.
#[component]
fn Gallery(from: DrawnFrom) -> impl IntoView {
    let page = use_page();
    let key = Memo::new(move |_| {
        page.state.with(|state| {
            let draw = state.draws().of(state.draws().shown(), from)?;
            Some((draw.model.clone(), draw.round, draw.distances.is_some()))
        })
    });
    let title = move || {
        key.get().map(|(model, ..)| format!("Drawn from {}, decoded by {model}, most like a galaxy first", from.name()))
    };
    let testid = match from {
        DrawnFrom::Prior => "draws",
        DrawnFrom::Fitted => "draws-fitted",
    };
    let pictures = move || {
        key.get()?;
        let draw = page.state.with_untracked(|state| state.draws().of(state.draws().shown(), from).cloned())?;
        let picture = |at: usize| {
            let (latent, path) = (draw.latents[at].clone(), thumbnail_path(&draw.decoded[at], THUMB.0, THUMB.1));
            let DrawLabel { unlike, text, spoken } = draw_label(draw.distances.as_ref().map(|distances| distances[at]));
            let model = draw.model.clone();
            let go = move |_| {
                let latent = latent.clone();
                page.act(|state| state.go_to_drawn(&model, latent));
            };
            view! {
                <li><button type="button" class="thumb" class:unlike=unlike title=spoken.clone() aria-label=spoken on:click=go>
                    <svg viewBox=format!("0 0 {} {}", THUMB.0, THUMB.1) preserveAspectRatio="none" aria-hidden="true"><path d=path></path></svg>
                    <span class="number">{text}</span>
                </button></li>
            }
        };
        Some(gallery_order(&draw).into_iter().map(picture).collect_view())
    };
    view! {
        {move || title().map(|title| view! { <h3>{title}</h3> })}
        <ol class="gallery" data-testid=testid>{pictures}</ol>
    }
}

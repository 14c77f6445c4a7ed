//! Latents drawn from the prior and decoded, with the number of draws that are like a galaxy.

use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::state::{AppState, DRAWN, Draw, Engine};
use crate::page::view::draws::{DrawLabel, draw_label, gallery_order};
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
            "Each latent is drawn from a bell curve with mean 0 and width 1, where a variational autoencoder is asked to put its \
             galaxies, and decoded. A decoded spectrum that differs by less than a tenth of its light (root mean square) from the \
             nearest of 512 spectra of the set is called like a galaxy."
        </p>
        <div class="acts">
            <button type="button" class="primary" data-testid="draw-places" disabled=move || !ready.get()
                on:click=move |_| page.act(AppState::draw_latents)>{format!("Draw {DRAWN} places")}</button>
        </div>
        <Counts />
        <Gallery />
    }
}

/// Renders the results of the newest draw of each model.
#[component]
fn Counts() -> impl IntoView {
    let page = use_page();
    let counts = Memo::new(move |_| {
        let count = |draw: &Draw| (draw.model.clone(), draw.alike(), draw.negative(), draw.round);
        page.state.with(|state| state.draws().newest().iter().map(count).collect::<Vec<_>>())
    });
    let line = |(model, alike, negative, round): (String, Option<usize>, usize, u64)| {
        let alike = alike.map_or("…".to_owned(), |alike| alike.to_string());
        view! {
            <tr>
                <th scope="row">{model}</th>
                <td class="number">{alike}</td>
                <td class="number">{negative}</td>
                <td class="number">{round}</td>
            </tr>
        }
    };
    view! {
        <Show when=move || !counts.get().is_empty()>
            <table class="counts" data-testid="draws-count" aria-live="polite">
                <thead><tr>
                    <th scope="col">"model"</th>
                    <th scope="col">{format!("like a galaxy, of {DRAWN}")}</th>
                    <th scope="col">"with light below zero"</th>
                    <th scope="col">"round"</th>
                </tr></thead>
                <tbody>{move || counts.get().into_iter().map(line).collect_view()}</tbody>
            </table>
        </Show>
    }
}

/// Renders the newest draw, most like a galaxy first.
#[component]
fn Gallery() -> impl IntoView {
    let page = use_page();
    let key = Memo::new(move |_| {
        page.state.with(|state| {
            let draw = state.draws().of(state.draws().shown())?;
            Some((draw.model.clone(), draw.round, draw.distances.is_some()))
        })
    });
    let title = move || key.get().map(|(model, ..)| format!("Decoded by {model}, most like a galaxy first"));
    let pictures = move || {
        key.get()?;
        let draw = page.state.with_untracked(|state| state.draws().of(state.draws().shown()).cloned())?;
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
        <ol class="gallery" data-testid="draws">{pictures}</ol>
    }
}

//! Paths through latent space: the paper's tracks and sweeps, which can be played, paused and stepped through.

use leptos::prelude::*;

use super::scrolling::scroll_near;
use crate::page::context::use_page;
use crate::page::state::{AppState, Path};
use crate::page::view::paths::{PathChoice, is_at, path_label, sweep_choices, thumbnails_fit, track_choices};
use crate::plot::thumbnail_path;

/// Size of a node's thumbnail, CSS pixels.
const THUMB: (f64, f64) = (120.0, 44.0);

/// Renders buttons that open a path, and the open path.
#[component]
pub fn Paths() -> impl IntoView {
    let page = use_page();
    let dims = Memo::new(move |_| page.cloud.get().map_or(0, |cloud| cloud.0.dims));
    let open_key = Memo::new(move |_| page.state.with(|state| state.path().and_then(|path| path.kind.key())));
    let ready = Memo::new(move |_| page.cloud.get().is_some());
    let open = move |key: String| {
        page.act(|state| {
            state.open_and_play(&key);
        });
    };
    let chip = move |PathChoice { key, label, help, testid }| {
        let pressed = key.clone();
        view! {
            <button type="button" class="chip" title=help data-testid=testid disabled=move || !ready.get()
                aria-pressed=move || (open_key.get().as_ref() == Some(&pressed)).to_string()
                on:click=move |_| open(key.clone())>{label}</button>
        }
    };
    let tracks = move || track_choices(dims.get()).into_iter().map(chip).collect_view();
    let sweeps = move || sweep_choices(dims.get()).into_iter().map(chip).collect_view();
    let is_open = Memo::new(move |_| page.state.with(|state| state.path().is_some()));
    view! {
        <div class="paths">
            <div class="path-choice">
                <span class="muted" id="tracks-name">"Tracks"</span>
                <div class="chips" role="group" aria-labelledby="tracks-name">{tracks}</div>
            </div>
            <div class="path-choice">
                <span class="muted" id="sweeps-name">"Sweeps"</span>
                <div class="chips" role="group" aria-labelledby="sweeps-name">{sweeps}</div>
            </div>
            <Show when=move || is_open.get() fallback=|| view! {
                <p class="sub">"Or draw a path of your own over the points, or pin a spectrum and go from it to another."</p>
            }>
                <Player />
            </Show>
        </div>
    }
}

/// Renders the open path: play and pause, the position, and thumbnails of the decoded nodes.
#[component]
fn Player() -> impl IntoView {
    let page = use_page();
    let with_path = move |read: fn(&Path) -> f32| page.state.with(|state| state.path().map_or(0.0, read));
    let title = Memo::new(move |_| page.state.with(|state| state.path().map(|path| path.title.clone())));
    let playing = Memo::new(move |_| page.state.with(|state| state.path().is_some_and(|path| path.playing)));
    let at = Memo::new(move |_| with_path(|path| path.at));
    let last = Memo::new(move |_| with_path(|path| (path.nodes.len() - 1) as f32));
    let label = Memo::new(move |_| page.state.with(|state| state.path().map(path_label)));
    let nodes = Memo::new(move |_| {
        page.state.with(|state| state.path().map(|path| (path.serial, path.decoded.len(), path.labels.clone())))
    });
    let thumbs = move || {
        let (_, _, labels) = nodes.get()?;
        if !thumbnails_fit(labels.len()) {
            return None;
        }
        let decoded = page.state.with_untracked(|state| state.path().map(|path| path.decoded.clone()))?;
        let thumb = move |(index, label): (usize, String)| {
            let shape = decoded.get(index).map(|flux| thumbnail_path(flux, THUMB.0, THUMB.1)).unwrap_or_default();
            view! {
                <li>
                    <button type="button" class="thumb" data-testid=format!("path-node-{}", index + 1)
                        aria-current=move || is_at(at.get(), index).then_some("true")
                        on:click=move |_| page.act(|state| state.step_to(index as f32))>
                        <svg viewBox=format!("0 0 {} {}", THUMB.0, THUMB.1) preserveAspectRatio="none" aria-hidden="true"><path d=shape></path></svg>
                        <span>{label}</span>
                    </button>
                </li>
            }
        };
        Some(labels.into_iter().enumerate().map(thumb).collect_view())
    };
    // Only what the reader has just opened: a link's path moves nothing.
    let player = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        let wanted = page.state.with_untracked(|state| state.was_clicked() && !state.lessons_are_open());
        if let Some(player) = player.get().filter(|_| wanted) {
            scroll_near(&player, page);
        }
    });
    view! {
        <div class="player" data-testid="player" node_ref=player>
            <div class="player-head">
                <p>{move || title.get()}</p>
                <button type="button" class="mini" aria-label="Close the path" on:click=move |_| page.act(AppState::close_path)>"×"</button>
            </div>
            <div class="player-row">
                <button type="button" class="icon" data-testid="path-play" aria-label=move || if playing.get() { "Pause" } else { "Play" }
                    on:click=move |_| page.act(|state| state.play_path(!playing.get_untracked()))>
                    <svg viewBox="0 0 16 16" aria-hidden="true">
                        <path class="solid" d=move || if playing.get() { "M4 3h3v10H4zM9 3h3v10H9z" } else { "M4 2.5 13 8l-9 5.5z" }></path>
                    </svg>
                </button>
                <input type="range" min="0" max=move || last.get() step="any" aria-label="Position on the path" data-testid="path-at"
                    aria-valuetext=move || label.get() prop:value=move || at.get().to_string()
                    on:input=move |event| if let Ok(at) = event_target_value(&event).parse() {
                        page.act(|state| state.step_to(at));
                    } />
                <output class="number">{move || label.get()}</output>
            </div>
            <ol class="thumbs">{thumbs}</ol>
        </div>
    }
}

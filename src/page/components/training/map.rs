//! Small maps of the latents of a training.

use leptos::html;
use leptos::prelude::*;

use crate::page::canvas::{follow_size, paint, redraw_on};
use crate::page::context::use_page;
use crate::page::view::training::map::{draw_map, embedding_of, map_title};

/// Renders the map of the newest epoch.
#[component]
pub fn Newest() -> impl IntoView {
    let page = use_page();
    // A model with one latent has no second axis.
    let some =
        Memo::new(move |_| page.state.with(|s| s.training.seen.as_ref().is_some_and(|seen| seen.cloud.dims > 1)));
    view! {
        <Show when=move || some.get()>
            <Miniature at=Signal::derive(|| None) testid="newest-map" />
        </Show>
    }
}

/// Renders the map of a kept training, or of the newest: VAE 1 along x, VAE 2 along y.
#[component]
pub fn Miniature(at: Signal<Option<usize>>, testid: &'static str) -> impl IntoView {
    let page = use_page();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = follow_size(canvas);
    let key = Memo::new(move |_| {
        let serial = page.state.with(|s| embedding_of(s, at.get()).map_or(0, |cloud| cloud.serial));
        (serial, size.get(), page.dark.get())
    });
    redraw_on(key, move || {
        let Some(canvas) = canvas.get_untracked() else { return };
        let (size, theme) = (size.get_untracked(), page.theme());
        let cloud = page.state.with_untracked(|s| embedding_of(s, at.get_untracked()).cloned());
        paint(
            &canvas,
            size,
            |_| (),
            |pen| {
                if let Some(cloud) = &cloud {
                    let _ = draw_map(pen, cloud, &theme, size.width, size.height);
                }
            },
        );
    });
    let name = Memo::new(move |_| page.state.with(|s| map_title(s, at.get())));
    view! {
        <figure>
            <figcaption>{move || name.get()}</figcaption>
            <div class="plot mini-plot">
                <canvas node_ref=canvas role="img" data-testid=testid
                    aria-label=move || format!("{}: VAE 1 along x, VAE 2 along y, by class.", name.get())></canvas>
            </div>
        </figure>
    }
}

//! Five spectra and their reconstructions after every epoch, by the model and by PCA with as many components.

use leptos::prelude::*;

use crate::page::components::chart_plot::ChartPlot;
use crate::page::context::use_page;
use crate::page::view::training::watched::{watched_caption, watched_chart, watched_revision, watched_text};
use crate::plot::Theme;

/// Renders the five spectra.
#[component]
pub fn Watched() -> impl IntoView {
    let page = use_page();
    let rows = Memo::new(move |_| page.state.with(|s| s.training.watch.clone()));
    let some = Memo::new(move |_| page.state.with(|s| s.training.seen.is_some()));
    let key = Signal::derive(move || page.state.with(watched_revision));
    view! {
        <Show when=move || some.get()>
            <h3>"The same five spectra, after every epoch"</h3>
            <p class="sub">"Grey: the spectrum. Colour: what your model makes of it. Dashes: what PCA makes of it with as many numbers."</p>
            <div class="watched">
                {move || rows.get().into_iter().enumerate().map(|(at, row)| {
                    let label = Signal::derive(move || page.state.with(|s| watched_text(s, at, row)));
                    let chart = move |theme: &Theme| page.state.with_untracked(|s| watched_chart(s, at, row, theme));
                    view! {
                        <figure>
                            <figcaption>{move || page.state.with(|s| watched_caption(s, at, row))}</figcaption>
                            <ChartPlot what="watched" testid="watched" class="watched-plot" label follows=key chart />
                        </figure>
                    }
                }).collect_view()}
            </div>
        </Show>
    }
}

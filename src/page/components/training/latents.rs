//! The information in each latent.

use leptos::prelude::*;

use crate::page::components::chart_plot::ChartPlot;
use crate::page::context::use_page;
use crate::page::view::training::latents::{latents_chart, latents_text};
use crate::plot::Theme;

/// Renders one or two bars per latent.
#[component]
pub fn Latents() -> impl IntoView {
    let page = use_page();
    let serial = Memo::new(move |_| page.state.with(|s| s.training.seen.as_ref().map_or(0, |seen| seen.serial)));
    let label = Signal::derive(move || page.state.with(|s| latents_text(&s.training)));
    let chart = move |theme: &Theme| page.state.with_untracked(|s| latents_chart(&s.training, theme));
    view! {
        <Show when=move || serial.get() != 0>
            <h3>"Which latents carry information"</h3>
            <ChartPlot what="latent-information" testid="latent-information" class="bars-plot" label
                follows=Signal::derive(move || u64::from(serial.get())) chart />
            <p class="sub" data-testid="latent-words">{move || label.get()}</p>
        </Show>
    }
}

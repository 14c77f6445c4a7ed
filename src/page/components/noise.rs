//! Noise added to the selected spectrum: the latents of each draw, and their scatter against the encoder's uncertainty (figure
//! 17).

use leptos::prelude::*;

use super::chart_plot::ChartPlot;
use crate::page::context::use_page;
use crate::page::state::AppState;
use crate::page::view::noise::{level_at, noise_chart, noise_text, position_of};

/// Renders the slider, its result, and figure 17.
#[component]
pub fn NoisePanel() -> impl IntoView {
    let page = use_page();
    let has_pixels = Memo::new(move |_| page.state.with(|state| state.selection().is_some_and(|s| s.pixels.is_some())));
    let position = RwSignal::new(0.5f32);
    let level = move || level_at(position.get());
    let noise = Memo::new(move |_| page.state.with(|state| state.noise().cloned()));
    let summary = Memo::new(move |_| noise.with(|noise| noise.as_ref().map(noise_text)));
    let under_way = Memo::new(move |_| page.state.with(AppState::noise_curve_under_way));
    let curve = Memo::new(move |_| {
        noise
            .with(|noise| noise.as_ref().and_then(|noise| noise.curve.clone()))
            .map(|ratios| (ratios.snr.to_vec(), ratios.variance_ratio.to_vec()))
    });
    let variational = Memo::new(move |_| page.state.with(AppState::has_latent_variance));
    let add = move || page.act(|state| state.add_noise(level_at(position.get_untracked())));
    // A lesson adds noise too, so the slider follows the newest noise, except while it is being dragged.
    let newest = Memo::new(move |_| noise.with(|noise| noise.as_ref().map(|noise| noise.snr).filter(|snr| *snr > 0.0)));
    Effect::new(move || {
        if let Some(snr) = newest.get()
            && (level_at(position.get_untracked()) - snr).abs() > 1e-3 * snr
        {
            position.set(position_of(snr));
        }
    });
    view! {
        <p class="sub">
            "White noise on the selected spectrum. Each draw lands elsewhere: were the encoder right about its uncertainty, the draws would \
             scatter as its latent variance says. The paper finds that they scatter more (its figure 17)."
        </p>
        <label class="dial">
            <span class="slider-name">"signal-to-noise a pixel of the grid"</span>
            <input type="range" min="0" max="1" step="any" data-testid="noise-slider" disabled=move || !has_pixels.get()
                aria-valuetext=move || format!("{:.1}", level()) prop:value=move || position.get().to_string()
                on:input=move |event| if let Ok(value) = event_target_value(&event).parse() {
                    position.set(value);
                    add();
                } />
            <output class="number">{move || format!("{:.1}", level())}</output>
        </label>
        <div class="acts">
            <button type="button" data-testid="noise-again" disabled=move || !has_pixels.get() on:click=move |_| add()>"Draw again"</button>
            <button type="button" class="quiet" data-testid="noise-off" disabled=move || noise.with(Option::is_none)
                on:click=move |_| page.act(AppState::return_to_selection)>"Without noise"</button>
            <button type="button" class="quiet" data-testid="noise-curve" disabled=move || !has_pixels.get() || under_way.get() || !variational.get()
                on:click=move |_| page.act(AppState::ask_noise_curve)>
                {move || if under_way.get() { "Computing figure 17…" } else { "All levels (figure 17)" }}
            </button>
        </div>
        <p class="sub" data-testid="noise-summary" aria-live="polite">{move || summary.get()}</p>
        {move || curve.get().map(|(snr, ratio)| view! {
            <ChartPlot what="noise" testid="noise-plot" class="noise-plot" chart=move |theme| noise_chart(&snr, &ratio, theme)
                label="Variance of the latent means over the latent variance, against signal-to-noise, a curve a latent".to_owned() />
        })}
    }
}

//! The sliders, one per latent, over the range of the data and with its density behind them.

use leptos::prelude::*;

use super::paths::Paths;
use crate::page::context::use_page;
use crate::page::permalink::rounded;
use crate::page::view::sliders::{DENSITY_BINS, density_path, extrapolation_text};
use crate::page::view::text::minus;

/// Renders the sliders.
#[component]
pub fn Sliders() -> impl IntoView {
    let page = use_page();
    let dims = Memo::new(move |_| page.state.with(|state| state.latent().len()));
    view! {
        <div class="card-head">
            <div>
                <h2 id="dials-title">"Latents"</h2>
                <p class="sub">"Move through latent space: the decoded spectrum follows."</p>
            </div>
            <Extrapolation />
        </div>
        <div class="sliders">
            {move || (0..dims.get().max(1)).map(|index| view! { <Slider index /> }).collect_view()}
        </div>
        <Paths />
    }
}

/// Renders a warning where the latents of the sliders are far from every spectrum of the set.
#[component]
fn Extrapolation() -> impl IntoView {
    let page = use_page();
    let far = Memo::new(move |_| {
        let neighbourhood = page.neighbourhood.get()?.0;
        page.state.with(|state| extrapolation_text(state, &neighbourhood))
    });
    view! {
        <p class="warning" class:shown=move || far.get().is_some() role="status" data-testid="extrapolating">
            {move || far.get()}
        </p>
    }
}

#[component]
fn Slider(index: usize) -> impl IntoView {
    let page = use_page();
    let value = Memo::new(move |_| page.state.with(|s| s.latent().get(index).copied().unwrap_or(0.0)));
    let shape = Memo::new(move |_| {
        let cloud = page.cloud.get()?.0;
        (index < cloud.dims).then(|| (cloud.slider_range(index), density_path(&cloud, index)))
    });
    // A spectrum far out extends its sliders, so that the knob is at the spectrum.
    let range = Memo::new(move |_| {
        let (low, high) = shape.get().map_or((-1.0, 1.0), |(range, _)| range);
        (low.min(value.get()), high.max(value.get()))
    });
    let name = format!("Latent {}", index + 1);
    let testid = format!("latent-slider-{}", index + 1);
    let input = move |event| {
        if let Ok(value) = event_target_value(&event).parse::<f32>() {
            page.act(|state| state.set_latent(index, value));
        }
    };
    view! {
        <label class="slider">
            <span class="slider-name">{name}</span>
            <span class="slider-track">
                <svg viewBox=format!("0 0 {DENSITY_BINS} 10") preserveAspectRatio="none" aria-hidden="true">
                    <path d=move || shape.get().map(|(_, path)| path).unwrap_or_default()></path>
                </svg>
                <input
                    type="range" data-testid=testid step="any"
                    min=move || range.get().0 max=move || range.get().1
                    prop:value=move || { range.with(|_| ()); value.get().to_string() }
                    disabled=move || shape.get().is_none()
                    on:input=input
                />
            </span>
            <output class="number">{move || minus(&format!("{:.2}", rounded(value.get())))}</output>
        </label>
    }
}

//! A slider a latent, over the range of the data, with the data's density behind it.

use leptos::prelude::*;

use super::paths::Paths;
use crate::page::context::use_page;
use crate::page::permalink::rounded;

/// Bars of the density behind a slider.
const BINS: usize = 48;

/// The sliders.
#[component]
pub fn Sliders() -> impl IntoView {
    let page = use_page();
    let dims = Memo::new(move |_| page.state.with(|state| state.latent.len()));
    view! {
        <div class="card-head">
            <div>
                <h2 id="dials-title">"Latents"</h2>
                <p class="sub">"Move through latent space: the decoded spectrum follows."</p>
            </div>
            <Loneliness />
        </div>
        <div class="sliders">
            {move || (0..dims.get().max(1)).map(|index| view! { <Slider index /> }).collect_view()}
        </div>
        <Paths />
    }
}

/// Whether the place of the sliders is one that the model has seen the like of.
#[component]
fn Loneliness() -> impl IntoView {
    let page = use_page();
    let far = Memo::new(move |_| {
        let surroundings = page.surroundings.get()?.0;
        let place = page.state.with(|state| {
            state.cloud.as_ref().filter(|cloud| cloud.serial == surroundings.serial).map(|_| state.latent.clone())
        })?;
        surroundings.familiarity(&place).filter(|familiarity| familiarity.is_extrapolating())
    });
    view! {
        <p class="warning" class:shown=move || far.get().is_some() role="status" data-testid="extrapolating">
            {move || far.get().map(|familiarity| {
                if familiarity.percentile >= 99.95 {
                    return "Extrapolating: hardly a spectrum of the set lies as far from its neighbours as this place does. \
                            What is decoded here is a guess."
                        .to_owned();
                }
                format!(
                    "Extrapolating: only {:.1} % of the set's spectra lie as far from their neighbours as this place does. \
                     What is decoded here is a guess.",
                    (100.0 - familiarity.percentile).max(0.0)
                )
            })}
        </p>
    }
}

#[component]
fn Slider(index: usize) -> impl IntoView {
    let page = use_page();
    let value = Memo::new(move |_| page.state.with(|s| s.latent.get(index).copied().unwrap_or(0.0)));
    let shape = Memo::new(move |_| {
        let cloud = page.cloud.get()?.0;
        let range = (index < cloud.dims).then(|| cloud.slider_range(index))?;
        let values = cloud.mean.iter().skip(index).step_by(cloud.dims).copied();
        Some((range, density(values, range)))
    });
    // A spectrum far out stretches its sliders, so that the knob is where the spectrum is.
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
                <svg viewBox=format!("0 0 {BINS} 10") preserveAspectRatio="none" aria-hidden="true">
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
            <output class="number">{move || format!("{:.2}", rounded(value.get())).replace('-', "−")}</output>
        </label>
    }
}

/// The outline of a histogram as an SVG path, 10 high; square roots, so that the wings show.
fn density(values: impl Iterator<Item = f32>, (low, high): (f32, f32)) -> String {
    let mut bins = [0f32; BINS];
    for value in values {
        let bin = (value - low) / (high - low) * BINS as f32;
        if bin >= 0.0 && bin < BINS as f32 {
            bins[bin as usize] += 1.0;
        }
    }
    let most = bins.iter().copied().fold(1f32, f32::max).sqrt();
    let mut path = "M0,10".to_owned();
    for (bin, count) in bins.iter().enumerate() {
        path.push_str(&format!("L{:.1},{:.2}", bin as f32 + 0.5, 10.0 - 9.0 * count.sqrt() / most));
    }
    path + &format!("L{BINS},10Z")
}

//! The engine that trains, the reason for it, and the choice of another.

use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::state::TrainerKind;
use crate::vae::backend::wgsl::Probe;

/// Renders the choice.
#[component]
pub fn EngineChoice() -> impl IntoView {
    let page = use_page();
    let kind = Memo::new(move |_| page.state.with(|s| s.trainer.kind));
    let why = Memo::new(move |_| page.state.with(|s| s.trainer.why.clone()));
    let gpu = Memo::new(move |_| page.state.with(|s| s.trainer.gpu.as_ref().is_some_and(|gpu| gpu.available)));
    let facts = Memo::new(move |_| page.state.with(|s| s.trainer.gpu.as_ref().map(Probe::facts).unwrap_or_default()));
    let choose = move |event| {
        let kind = if event_target_value(&event) == "gpu" { TrainerKind::Gpu } else { TrainerKind::Cpu };
        page.act(|state| state.use_trainer(kind));
    };
    view! {
        <div class="engine-choice">
            <label class="field">
                <span>"computes on"</span>
                <select data-testid="train-engine" on:change=choose>
                    <option value="cpu" selected=move || kind.get() == TrainerKind::Cpu>"CPU"</option>
                    <option value="gpu" disabled=move || !gpu.get() selected=move || kind.get() == TrainerKind::Gpu>"GPU (WebGPU)"</option>
                </select>
            </label>
            <p class="sub" data-testid="train-engine-why">{move || why.get()}</p>
            <details class="more" data-testid="train-gpu">
                <summary>"What the browser says of its GPU"</summary>
                <dl class="facts">{move || facts.get().into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view()}</dl>
            </details>
        </div>
    }
}

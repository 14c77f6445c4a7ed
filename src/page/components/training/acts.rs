//! The buttons that run, pause and step a training, its progress and its losses.

use leptos::prelude::*;

use super::number::FormErrors;
use crate::page::context::use_page;
use crate::page::state::AppState;
use crate::page::view::text::thousands;
use crate::page::view::training::reproduced::{Comparison, reproduced};
use crate::page::view::training::{loss_text, newest_text, or_dash};
use crate::protocol::TrainingState;

/// Renders the buttons.
#[component]
pub fn Acts(ready: Memo<bool>) -> impl IntoView {
    let page = use_page();
    let state = Memo::new(move |_| page.state.with(|s| s.training().state));
    let busy = Memo::new(move |_| page.state.with(|s| s.training().is_busy()));
    let paused = Memo::new(move |_| state.get() == Some(TrainingState::Paused));
    let on = Memo::new(move |_| page.state.with(|s| s.training().is_on()));
    let coming_back = Memo::new(move |_| page.state.with(AppState::is_coming_back));
    let problem = Memo::new(move |_| page.state.with(|s| s.training().problem.clone()));
    let errors = expect_context::<FormErrors>();
    let start = move |_| {
        let set_url = page.set_url();
        page.act(|state| state.train(set_url));
    };
    let label = move || match state.get() {
        Some(TrainingState::Finished) => "Train again",
        _ => "Train",
    };
    view! {
        <div class="acts">
            <button type="button" class="primary" data-testid="train-start"
                disabled=move || !ready.get() || busy.get() || paused.get() || coming_back.get() || errors.any() on:click=start>{label}</button>
            <button type="button" data-testid="train-pause" disabled=move || !(busy.get() || paused.get())
                on:click=move |_| page.act(AppState::train_pause)>
                {move || if paused.get() { "Resume" } else { "Pause" }}
            </button>
            <button type="button" data-testid="train-batch" disabled=move || !paused.get()
                on:click=move |_| page.act(AppState::train_batch)>"One batch"</button>
            <button type="button" data-testid="train-step" disabled=move || !paused.get()
                on:click=move |_| page.act(AppState::train_step)>"One epoch"</button>
            <button type="button" data-testid="train-stop" disabled=move || !on.get()
                on:click=move |_| page.act(AppState::train_stop)>"Back to the shipped model"</button>
        </div>
        <Show when=move || errors.any()>
            <p class="sub problem" data-testid="train-wrong">{move || format!("Not to be trained: {}", errors.all().join(" "))}</p>
        </Show>
        <Show when=move || problem.get().is_some()>
            <div class="notice" role="alert" data-testid="error"><p>{move || problem.get()}</p></div>
        </Show>
    }
}

/// Renders whether the weights at the end are those that the link promises.
#[component]
pub fn Reproduced() -> impl IntoView {
    let page = use_page();
    let reproduced = Memo::new(move |_| page.state.with(reproduced));
    let text = move || {
        reproduced.get().map(|(outcome, text)| {
            let class = match outcome {
                Comparison::Open => "sub",
                Comparison::Same => "sub ok",
                Comparison::Different => "sub problem",
            };
            view! { <p class=class data-testid="reproduced">{text}</p> }
        })
    };
    view! { <div role="status">{text}</div> }
}

/// Renders the progress of the epoch, or of loading.
#[component]
pub fn Bar() -> impl IntoView {
    let page = use_page();
    let progress = Memo::new(move |_| page.state.with(|s| s.training().progress.clone()));
    let newest = Memo::new(move |_| page.state.with(newest_text));
    view! {
        <div class="progress" class:idle=move || progress.get().is_none() && newest.get().is_none()>
            {move || progress.get().map(|p| {
                let count = |n: u64| thousands(n as usize);
                view! {
                    <progress data-testid="train-progress" max=p.total.max(1).to_string() value=p.done.to_string()
                        aria-label=p.what.clone()></progress>
                    <span class="number">{format!("{}: {} of {} {}", p.what, count(p.done), count(p.total), p.unit)}</span>
                }
            })}
            {move || newest.get().map(|text| view! { <span class="number" data-testid="train-newest">{text}</span> })}
        </div>
    }
}

/// Renders the losses of the newest epoch.
#[component]
pub fn Numbers() -> impl IntoView {
    let page = use_page();
    let last = Memo::new(move |_| page.state.with(|s| s.training().history.last().copied()));
    let best = Memo::new(move |_| page.state.with(|s| s.training().best));
    let pace = Memo::new(move |_| page.state.with(|s| s.training().ms_per_step));
    view! {
        <dl class="numbers">
            <div><dt>"epoch"</dt><dd data-testid="epoch">{move || or_dash(last.get().map(|e| e.epoch.to_string()))}</dd></div>
            <div>
                <dt>"train loss"</dt>
                <dd data-testid="loss-train">{move || or_dash(last.get().map(|e| loss_text(e.train.total)))}</dd>
            </div>
            <div>
                <dt>"validation loss"</dt>
                <dd data-testid="loss-valid">{move || or_dash(last.get().map(|e| loss_text(e.valid.total)))}</dd>
            </div>
            <div><dt>"best epoch"</dt><dd data-testid="best-epoch">{move || or_dash(best.get().map(|epoch| epoch.to_string()))}</dd></div>
            <div>
                <dt>"ms a batch"</dt>
                <dd data-testid="ms-per-step">{move || or_dash(pace.get().map(|ms| format!("{ms:.1}")))}</dd>
            </div>
        </dl>
    }
}

//! The training lab: what is to be trained, what comes of it, and how two trainings compare.

mod acts;
mod compare;
mod curves;
mod engine;
mod files;
mod form;
mod latents;
mod map;
mod number;
mod storage;
mod watched;

use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::state::{AppState, Engine};
use crate::protocol::TrainingState;
use acts::{Acts, Bar, Numbers};
use compare::Compare;
use curves::{Curve, Terms};
use engine::EngineChoice;
use files::Files;
pub use files::open_model;
use form::Form;
use latents::Latents;
use map::Newest;
use number::FormErrors;
use storage::{GoOn, Storage};
use watched::Watched;

/// The lab.
#[component]
pub fn Lab() -> impl IntoView {
    let page = use_page();
    let state = Memo::new(move |_| page.state.with(|s| s.training.state));
    provide_context(FormErrors::new());
    let coming_back = Memo::new(move |_| page.state.with(AppState::is_coming_back));
    let starting = Memo::new(move |_| page.state.with(|s| matches!(s.trainer.engine, Some(Engine::Starting))));
    let opened = Memo::new(move |_| page.state.with(|s| s.training.opened));
    let best = Memo::new(move |_| page.state.with(|s| s.training.best));
    let ready = Memo::new(move |_| page.state.with(|s| matches!(s.engine, Engine::Ready(_)) && s.card.is_some()));
    view! {
        <div class="card-head">
            <div>
                <h2 id="school-title">"Train it yourself"</h2>
                <p class="sub">"The same model from scratch, in this browser. The map of latents moves with every epoch."</p>
            </div>
            <div class="school-state">
                <EngineChoice />
                <p class="state" aria-live="polite">{move || match state.get() {
                    None | Some(TrainingState::Idle) if coming_back.get() => "going on with your training…".to_owned(),
                    Some(TrainingState::Loading) if starting.get() => "starting the engine".to_owned(),
                    Some(TrainingState::Paused) if opened.get() => "weights opened, not trained yet".to_owned(),
                    state => words(state, ready.get(), best.get()),
                }}</p>
            </div>
        </div>
        <GoOn />
        <div class="school-body">
            <div class="school-left">
                <Form />
                <Acts ready />
                <Bar />
                <Numbers />
                <Files />
                <Storage />
            </div>
            <div class="school-right">
                <Curve />
                <Newest />
                <Terms />
                <Latents />
            </div>
        </div>
        <Watched />
        <Compare />
    }
}

fn words(state: Option<TrainingState>, ready: bool, best: Option<usize>) -> String {
    let words = match state {
        None | Some(TrainingState::Idle) if !ready => "waiting for the engine",
        None | Some(TrainingState::Idle) => "the shipped model is in use",
        Some(TrainingState::Loading) => "loading spectra",
        Some(TrainingState::Running) => "training",
        Some(TrainingState::Paused) => "paused",
        Some(TrainingState::Finished) => {
            return format!("finished: your model of epoch {} is in use", best.unwrap_or_default());
        }
    };
    words.to_owned()
}

/// A loss with as many digits as tell something.
fn loss(value: f64) -> String {
    match value.abs() {
        size if size >= 1000.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}

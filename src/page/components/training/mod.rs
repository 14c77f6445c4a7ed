//! The training lab: the form, the training in progress, and the comparison of two trainings.

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
use crate::page::state::Engine;
use crate::page::view::training::{engine_text, state_text};
use acts::{Acts, Bar, Numbers, Reproduced};
use compare::Compare;
use curves::{Curve, Terms};
use engine::EngineChoice;
use files::Files;
pub use files::open_model;
use form::Form;
use latents::Latents;
use map::Newest;
use number::FormErrors;
pub use storage::GoOn;
use storage::Storage;
use watched::Watched;

/// Renders the lab.
#[component]
pub fn TrainingPanel() -> impl IntoView {
    let page = use_page();
    provide_context(FormErrors::new());
    let text = Memo::new(move |_| page.state.with(state_text));
    let engine = Memo::new(move |_| page.state.with(engine_text));
    let ready = Memo::new(move |_| {
        page.state.with(|s| {
            let works = matches!(s.engine(), Engine::Ready(_)) && s.card().is_some();
            works && s.manifest().is_some()
        })
    });
    view! {
        <div class="card-head">
            <div>
                <h2 id="school-title">"Train it yourself"</h2>
                <p class="sub">"The same model from scratch, in this browser. The map of latents moves with every epoch."</p>
                <p class="sub">"Spectra are decoded by: "<span data-testid="engine">{move || engine.get()}</span></p>
            </div>
            <div class="school-state">
                <EngineChoice />
                <p class="state" aria-live="polite">{move || text.get()}</p>
            </div>
        </div>
        <div class="school-body">
            <div class="school-left">
                <Form />
                <Acts ready />
                <Bar />
                <Numbers />
                <Reproduced />
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

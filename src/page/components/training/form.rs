//! The form: the settings of the next training.

use leptos::prelude::*;

use super::number::{Beta, FormErrors, Number};
use crate::page::context::{Page, use_page};
use crate::page::state::AppState;
use crate::page::training_form::Kind;
use crate::page::variant_form::{
    predicts, predicts_class, toggle_class_prediction, toggle_prediction, toggle_weights_as_input,
};
use crate::page::view::text::titled;
use crate::page::view::training::form::{
    PRESETS, SLOPES, predictable_columns, preset_of, size_text, toggle_class, with_latents, with_preset,
};
use crate::protocol::TrainingState;
use crate::spectrum::Class;
use crate::vae::config::EncoderInput;
use crate::vae::parameters::is_plain;

/// Renders the form.
#[component]
pub fn Form() -> impl IntoView {
    let page = use_page();
    let errors = expect_context::<FormErrors>();
    // A training in progress keeps its settings; after its end another one can be set up.
    let on = Memo::new(move |_| {
        page.state.with(|s| s.training().is_on() && s.training().state != Some(TrainingState::Finished))
    });
    Effect::new(move |_| {
        // The form shows the settings of the training on screen.
        if on.get() {
            errors.clear();
        }
    });
    let plan = Memo::new(move |_| page.state.with(|s| s.plan().clone()));
    let choose = move |event| {
        if let Some((_, preset)) = event_target_value(&event).parse().ok().and_then(|at: usize| PRESETS.get(at)) {
            errors.clear();
            page.act(|state| state.edit_plan(|plan| *plan = with_preset(plan, *preset)));
        }
    };
    let preset = Memo::new(move |_| plan.with(preset_of));
    let kind = Memo::new(move |_| Kind::of(&plan.get()));
    view! {
        <fieldset class="plan" disabled=move || on.get()>
            <legend class="unseen">"What to train"</legend>
            <div class="settings">
                <label class="field">
                    <span>"start from"</span>
                    <select data-testid="train-preset" on:change=choose>
                        <option value="" selected=move || preset.get().is_none()>"my own settings"</option>
                        {PRESETS.iter().enumerate().map(|(at, (name, _))| view! {
                            <option value=at.to_string() selected=move || preset.get() == Some(at)>{*name}</option>
                        }).collect_view()}
                    </select>
                </label>
                <label class="field">
                    <span>"latents"</span>
                    <select
                        data-testid="train-latents"
                        on:change=move |event| {
                            let latents = event_target_value(&event).parse().unwrap_or(6);
                            errors.clear();
                            page.act(|state| state.edit_plan(|plan| *plan = with_latents(plan, latents)));
                        }
                    >
                        {(1..=16usize).map(|count| view! {
                            <option value=count.to_string() selected=move || plan.get().latents == count>{count}</option>
                        }).collect_view()}
                    </select>
                </label>
                <Number key="seed" testid="train-seed" />
                <Number key="epochs" testid="train-epochs" />
            </div>
            <details class="more" data-testid="train-more">
                <summary>"All settings"</summary>
                <div class="settings">
                    <label class="field">
                        <span>"model"</span>
                        <select
                            data-testid="train-kind"
                            on:change=move |event| {
                                let key = event_target_value(&event);
                                if let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.key() == key) {
                                    errors.clear();
                                    page.act(|state| state.edit_plan(|plan| kind.set(plan)));
                                }
                            }
                        >
                            {Kind::ALL.into_iter().map(|one| view! {
                                <option value=one.key() selected=move || kind.get() == one>{one.name()}</option>
                            }).collect_view()}
                        </select>
                    </label>
                    <Number key="hidden1" testid="train-hidden1" />
                    <Number key="hidden2" testid="train-hidden2" />
                    <label class="field">
                        <span>"activation"</span>
                        <select
                            data-testid="train-slope"
                            on:change=move |event| {
                                let slope = event_target_value(&event).parse().unwrap_or(0.0);
                                page.act(|state| state.edit_plan(|plan| plan.negative_slope = slope));
                            }
                        >
                            {SLOPES.into_iter().map(|(slope, name)| view! {
                                <option value=slope.to_string() selected=move || plan.get().negative_slope == slope>{name}</option>
                            }).collect_view()}
                        </select>
                    </label>
                    <Show when=move || kind.get() == Kind::Vae>
                        <Number key="alpha" testid="train-alpha" />
                        <Number key="lambda" testid="train-lambda" />
                    </Show>
                    <Show when=move || kind.get() == Kind::BetaVae><Beta /></Show>
                    <Number key="batch" testid="train-batch-size" />
                    <Number key="rate" testid="train-rate" />
                    <Number key="spectra" testid="train-spectra" />
                    <Number key="noise" testid="train-noise" />
                </div>
                <Classes />
                <Inputs />
            </details>
            <Predictions />
            <p class="sub" data-testid="train-size">{move || size_text(&plan.get())}</p>
        </fieldset>
    }
}

/// Renders the classes to train on.
#[component]
fn Classes() -> impl IntoView {
    let page = use_page();
    let chosen = Memo::new(move |_| page.state.with(|s| s.plan().classes.clone()));
    let toggle = move |code: u8| {
        page.act(|state| state.edit_plan(|plan| toggle_class(plan, code)));
    };
    view! {
        <div class="settings" role="group" aria-label="Classes to train on">
            <span class="field">"classes"</span>
            {Class::ALL.into_iter().map(|class| {
                let code = class.code() as u8;
                view! {
                    <label class="choice">
                        <input type="checkbox" data-testid=format!("train-class-{code}")
                            prop:checked=move || chosen.with(|c| c.is_empty() || c.contains(&code))
                            disabled=move || chosen.with(|c| *c == [code]) title=move || {
                                chosen.with(|c| *c == [code]).then_some("There must be at least one class")
                            }
                            on:change=move |_| toggle(code) />
                        {class.name()}
                    </label>
                }
            }).collect_view()}
        </div>
    }
}

/// Renders what enters the encoder.
#[component]
fn Inputs() -> impl IntoView {
    let page = use_page();
    let weights = Memo::new(move |_| page.state.with(|s| s.plan().input == EncoderInput::FluxAndWeight));
    view! {
        <div class="settings" role="group" aria-label="What enters the encoder">
            <span class="field">"input"</span>
            <label class="choice" title="Tells the encoder which pixels to trust; the paper wishes for it in its section 4">
                <input type="checkbox" data-testid="train-input-weights" prop:checked=move || weights.get()
                    on:change=move |_| page.act(|state| state.edit_plan(toggle_weights_as_input)) />
                "also the weight of every pixel"
            </label>
        </div>
    }
}

/// Renders what is predicted from the latents.
#[component]
fn Predictions() -> impl IntoView {
    let page = use_page();
    let plan = Memo::new(move |_| page.state.with(|s| s.plan().clone()));
    let columns = Memo::new(move |_| {
        page.state.with(|s| {
            let manifest = s.manifest()?;
            Some(
                predictable_columns(manifest)
                    .map(|column| (column.name.clone(), titled(&column.label)))
                    .collect::<Vec<_>>(),
            )
        })
    });
    let has_head = Memo::new(move |_| plan.with(|plan| plan.head.is_some()));
    let is_plain = Memo::new(move |_| plan.with(is_plain));
    view! {
        <details class="more" data-testid="train-predict" open=move || has_head.get_untracked()>
            <summary>"Also predict from the latents"</summary>
            <div class="settings" role="group" aria-label="What is predicted from the latents">
                <label class="choice">
                    <input type="checkbox" data-testid="train-predict-class" prop:checked=move || plan.with(predicts_class)
                        on:change=move |_| page.act(|state| state.edit_plan(toggle_class_prediction)) />
                    "Class"
                </label>
                {move || columns.get().unwrap_or_default().into_iter().map(|(name, label)| {
                    let (shown, toggled) = (name.clone(), name.clone());
                    view! {
                        <label class="choice">
                            <input type="checkbox" data-testid=format!("train-predict-{name}")
                                prop:checked=move || plan.with(|plan| predicts(plan, &shown))
                                on:change=move |_| page.act(|state| state.edit_plan(|plan| toggle_prediction(plan, &toggled))) />
                            {label}
                        </label>
                    }
                }).collect_view()}
            </div>
            <Show when=move || has_head.get()>
                <div class="settings">
                    <Number key="headweight" testid="train-head-weight" />
                    <Number key="labelled" testid="train-labelled" />
                </div>
            </Show>
        </details>
        <Show when=move || !is_plain.get()>
            <p class="sub" data-testid="train-variant-note">
                "Not the paper’s model: its section 4 wishes for it. Trains on the CPU, two to three times as slowly."
            </p>
        </Show>
    }
}

/// Returns the address that holds the plan and starts it.
pub fn run_link(page: Page) -> String {
    let link = page.state.with_untracked(AppState::run_permalink);
    format!("{}#{link}", page.base())
}

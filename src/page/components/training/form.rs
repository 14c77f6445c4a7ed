//! The form: what the next training is to be.

use leptos::prelude::*;

use super::number::{Beta, FormErrors, Number};
use crate::page::context::{Page, use_page};
use crate::page::training_form::{self, Kind};
use crate::protocol::TrainingState;
use crate::spectrum::Class;
use crate::vae::VaeConfig;

/// A preset: its name, and what it makes of the form.
type Preset = (&'static str, fn() -> VaeConfig);

const PRESETS: [Preset; 8] = [
    ("VAE-2 (Table 1)", || training_form::proposed(2)),
    ("VAE-4 (Table 1)", || training_form::proposed(4)),
    ("VAE-6 (Table 1)", || training_form::proposed(6)),
    ("VAE-10 (Table 1)", || training_form::proposed(10)),
    ("Quick, for a lesson", || VaeConfig {
        hidden1: 128,
        hidden2: 32,
        most_spectra: 2048,
        max_epochs: 15,
        ..training_form::proposed(2)
    }),
    ("Plain autoencoder, 6", || VaeConfig { variational: false, ..training_form::proposed(6) }),
    ("Linear, like PCA, 6", || VaeConfig { variational: false, negative_slope: 1.0, ..training_form::proposed(6) }),
    ("beta-VAE, 6", || VaeConfig { alpha: -3.0, lambda: 4.0, ..training_form::proposed(6) }),
];

const SLOPES: [(f32, &str); 4] =
    [(0.0, "ReLU (the paper)"), (0.01, "leaky ReLU 0.01"), (0.1, "leaky ReLU 0.1"), (1.0, "none (linear)")];

/// The form.
#[component]
pub fn Form() -> impl IntoView {
    let page = use_page();
    let wrong = expect_context::<FormErrors>();
    // What runs keeps its settings; what is over can be followed by something else.
    let on = Memo::new(move |_| {
        page.state.with(|s| s.training.is_on() && s.training.state != Some(TrainingState::Finished))
    });
    Effect::new(move |_| {
        // The form shows what is trained.
        if on.get() {
            wrong.forget();
        }
    });
    let plan = Memo::new(move |_| page.state.with(|s| s.plan.clone()));
    let choose = move |event| {
        let at: usize = event_target_value(&event).parse().unwrap_or(usize::MAX);
        if let Some((_, preset)) = PRESETS.get(at) {
            wrong.forget();
            page.act(|state| state.plan = VaeConfig { seed: state.plan.seed, ..preset() });
        }
    };
    let preset = Memo::new(move |_| {
        let plan = plan.get();
        PRESETS.iter().position(|(_, preset)| VaeConfig { seed: plan.seed, ..preset() } == plan)
    });
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
                            wrong.forget();
                            page.act(|state| state.plan = with_latents(&state.plan, latents));
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
                                    wrong.forget();
                                    page.act(|state| kind.set(&mut state.plan));
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
                                page.act(|state| state.plan.negative_slope = slope);
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
            </details>
            <p class="sub" data-testid="train-size">{move || size_in_words(&plan.get())}</p>
        </fieldset>
    }
}

/// Which classes to train on.
#[component]
fn Classes() -> impl IntoView {
    let page = use_page();
    let chosen = Memo::new(move |_| page.state.with(|s| s.plan.classes.clone()));
    let toggle = move |code: u8| {
        page.act(|state| {
            let all: Vec<u8> = Class::ALL.iter().map(|class| class.code() as u8).collect();
            let mut classes = if state.plan.classes.is_empty() { all.clone() } else { state.plan.classes.clone() };
            match classes.iter().position(|other| *other == code) {
                Some(at) => drop(classes.remove(at)),
                None => classes.push(code),
            }
            classes.sort_unstable();
            state.plan.classes = if classes == all { Vec::new() } else { classes };
        });
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

/// The sizes that the paper found for so many latents; all else as it was.
fn with_latents(plan: &VaeConfig, latents: usize) -> VaeConfig {
    let paper = VaeConfig::paper(latents);
    let lambda = if Kind::of(plan) == Kind::Vae { paper.lambda } else { plan.lambda };
    VaeConfig { latents, hidden1: paper.hidden1, hidden2: paper.hidden2, lambda, ..plan.clone() }
}

/// What such a network is, in a line.
fn size_in_words(plan: &VaeConfig) -> String {
    let weights = crate::vae::parameters::Layout::new(plan).len;
    let VaeConfig { pixels, hidden1, hidden2, latents, .. } = plan;
    format!(
        "{pixels} – {hidden1} – {hidden2} – {latents} – {hidden2} – {hidden1} – {pixels}: {:.2} million weights.",
        weights as f64 / 1e6
    )
}

/// The address that holds the plan and starts it.
pub fn run_link(page: Page) -> String {
    let link = page.state.with_untracked(|state| {
        let plan = Some(state.plan.clone());
        crate::page::permalink::Permalink {
            plan,
            run: true,
            view: crate::page::permalink::View::Train,
            latent: None,
            selected: None,
            track: None,
            ..state.permalink()
        }
    });
    format!("{}#{link}", page.base())
}

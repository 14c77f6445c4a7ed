//! The form: what the next training is to be.

use std::collections::BTreeMap;

use leptos::html;
use leptos::prelude::*;

use crate::app::page::{Page, use_page};
use crate::app::plan::{self, Kind, Setting};
use crate::protocol::TrainingState;
use crate::spectrum::Class;
use crate::vae::VaeConfig;

/// A preset: its name, and what it makes of the form.
type Preset = (&'static str, fn() -> VaeConfig);

const PRESETS: [Preset; 8] = [
    ("VAE-2 (Table 1)", || plan::proposed(2)),
    ("VAE-4 (Table 1)", || plan::proposed(4)),
    ("VAE-6 (Table 1)", || plan::proposed(6)),
    ("VAE-10 (Table 1)", || plan::proposed(10)),
    ("Quick, for a lesson", || VaeConfig {
        hidden1: 128,
        hidden2: 32,
        most_spectra: 2048,
        max_epochs: 15,
        ..plan::proposed(2)
    }),
    ("Plain autoencoder, 6", || VaeConfig { variational: false, ..plan::proposed(6) }),
    ("Linear, like PCA, 6", || VaeConfig { variational: false, negative_slope: 1.0, ..plan::proposed(6) }),
    ("beta-VAE, 6", || VaeConfig { alpha: -3.0, lambda: 4.0, ..plan::proposed(6) }),
];

const SLOPES: [(f32, &str); 4] =
    [(0.0, "ReLU (the paper)"), (0.01, "leaky ReLU 0.01"), (0.1, "leaky ReLU 0.1"), (1.0, "none (linear)")];

/// The form.
#[component]
pub fn Form() -> impl IntoView {
    let page = use_page();
    let wrong = expect_context::<Wrong>();
    // What runs keeps its settings; what is over can be followed by something else.
    let on = Memo::new(move |_| {
        page.state.with(|s| s.training.is_on() && s.training.state != Some(TrainingState::Finished))
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

/// What is typed in the form and out of its limits: a field's key and the sentence that says so.
#[derive(Debug, Clone, Copy)]
pub struct Wrong(RwSignal<BTreeMap<&'static str, String>>);

impl Wrong {
    /// Nothing is.
    pub fn new() -> Self {
        Self(RwSignal::new(BTreeMap::new()))
    }

    /// Whether something is.
    pub fn any(self) -> bool {
        self.0.with(|wrong| !wrong.is_empty())
    }

    /// What was typed is let go of: the fields show the plan again.
    fn forget(self) {
        self.0.update(BTreeMap::clear);
    }
}

/// A number of the plan.
#[component]
fn Number(key: &'static str, testid: &'static str) -> impl IntoView {
    let setting = *Setting::of(key).expect("every key of the form is a setting");
    view! {
        <NumberField key testid label=setting.label hint=setting.hint range=setting.range whole=setting.whole
            value=move |plan: &VaeConfig| setting.value(plan)
            set=move |plan: &mut VaeConfig, value: f64| setting.set(plan, value) />
    }
}

/// The one number of a beta-VAE.
#[component]
fn Beta() -> impl IntoView {
    const MOST: f64 = 100.0;
    let set = |plan: &mut VaeConfig, beta: f64| {
        if !(0.0..=MOST).contains(&beta) {
            return Err(format!("beta is a number from 0 to {MOST}. {BETA}"));
        }
        (plan.alpha, plan.lambda) = (1.0 - beta as f32, beta as f32);
        Ok(())
    };
    view! {
        <NumberField key="beta" testid="train-beta" label="beta" hint=BETA range=(0.0, MOST) whole=false
            value=|plan: &VaeConfig| f64::from(plan.lambda) set />
    }
}

const BETA: &str = "What the KL term weighs; 1 is the usual VAE.";

/// A number. What is out of its limits is not taken, the limit is said, and nothing is trained before it is mended.
#[component]
fn NumberField(
    key: &'static str,
    testid: &'static str,
    label: &'static str,
    hint: &'static str,
    range: (f64, f64),
    whole: bool,
    value: impl Fn(&VaeConfig) -> f64 + Send + Sync + 'static,
    set: impl Fn(&mut VaeConfig, f64) -> Result<(), String> + Send + Sync + 'static,
) -> impl IntoView {
    let page = use_page();
    let Wrong(wrong) = expect_context::<Wrong>();
    let input = NodeRef::<html::Input>::new();
    let problem = Memo::new(move |_| wrong.with(|wrong| wrong.get(key).cloned()));
    let shown = Memo::new(move |_| page.state.with(|s| value(&s.plan)));
    // Where 0 stands for all, an empty field says it better.
    let all = key == "spectra";
    let text = move || if all && shown.get() == 0.0 { String::new() } else { shown.get().to_string() };
    Effect::new(move |_| {
        // What was typed gives way to the plan as soon as nothing is wrong with it any more.
        if problem.get().is_none()
            && let Some(input) = input.get()
        {
            input.set_value(&text());
        }
    });
    let change = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        let text = if all && text.trim().is_empty() { "0" } else { text.trim() };
        let taken = text.parse::<f64>().map_err(|_| format!("{label} is a number. {hint}"));
        let mut outcome = Ok(());
        page.act(|state| outcome = taken.and_then(|value| set(&mut state.plan, value)));
        wrong.update(|wrong| match outcome {
            Ok(()) => drop(wrong.remove(key)),
            Err(sentence) => drop(wrong.insert(key, sentence)),
        });
    };
    on_cleanup(move || {
        wrong.try_update(|wrong| wrong.remove(key));
    });
    let (low, high) = range;
    let step = if whole { "1" } else { "any" };
    view! {
        <label class="field">
            <span>{label}</span>
            <input type="number" min=low max=high step=step data-testid=testid node_ref=input title=hint
                placeholder=if all { "all" } else { "" }
                aria-invalid=move || problem.get().is_some().to_string() on:change=change />
            <small class="hint">{hint}</small>
            <Show when=move || problem.get().is_some()>
                <small class="problem" role="alert">{move || problem.get()}</small>
            </Show>
        </label>
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
        crate::app::permalink::Permalink {
            plan,
            run: true,
            view: crate::app::permalink::View::Train,
            latent: None,
            selected: None,
            track: None,
            ..state.permalink()
        }
    });
    format!("{}#{link}", page.base())
}

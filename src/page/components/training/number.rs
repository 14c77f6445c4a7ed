//! The numbers of the form, and what is typed into them that makes no sense.

use std::collections::BTreeMap;

use leptos::html;
use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::training_form::Setting;
use crate::vae::VaeConfig;

/// What is typed in the form and out of its limits: a field's key and the sentence that says so.
#[derive(Debug, Clone, Copy)]
pub struct FormErrors(RwSignal<BTreeMap<&'static str, String>>);

impl FormErrors {
    /// Nothing is.
    pub fn new() -> Self {
        Self(RwSignal::new(BTreeMap::new()))
    }

    /// Whether something is.
    pub fn any(self) -> bool {
        self.0.with(|wrong| !wrong.is_empty())
    }

    /// What was typed is let go of: the fields show the plan again.
    pub fn forget(self) {
        self.0.update(BTreeMap::clear);
    }
}

/// A number of the plan.
#[component]
pub fn Number(key: &'static str, testid: &'static str) -> impl IntoView {
    let setting = *Setting::of(key).expect("every key of the form is a setting");
    view! {
        <NumberField key testid label=setting.label hint=setting.hint range=setting.range whole=setting.whole
            value=move |plan: &VaeConfig| setting.value(plan)
            set=move |plan: &mut VaeConfig, value: f64| setting.set(plan, value) />
    }
}

/// The one number of a beta-VAE.
#[component]
pub fn Beta() -> impl IntoView {
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
    let FormErrors(wrong) = expect_context::<FormErrors>();
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

//! The number fields of the form, and their errors.

use leptos::html;
use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::training_form::{BETA_HINT, FieldErrors, MOST_BETA, Setting, field_text, parse_field, set_beta};
use crate::vae::VaeConfig;

/// The errors of the form, shared by its fields.
#[derive(Debug, Clone, Copy)]
pub struct FormErrors(RwSignal<FieldErrors>);

impl FormErrors {
    /// Returns a form without errors.
    pub fn new() -> Self {
        Self(RwSignal::new(FieldErrors::default()))
    }

    /// Returns whether a field has an error.
    pub fn any(self) -> bool {
        self.0.with(FieldErrors::any)
    }

    /// Returns the errors, one sentence or more each.
    pub fn all(self) -> Vec<String> {
        self.0.with(FieldErrors::all)
    }

    /// Clears all errors: the fields show the plan again.
    pub fn clear(self) {
        self.0.update(FieldErrors::clear);
    }
}

/// Renders the field of a number of the plan.
#[component]
pub fn Number(key: &'static str, testid: &'static str) -> impl IntoView {
    let setting = *Setting::of(key).expect("every key of the form is a setting");
    view! {
        <NumberField key testid label=setting.label hint=setting.hint range=setting.range whole=setting.whole
            value=move |plan: &VaeConfig| setting.value(plan)
            set=move |plan: &mut VaeConfig, value: f64| setting.set(plan, value) />
    }
}

/// Renders the field of a beta-VAE's beta.
#[component]
pub fn Beta() -> impl IntoView {
    view! {
        <NumberField key="beta" testid="train-beta" label="beta" hint=BETA_HINT range=(0.0, MOST_BETA) whole=false
            value=|plan: &VaeConfig| f64::from(plan.lambda) set=set_beta />
    }
}

/// Renders a number field. A value out of its limits is not taken; the limits are shown, and no training starts until it is
/// corrected.
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
    let FormErrors(errors) = expect_context::<FormErrors>();
    let input = NodeRef::<html::Input>::new();
    let problem = Memo::new(move |_| errors.with(|errors| errors.of(key)));
    let shown = Memo::new(move |_| page.state.with(|s| value(s.plan())));
    // A setting whose 0 stands for all shows it as an empty field.
    let all = key == "spectra";
    let text = move || field_text(shown.get(), all);
    Effect::new(move |_| {
        // The text typed is replaced by the plan's value as soon as the field has no error.
        if problem.get().is_none()
            && let Some(input) = input.get()
        {
            input.set_value(&text());
        }
    });
    let change = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        let mut outcome = Ok(());
        page.act(|state| {
            outcome = parse_field(&text, all, label, hint).and_then(|value| state.edit_plan(|plan| set(plan, value)))
        });
        errors.update(|errors| errors.set(key, outcome));
    };
    on_cleanup(move || {
        errors.try_update(|errors| errors.set(key, Ok(())));
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

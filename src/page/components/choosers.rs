//! The choosers of sets and models, where the site offers several.

use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::view::choosers::{Choice, models, sets};

/// Renders both choosers.
#[component]
pub fn Choosers() -> impl IntoView {
    let page = use_page();
    let all_sets = Memo::new(move |_| page.state.with(sets));
    let all_models = Memo::new(move |_| page.state.with(models));
    // Another set is another page: what was computed for the one before means nothing there.
    let open_set = move |name: String| {
        let link = page.state.with_untracked(|state| state.link_to_set(&name));
        let _ = window().location().set_hash(&link.to_string());
    };
    let open_model = move |name: String| page.act(|state| state.choose_model(&name));
    view! {
        <Chooser choices=all_sets name="set" testid="set-chooser" choose=open_set />
        <Chooser choices=all_models name="model" testid="model-chooser" choose=open_model />
    }
}

#[component]
fn Chooser(
    choices: Memo<Vec<Choice>>,
    name: &'static str,
    testid: &'static str,
    choose: impl Fn(String) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let chosen = move || {
        let choices = choices.get();
        choices.into_iter().find(|choice| choice.chosen).map(|choice| choice.name).unwrap_or_default()
    };
    let options = move || {
        let option = |Choice { name, label, about, chosen }: Choice| {
            view! {
                <option value=name title=about selected=chosen>{label}</option>
            }
        };
        choices.get().into_iter().map(option).collect_view()
    };
    view! {
        <Show when=move || !choices.get().is_empty()>
            <label class="field">
                <span>{name}</span>
                <select data-testid=testid prop:value=chosen on:change=move |event| {
                    choose(event_target_value(&event));
                    // What could not be chosen is not shown as chosen.
                    let select: web_sys::HtmlSelectElement = event_target(&event);
                    select.set_value(&choices.with_untracked(|all| {
                        all.iter().find(|choice| choice.chosen).map(|choice| choice.name.clone()).unwrap_or_default()
                    }));
                }>{options}</select>
            </label>
        </Show>
    }
}

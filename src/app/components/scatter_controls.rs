//! What the scatter shows along x and y, and what colours its points.

use leptos::prelude::*;

use super::facts::titled;
use crate::app::page::use_page;
use crate::app::permalink::AxisChoice;
use crate::shard::ColumnInfo;

/// The three selectors over the scatter.
#[component]
pub fn ScatterControls() -> impl IntoView {
    view! {
        <div class="controls">
            <AxisSelect vertical=false name="x" testid="axis-x" />
            <AxisSelect vertical=true name="y" testid="axis-y" />
            <ColorSelect />
        </div>
    }
}

#[component]
fn AxisSelect(vertical: bool, name: &'static str, testid: &'static str) -> impl IntoView {
    let page = use_page();
    let dims = Memo::new(move |_| page.cloud.get().map_or(6, |cloud| cloud.0.dims));
    let chosen = Memo::new(move |_| page.state.with(|s| if vertical { s.link.axes.1 } else { s.link.axes.0 }));
    let options = move |latents: bool| {
        let of_kind = move |axis: &AxisChoice| matches!(axis, AxisChoice::Latent(_)) == latents;
        let option = move |axis: AxisChoice| {
            view! {
                <option value=axis.to_string() selected=move || chosen.get() == axis>{axis.label()}</option>
            }
        };
        AxisChoice::all(dims.get()).into_iter().filter(of_kind).map(option).collect_view()
    };
    let change = move |event| {
        if let Ok(axis) = event_target_value(&event).parse::<AxisChoice>() {
            page.act(|state| state.set_axis(vertical, axis));
        }
    };
    view! {
        <label class="field">
            <span>{name}</span>
            <select data-testid=testid on:change=change>
                <optgroup label="Principal axes of the latents">{move || options(false)}</optgroup>
                <optgroup label="Latents as the model has them">{move || options(true)}</optgroup>
            </select>
        </label>
    }
}

/// Columns that name a spectrum and do not describe it.
const NAMES: [&str; 4] = ["plate", "mjd", "fiber", "class"];

#[component]
fn ColorSelect() -> impl IntoView {
    let page = use_page();
    let columns =
        Memo::new(move |_| page.manifest.get().map(|manifest| manifest.0.columns.clone()).unwrap_or_default());
    let chosen = Memo::new(move |_| page.state.with(|s| s.link.color.clone()));
    let group = move |truth: bool| {
        let shown = move |column: &ColumnInfo| column.truth == truth && !NAMES.contains(&column.name.as_str());
        let option = move |column: ColumnInfo| {
            let name = column.name.clone();
            view! {
                <option value=column.name selected=move || chosen.get() == name>{titled(&column.label)}</option>
            }
        };
        columns.get().into_iter().filter(shown).map(option).collect_view()
    };
    let has_truths = Memo::new(move |_| columns.get().iter().any(|column| column.truth));
    view! {
        <label class="field">
            <span>"colour"</span>
            <select
                data-testid="color-by"
                on:change=move |event| {
                    let name = event_target_value(&event);
                    page.act(|state| state.link.color = name);
                }
            >
                <option value="class" selected=move || chosen.get() == "class">"Class"</option>
                <optgroup label="Catalogue">{move || group(false)}</optgroup>
                <Show when=move || has_truths.get()>
                    <optgroup label="Truths of the simulation">{move || group(true)}</optgroup>
                </Show>
            </select>
        </label>
    }
}

//! The selectors of the scatter's axes and of the column that colours its points.

use leptos::prelude::*;

use crate::formats::set::ColumnInfo;
use crate::page::axis_choice::{AxisChoice, CHI2};
use crate::page::context::{Page, use_page};
use crate::page::state::AppState;
use crate::page::view::facts::NAMING_COLUMNS;
use crate::page::view::measures::MEASURES;
use crate::page::view::text::titled;

/// Renders the three selectors over the scatter.
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
    let has_umap = Memo::new(move |_| page.cloud.get().is_some_and(|cloud| cloud.0.umap.is_some()));
    let columns =
        Memo::new(move |_| page.manifest.get().map(|manifest| manifest.0.columns.clone()).unwrap_or_default());
    let chosen = Memo::new(move |_| {
        page.state.with(|s| if vertical { s.link().axes.1.clone() } else { s.link().axes.0.clone() })
    });
    let option = move |(axis, label): (AxisChoice, String)| {
        let value = axis.to_string();
        view! { <option value=value selected=move || chosen.get() == axis>{label}</option> }
    };
    let numbered = move |count: usize, kind: fn(usize) -> AxisChoice| {
        (1..=count).map(kind).map(|axis| (axis.clone(), axis.label())).map(option).collect_view()
    };
    let properties = move |truth: bool| {
        let shown = move |column: &ColumnInfo| column.truth == truth && !NAMING_COLUMNS.contains(&column.name.as_str());
        let all = columns.get().into_iter().filter(shown);
        all.map(|column| (AxisChoice::Column(column.name), titled(&column.label))).map(option).collect_view()
    };
    let has_truths = Memo::new(move |_| columns.get().iter().any(|column| column.truth));
    let measures = measures(page);
    let has_positions = Memo::new(move |_| page.manifest.with(|_| page.state.with_untracked(AppState::has_positions)));
    let change = move |event| {
        if let Ok(axis) = event_target_value(&event).parse::<AxisChoice>() {
            page.act(|state| state.set_axis(vertical, axis));
        }
    };
    view! {
        <label class="field">
            <span>{name}</span>
            <select data-testid=testid on:change=change>
                <optgroup label="Principal axes of the latents">{move || numbered(dims.get(), AxisChoice::Vae)}</optgroup>
                <optgroup label="Latents as the model has them">{move || numbered(dims.get(), AxisChoice::Latent)}</optgroup>
                <Show when=move || has_umap.get()>
                    <optgroup label="UMAP of the latents">{numbered(2, AxisChoice::Umap)}</optgroup>
                </Show>
                <Show when=move || has_positions.get()>
                    <optgroup label="Sky">{option((AxisChoice::Sky, AxisChoice::Sky.label()))}</optgroup>
                </Show>
                <optgroup label="Catalogue">
                    {move || properties(false)}
                    {move || measures.get().into_iter().map(|(name, label)| (AxisChoice::Column(name.to_owned()), label)).map(option).collect_view()}
                </optgroup>
                <Show when=move || has_truths.get()>
                    <optgroup label="Truths of the simulation">{move || properties(true)}</optgroup>
                </Show>
            </select>
        </label>
    }
}

#[component]
fn ColorSelect() -> impl IntoView {
    let page = use_page();
    let columns =
        Memo::new(move |_| page.manifest.get().map(|manifest| manifest.0.columns.clone()).unwrap_or_default());
    let chosen = Memo::new(move |_| page.state.with(|s| s.link().color.clone()));
    let group = move |truth: bool| {
        let shown = move |column: &ColumnInfo| column.truth == truth && !NAMING_COLUMNS.contains(&column.name.as_str());
        let option = move |column: ColumnInfo| {
            let name = column.name.clone();
            view! {
                <option value=column.name selected=move || chosen.get() == name>{titled(&column.label)}</option>
            }
        };
        columns.get().into_iter().filter(shown).map(option).collect_view()
    };
    let has_truths = Memo::new(move |_| columns.get().iter().any(|column| column.truth));
    let measures = measures(page);
    view! {
        <label class="field">
            <span>"colour"</span>
            <select
                data-testid="color-by"
                on:change=move |event| {
                    let name = event_target_value(&event);
                    page.act(|state| state.set_color(name));
                }
            >
                <option value="class" selected=move || chosen.get() == "class">"Class"</option>
                <optgroup label="Catalogue">
                    {move || group(false)}
                    {move || measures.get().into_iter().map(|(name, label)| view! { <option value=name selected=move || chosen.get() == name>{label}</option> }).collect_view()}
                </optgroup>
                <Show when=move || has_truths.get()>
                    <optgroup label="Truths of the simulation">{move || group(true)}</optgroup>
                </Show>
            </select>
        </label>
    }
}

/// Returns the columns that the page or the model measures, with their titles: chi-squared only where the model's latents came with it.
fn measures(page: Page) -> Memo<Vec<(&'static str, String)>> {
    Memo::new(move |_| {
        let has_chi2 = page.cloud.with(|cloud| cloud.as_ref().is_some_and(|cloud| cloud.0.chi2().is_some()));
        let all = MEASURES.into_iter().filter(move |(name, _)| *name != CHI2 || has_chi2);
        all.map(|(name, label)| (name, titled(label))).collect()
    })
}

//! One spectrum of the set in a list: its class, its name, and a note. A click selects it.

use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::state::{AppState, Source};
use crate::plot::{Theme, thumbnail_path};

/// Size of a thumbnail, CSS pixels.
const THUMB: (f64, f64) = (150.0, 40.0);

/// Renders the button of a row; `note` follows the name.
#[component]
pub fn RowButton(row: usize, note: String) -> impl IntoView {
    let page = use_page();
    let name = move || page.state.with(|state| state.id_of(row).map(|id| id.to_string()));
    let class = move || page.state.with(|state| state.class_of(row));
    let current = Memo::new(move |_| {
        page.state.with(|state| state.selection.as_ref().is_some_and(|selection| selection.source == Source::Row(row)))
    });
    view! {
        <button type="button" class="row" aria-current=move || current.get().then_some("true")
            on:click=move |_| page.act(|state| state.select_row(row))
            on:pointerenter=move |_| page.cursor.set(Some(row)) on:pointerleave=move |_| page.cursor.set(None)
            on:focus=move |_| page.cursor.set(Some(row)) on:blur=move |_| page.cursor.set(None)>
            {move || class().map(|class| view! {
                <span class="dot" style:background=Theme::of(page.dark.get()).class(class).css()></span>
            })}
            <span class="row-name">{name}</span>
            <span class="row-class">{move || class().map(|class| class.name())}</span>
            <span class="row-note number">{note}</span>
        </button>
    }
}

/// Renders a thumbnail of a spectrum of the set; empty until its pixels have loaded.
#[component]
pub fn Thumbnail(row: usize) -> impl IntoView {
    let page = use_page();
    let loaded =
        Memo::new(move |_| page.state.with(|state: &AppState| state.pixels_of(row).map(|pixels| pixels.serial)));
    let shape = move || {
        loaded.get()?;
        let pixels = page.state.with_untracked(|state| state.pixels_of(row))?;
        Some(thumbnail_path(&pixels.flux, THUMB.0, THUMB.1))
    };
    view! {
        <svg class="thumbnail" viewBox=format!("0 0 {} {}", THUMB.0, THUMB.1) preserveAspectRatio="none" aria-hidden="true">
            <path d=shape></path>
        </svg>
    }
}

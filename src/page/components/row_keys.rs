//! Keys that go through a list of spectra.

use leptos::ev;
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::page::interaction::list::row_after;

/// Goes to the row that a key names in the list around the focus. In a list marked `data-walk` the row is selected at once, in others
/// it has the focus.
pub fn walk_rows(event: &ev::KeyboardEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(row) = target.and_then(|target| target.closest(".row").ok().flatten()) else { return };
    let Some(list) = row.closest(".rows").ok().flatten() else { return };
    let rows: Vec<HtmlElement> = js_sys::Reflect::get(&list, &"querySelectorAll".into())
        .ok()
        .and_then(|method| method.dyn_into::<js_sys::Function>().ok()?.call1(&list, &".row".into()).ok())
        .map(|found| js_sys::Array::from(&found).iter().filter_map(|row| row.dyn_into().ok()).collect())
        .unwrap_or_default();
    let at = rows.iter().position(|other| **other == row);
    let Some(next) = row_after(&event.key(), at, rows.len()) else { return };
    event.prevent_default();
    let _ = rows[next].focus();
    keep_clear_of_spectrum(&rows[next]);
    if list.has_attribute("data-walk") {
        rows[next].click();
    }
}

/// Scrolls the page so that the spectrum's card, which stays at the top, does not cover a row: a browser takes what is covered to be in
/// sight.
fn keep_clear_of_spectrum(row: &Element) {
    const GAP: f64 = 8.0;
    let Ok(Some(card)) = document().query_selector(".light") else { return };
    let (card, row) = (card.get_bounding_client_rect(), row.get_bounding_client_rect());
    let beside = row.right() < card.left() || card.right() < row.left();
    let covered = card.bottom() + GAP - row.top();
    if !beside && card.top() < row.bottom() && covered > 0.0 {
        window().scroll_by_with_x_and_y(0.0, -covered);
    }
}

//! Keys that go through a list of spectra.

use leptos::ev;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::scrolling::keep_clear_of_spectrum;
use crate::page::client::js::call;
use crate::page::interaction::list::row_after;

/// Goes to the row that a key names in the list around the focus. In a list marked `data-walk` the row is selected at once, in others
/// it has the focus.
pub fn walk_rows(event: &ev::KeyboardEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(row) = target.and_then(|target| target.closest(".row").ok().flatten()) else { return };
    let Some(list) = row.closest(".rows, [data-walk]").ok().flatten() else { return };
    let found = call(&list, "querySelectorAll", &[&".row".into()]);
    let found = found.iter().flat_map(|list| js_sys::Array::from(list).to_vec());
    let rows: Vec<HtmlElement> = found.filter_map(|row| row.dyn_into().ok()).collect();
    let at = rows.iter().position(|other| **other == row);
    let Some(next) = row_after(&event.key(), at, rows.len()) else { return };
    event.prevent_default();
    let _ = rows[next].focus();
    keep_clear_of_spectrum(&rows[next]);
    if list.has_attribute("data-walk") {
        rows[next].click();
    }
}

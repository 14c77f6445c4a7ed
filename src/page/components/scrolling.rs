//! Scrolls elements into view.

use leptos::prelude::*;
use web_sys::Element;

use crate::page::client::js::call;
use crate::page::context::Page;

/// Scrolls an element to the top of the window.
pub fn scroll_to(element: &Element, page: Page) {
    scroll(element, motion(page), "start");
}

/// Scrolls as far as an element needs to be in the window.
pub fn scroll_near(element: &Element, page: Page) {
    scroll(element, motion(page), "nearest");
}

/// Scrolls an element into view at once.
pub fn scroll_near_at_once(element: &Element) {
    scroll(element, "auto", "nearest");
}

/// Scrolls the page so that the spectrum's card, which stays at the top, does not cover an element: a browser takes what is covered to be
/// in sight.
pub fn keep_clear_of_spectrum(element: &Element) {
    const GAP: f64 = 8.0;
    let Ok(Some(card)) = document().query_selector(".light") else { return };
    let (card, element) = (card.get_bounding_client_rect(), element.get_bounding_client_rect());
    let beside = element.right() < card.left() || card.right() < element.left();
    let covered = card.bottom() + GAP - element.top();
    if !beside && card.top() < element.bottom() && covered > 0.0 {
        window().scroll_by_with_x_and_y(0.0, -covered);
    }
}

fn motion(page: Page) -> &'static str {
    if page.still.get_untracked() { "auto" } else { "smooth" }
}

fn scroll(element: &Element, behavior: &str, block: &str) {
    let options = js_sys::Object::new();
    for (key, value) in [("behavior", behavior), ("block", block), ("inline", "nearest")] {
        let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
    }
    let _ = call(element, "scrollIntoView", &[&options]);
}

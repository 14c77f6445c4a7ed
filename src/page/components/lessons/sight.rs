//! Scrolls the control and the result of a step into view.

use leptos::prelude::*;
use web_sys::Element;

use crate::page::components::scrolling::{scroll_near_at_once, scroll_to};
use crate::page::context::Page;

/// Visible height at which a plot needs no scrolling, CSS pixels.
const ENOUGH: f64 = 240.0;

/// Scrolls the control of a step into view.
pub fn scroll_to_target(target: &Element, page: Page) {
    // A tab's button may be beyond the end of its row.
    scroll_near_at_once(target);
    match whole_of(target) {
        Some(card) => scroll_to(&card, page),
        // On a phone the lesson's card covers the lower half, so the target goes to the top.
        None if is_narrow() => scroll_to(target, page),
        None => {}
    }
}

/// Scrolls the result of a step into view, unless it is visible.
pub fn show_result(result: &Element, page: Page) {
    if is_in_sight(result) {
        return;
    }
    let card = if is_narrow() { None } else { result.closest(".light, .about").ok().flatten() };
    if card.is_some() {
        // A tab's content scrolls by itself.
        scroll_near_at_once(result);
    }
    scroll_to(card.as_ref().unwrap_or(result), page);
}

/// Returns the element to show as a whole: for a control in a tab that compares models or lists outliers, its card; for a
/// control in the lesson's own card, the spectrum that it changes.
fn whole_of(target: &Element) -> Option<Element> {
    let within = |selector: &str| target.closest(selector).ok().flatten();
    if within(".lesson-card").is_some() {
        return document().query_selector(".light").ok().flatten();
    }
    // On a phone, elements low in their tab would be under the lesson's card.
    if is_narrow() && within("[data-testid=pca-verdict], [data-testid=draws-count]").is_some() {
        return None;
    }
    let tabs = "[data-testid=tab-pca], [data-testid=tab-draws], [data-testid=pca-components], [data-testid=draw-places], \
                [data-testid=pca-verdict], [data-testid=draws-count], [data-testid=outliers]";
    within(tabs)?;
    within(".about")
}

/// Returns whether the upper part of an element is in the window, and not under the lesson's card.
fn is_in_sight(element: &Element) -> bool {
    let bounds = element.get_bounding_client_rect();
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    let card = document().query_selector(".lesson-card").ok().flatten().map(|card| card.get_bounding_client_rect());
    let overlapping = card.filter(|card| card.left() < bounds.right() && bounds.left() < card.right());
    let floor = overlapping.map_or(height, |card| card.top().min(height));
    bounds.top() >= 0.0 && bounds.bottom().min(bounds.top() + ENOUGH) <= floor
}

fn is_narrow() -> bool {
    window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width < 960.0)
}

//! The spectrum in short at the foot of a small window: raised by a tap while the plot itself is out of sight.

use leptos::prelude::*;
use web_sys::Element;

use super::scrolling::scroll_to;
use crate::page::context::use_page;
use crate::page::state::AppState;
use crate::page::view::peek::{PEEK, peek};
use crate::plot::Theme;

/// Height of the plot that must be in the window for it to be in sight, CSS pixels.
const ENOUGH: f64 = 120.0;

/// Renders the bar; the style sheet leaves it out of large windows.
#[component]
pub fn PeekBar() -> impl IntoView {
    let page = use_page();
    let raised = RwSignal::new(false);
    let in_sight = RwSignal::new(true);
    let look = move || {
        let now = plot().is_none_or(|plot| is_in_window(&plot));
        if in_sight.get_untracked() != now {
            in_sight.set(now);
        }
    };
    let scrolled = window_event_listener(leptos::ev::scroll, move |_| look());
    let resized = window_event_listener(leptos::ev::resize, move |_| look());
    on_cleanup(move || {
        scrolled.remove();
        resized.remove();
    });
    // What the reader has done decodes another spectrum.
    let decoded = Memo::new(move |_| page.state.with(|state| state.decoded().map(|decoded| decoded.serial)));
    Effect::new(move |_| {
        // Read, not only tracked: a memo that was never read has no sources.
        decoded.with(|_| ());
        if page.state.with_untracked(AppState::was_clicked) {
            look();
            raised.set(true);
        }
    });
    let shown = Memo::new(move |_| raised.get() && !in_sight.get());
    let text = Memo::new(move |_| if shown.get() { page.state.with(peek) } else { None });
    let go = move |_| {
        if let Some(plot) = plot() {
            scroll_to(&plot.closest(".light").ok().flatten().unwrap_or(plot), page);
        }
    };
    view! {
        <Show when=move || text.with(Option::is_some)>
            <div class="peek" data-testid="peek">
                <button type="button" class="peek-body" on:click=go>
                    <span class="unseen">"Show the spectrum: "</span>
                    <span class="peek-name">
                        {move || text.with(|text| text.as_ref().map(|text| text.title.clone()))}
                        {move || text.with(|text| text.as_ref()?.class).map(|class| view! {
                            <span class="muted">
                                <span class="dot" style:background=Theme::of(page.dark.get()).class(class).css()></span>
                                {class.name()}
                            </span>
                        })}
                    </span>
                    <svg class="thumbnail" viewBox=format!("0 0 {} {}", PEEK.0, PEEK.1) preserveAspectRatio="none" aria-hidden="true">
                        <path d=move || text.with(|text| text.as_ref().map(|text| text.shape.clone()))></path>
                    </svg>
                </button>
                <button type="button" class="mini" aria-label="Close" on:click=move |_| raised.set(false)>"×"</button>
            </div>
        </Show>
    }
}

fn plot() -> Option<Element> {
    document().query_selector(".spectrum-plot").ok().flatten()
}

fn is_in_window(element: &Element) -> bool {
    let bounds = element.get_bounding_client_rect();
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    bounds.bottom().min(height) - bounds.top().max(0.0) >= ENOUGH
}

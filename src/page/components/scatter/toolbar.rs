//! The toolbar of the scatter: what a drag does, and zoom.

use leptos::prelude::*;

use crate::page::interaction::gesture::Mode;

/// Every mode with its name, description, test id and icon.
const MODES: [(Mode, &str, &str, &str, &str); 4] = [
    (
        Mode::Move,
        "Move",
        "Drag moves the view; Ctrl + wheel or two fingers zoom",
        "mode-move",
        "M8 1v14M1 8h14M8 1 6 3m2-2 2 2M8 15l-2-2m2 2 2-2M1 8l2-2M1 8l2 2M15 8l-2-2m2 2-2 2",
    ),
    (
        Mode::Rectangle,
        "Rectangle",
        "Drag a rectangle round points to pick them; Shift adds to the pick",
        "mode-rectangle",
        "M2 3.5h12v9H2z",
    ),
    (
        Mode::Lasso,
        "Lasso",
        "Draw round points to pick them; Shift adds to the pick",
        "mode-lasso",
        "M8 2.5c3.6 0 6 1.7 6 4s-2.4 4-6 4-6-1.7-6-4 2.4-4 6-4M5 10.2c-1 .8-.9 2 .3 2.3 1.2.2 1.5 1 .9 2",
    ),
    (
        Mode::Path,
        "Draw a path",
        "Draw a line through the points, then play it",
        "mode-path",
        "M2 13c3-.5 3-7 6-7s2 4 6-3M12.2 2.6 14 3l-.4 1.8",
    ),
];

/// Renders the buttons over the scatter.
#[component]
pub fn Toolbar(
    mode: RwSignal<Mode>,
    #[prop(into)] zoomed: Signal<bool>,
    zoom_in: impl Fn() + Copy + Send + 'static,
    zoom_out: impl Fn() + Copy + Send + 'static,
    reset: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let button =
        move |(value, name, help, testid, icon): (Mode, &'static str, &'static str, &'static str, &'static str)| {
            view! {
                <button type="button" class="icon" data-testid=testid title=help aria-label=name
                    aria-pressed=move || (mode.get() == value).to_string() on:click=move |_| mode.set(value)>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path d=icon></path></svg>
                </button>
            }
        };
    view! {
        <div class="groups">
            <div class="group" role="group" aria-label="What a drag does">{MODES.map(button).collect_view()}</div>
            <div class="group" role="group" aria-label="Zoom">
                <button type="button" class="icon" aria-label="Zoom in" title="Zoom in (+)" on:click=move |_| zoom_in()>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 3v10M3 8h10"></path></svg>
                </button>
                <button type="button" class="icon" aria-label="Zoom out" title="Zoom out (−)" on:click=move |_| zoom_out()>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 8h10"></path></svg>
                </button>
                <button type="button" class="icon" aria-label="Show all" title="Show all (0)" disabled=move || !zoomed.get()
                    on:click=move |_| reset()>
                    <svg viewBox="0 0 16 16" aria-hidden="true">
                        <path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"></path>
                    </svg>
                </button>
            </div>
        </div>
    }
}

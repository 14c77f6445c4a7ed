//! The card of the point under the pointer or the keyboard's cursor, which screen readers announce.

use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::view::facts::hover_facts;
use crate::plot::{Frame, Theme};

/// Renders the card of the point at the page's cursor.
#[component]
pub fn HoverCard(frame: Memo<Option<Frame>>) -> impl IntoView {
    let page = use_page();
    let shown = Memo::new(move |_| {
        let row = page.cursor.get()?;
        let (frame, columns) = (frame.get()?, page.columns.get()?);
        let (x, y) = (frame.x_at(f64::from(*columns.x.get(row)?)), frame.y_at(f64::from(*columns.y.get(row)?)));
        // The card lies towards the middle of the plot, so that it never leaves it.
        let leans = (x > (frame.left + frame.right) / 2.0, y > (frame.top + frame.bottom) / 2.0);
        let facts = page.state.with(|state| hover_facts(state, row));
        Some((row, x, y, leans, facts))
    });
    view! {
        <div class="hover-card" class:shown=move || shown.get().is_some() data-testid="hover-card" aria-live="polite"
            style:left=move || shown.get().map(|(_, x, ..)| format!("{x:.0}px"))
            style:top=move || shown.get().map(|(_, _, y, ..)| format!("{y:.0}px"))
            class:left=move || shown.get().is_some_and(|(_, _, _, leans, _)| leans.0)
            class:up=move || shown.get().is_some_and(|(_, _, _, leans, _)| leans.1)
        >
            {move || shown.get().map(|(row, .., facts)| {
                let class = page.state.with_untracked(|state| state.class_of(row));
                view! {
                    <strong>{page.state.with_untracked(|state| state.id_of(row).map(|id| id.to_string()))}</strong>
                    {class.map(|class| view! {
                        <span class="hover-class">
                            <span class="dot" style:background=Theme::of(page.dark.get_untracked()).class(class).css()></span>
                            {class.name()}
                        </span>
                    })}
                    {facts.into_iter().map(|(name, value)| view! { <span><span class="muted">{name}</span>" "{value}</span> }).collect_view()}
                }
            })}
        </div>
    }
}

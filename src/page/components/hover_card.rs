//! The card of the point under the pointer or the keyboard's cursor, which screen readers announce.

use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::view::facts::hover_facts;
use crate::page::view::own_points::own_hover_facts;
use crate::plot::{Frame, Theme};
use crate::spectrum::Class;

/// What is under the pointer.
#[derive(Debug, Clone, PartialEq)]
enum Hovered {
    /// A row of the set.
    Row(usize),
    /// A spectrum of the user's: its name and its class.
    Own(String, Class),
}

/// Renders the card of the point at the page's cursor.
#[component]
pub fn HoverCard(frame: Memo<Option<Frame>>) -> impl IntoView {
    let page = use_page();
    let shown = Memo::new(move |_| {
        if let Some(index) = page.own_cursor.get() {
            let (frame, point) = (frame.get()?, page.own_points.with(|own| own.get(index)?.at)?);
            let own = page.own_rows.with(|rows| rows.0.get(index).cloned())?;
            let (x, y) = (frame.x_at(f64::from(point.0)), frame.y_at(f64::from(point.1)));
            let leans = (x > (frame.left + frame.right) / 2.0, y > (frame.top + frame.bottom) / 2.0);
            return Some((Hovered::Own(own.title.clone(), own.class), x, y, leans, own_hover_facts(&own)));
        }
        let row = page.cursor.get()?;
        let (frame, columns) = (frame.get()?, page.columns.get()?);
        let (x, y) = (frame.x_at(f64::from(*columns.x.get(row)?)), frame.y_at(f64::from(*columns.y.get(row)?)));
        // The card lies towards the middle of the plot, so that it never leaves it.
        let leans = (x > (frame.left + frame.right) / 2.0, y > (frame.top + frame.bottom) / 2.0);
        let facts = page.state.with(|state| hover_facts(state, row));
        Some((Hovered::Row(row), x, y, leans, facts))
    });
    view! {
        <div class="hover-card" class:shown=move || shown.get().is_some() data-testid="hover-card" aria-live="polite"
            style:left=move || shown.get().map(|(_, x, ..)| format!("{x:.0}px"))
            style:top=move || shown.get().map(|(_, _, y, ..)| format!("{y:.0}px"))
            class:left=move || shown.get().is_some_and(|(_, _, _, leans, _)| leans.0)
            class:up=move || shown.get().is_some_and(|(_, _, _, leans, _)| leans.1)
        >
            {move || shown.get().map(|(hovered, .., facts)| {
                let (name, class) = match hovered {
                    Hovered::Own(name, class) => (Some(format!("{name} · yours")), Some(class)),
                    Hovered::Row(row) => page.state.with_untracked(|state| (state.id_of(row).map(|id| id.to_string()), state.class_of(row))),
                };
                view! {
                    <strong>{name}</strong>
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

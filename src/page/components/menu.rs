//! A menu that opens below its button, and closes on a click elsewhere, on Escape, or after a choice.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

/// A handle that closes the menu around a component.
#[derive(Clone, Copy)]
pub struct CloseMenu(NodeRef<html::Details>);

impl CloseMenu {
    /// Closes the menu.
    pub fn close(self) {
        if let Some(menu) = self.0.get_untracked() {
            menu.set_open(false);
        }
    }
}

/// Renders the menu; its content finds a [`CloseMenu`] in the context.
#[component]
pub fn Menu(
    /// Label of the button.
    label: &'static str,
    /// Accessible name of the button.
    #[prop(into)]
    spoken: String,
    #[prop(into)] testid: String,
    /// Whether the button has no border.
    #[prop(optional)]
    quiet: bool,
    #[prop(optional)] wide: bool,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let menu = CloseMenu(node);
    provide_context(menu);
    let listener = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
        let inside = node.get_untracked().is_some_and(|details| details.contains(target.as_ref()));
        if !inside {
            menu.close();
        }
    });
    on_cleanup(move || listener.remove());
    let escape = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            menu.close();
            let button = node.get_untracked().and_then(|details| details.query_selector("summary").ok().flatten());
            if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
                let _ = button.focus();
            }
        }
    };
    view! {
        <details class="menu" node_ref=node on:keydown=escape>
            <summary class="button" class:quiet=quiet data-testid=testid aria-label=spoken>{label}</summary>
            <div class="menu-body" class:wide=wide>{children()}</div>
        </details>
    }
}

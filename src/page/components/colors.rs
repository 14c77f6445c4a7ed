//! The page's colours: the palette's, written into the style sheet's custom properties.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::page::context::Page;
use crate::plot::Theme;

/// Writes the colours of the scheme, again whenever it changes.
pub fn follow_scheme(page: Page) {
    Effect::new(move |_| {
        let theme = Theme::of(page.dark.get());
        let root = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok());
        let Some(style) = root.map(|root| root.style()) else { return };
        for (name, color) in theme.css_variables() {
            // Fails on a malformed name or value only, and these come from the palette.
            let _ = style.set_property(name, &color.css());
        }
    });
}

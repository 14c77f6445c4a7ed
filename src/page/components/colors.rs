//! The palette's colours as custom properties of the style sheet.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::page::context::Page;
use crate::plot::Theme;

/// Writes the colours of the scheme, and writes them again whenever the scheme changes.
pub fn follow_scheme(page: Page) {
    Effect::new(move |_| {
        let theme = Theme::of(page.dark.get());
        let root = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok());
        let Some(style) = root.map(|root| root.style()) else { return };
        for (name, color) in theme.css_variables() {
            // Fails only on a malformed name or value, and the palette has none.
            let _ = style.set_property(name, &color.css());
        }
    });
}

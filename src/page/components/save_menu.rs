//! The menu that saves a plot as PNG or SVG, or its data as CSV.

use leptos::html;
use leptos::prelude::*;

use super::menu::{CloseMenu, Menu};
use crate::page::client::download::{save_png, save_text};
use crate::page::context::use_page;
use crate::page::view::tables::spectrum_table;

/// Renders the menu of one plot; `what` is its name in file names and test ids, `svg` draws it.
#[component]
pub fn SaveMenu(
    what: &'static str,
    canvases: Vec<NodeRef<html::Canvas>>,
    svg: impl Fn(&str) -> Result<String, String> + Copy + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <Menu label="Save" spoken=format!("Save the {what}") testid=format!("save-{what}") quiet=true>
            <SaveChoices what canvases svg />
        </Menu>
    }
}

#[component]
fn SaveChoices(
    what: &'static str,
    canvases: Vec<NodeRef<html::Canvas>>,
    svg: impl Fn(&str) -> Result<String, String> + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let page = use_page();
    let menu = expect_context::<CloseMenu>();
    let report = move |outcome: Result<(), String>| {
        if let Err(sentence) = outcome {
            page.act(|state| state.fail(sentence));
        }
        menu.close();
    };
    let png = move |_| {
        let drawn: Vec<_> = canvases.iter().filter_map(|canvas| canvas.get_untracked()).collect();
        report(save_png(&format!("spectrascape-{what}.png"), &drawn, &page.theme().background.css()));
    };
    let drawing = move |_| {
        let file = format!("spectrascape-{what}.svg");
        report(svg(what).map(|text| save_text(&file, "image/svg+xml", &text)));
    };
    let csv = move |_| {
        let text = page.state.with_untracked(spectrum_table);
        let outcome = text.ok_or_else(|| "No spectrum is on screen yet: select one.".to_owned());
        report(outcome.map(|text| save_text("spectrascape-spectrum.csv", "text/csv", &text)));
    };
    let numbers = (what == "spectrum")
        .then(|| view! { <button type="button" data-testid="save-spectrum-csv" on:click=csv>"Numbers (CSV)"</button> });
    view! {
        <button type="button" data-testid=format!("save-{what}-png") on:click=png>"Picture (PNG)"</button>
        <button type="button" data-testid=format!("save-{what}-svg") on:click=drawing>"Drawing (SVG)"</button>
        {numbers}
    }
}

//! The menu that saves a plot as PNG or SVG, or its data as CSV.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::menu::{CloseMenu, Menu};
use crate::page::client::download::{save_picture, save_text};
use crate::page::context::use_page;
use crate::page::view::figures::figure_name;
use crate::page::view::tables::spectrum_table;

/// Pixels of a saved picture per CSS pixel: enough for print.
pub const PRINT: f64 = 3.0;

/// Renders the menu of one plot; `what` is its name in file names and test ids, `svg` draws it.
#[component]
pub fn SaveMenu(
    what: &'static str,
    svg: impl Fn(&str) -> Result<String, String> + Copy + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <Menu label="Save" spoken=format!("Save the {what}") testid=format!("save-{what}") quiet=true>
            <SaveChoices what svg />
        </Menu>
    }
}

#[component]
fn SaveChoices(
    what: &'static str,
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
    let file = move |ending: &str| page.state.with_untracked(|state| format!("{}.{ending}", figure_name(state, what)));
    let png = move |_| {
        menu.close();
        let (name, drawn) = (file("png"), svg(what));
        spawn_local(async move {
            let outcome = match drawn {
                Ok(text) => save_picture(&name, &text, PRINT).await,
                Err(sentence) => Err(sentence),
            };
            report(outcome);
        });
    };
    let drawing = move |_| report(svg(what).map(|text| save_text(&file("svg"), "image/svg+xml", &text)));
    let csv = move |_| {
        let text = page.state.with_untracked(spectrum_table);
        let outcome = text.ok_or_else(|| "No spectrum is on screen yet: select one.".to_owned());
        report(outcome.map(|text| save_text(&file("csv"), "text/csv", &text)));
    };
    let numbers = (what == "spectrum")
        .then(|| view! { <button type="button" data-testid="save-spectrum-csv" on:click=csv>"Numbers (CSV)"</button> });
    view! {
        <button type="button" data-testid=format!("save-{what}-png") on:click=png>"Picture (PNG)"</button>
        <button type="button" data-testid=format!("save-{what}-svg") on:click=drawing>"Drawing (SVG)"</button>
        {numbers}
    }
}

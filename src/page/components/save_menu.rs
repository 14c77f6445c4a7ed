//! Saving a plot: as a picture, as a drawing, and what it shows as numbers.

use leptos::html;
use leptos::prelude::*;

use super::menu::{CloseMenu, Menu};
use crate::export::{ExtraColumn, Selection, SpectrumExport, selection_csv, selection_votable, spectrum_csv};
use crate::page::client::download::{save_png, save_text};
use crate::page::context::use_page;
use crate::page::state::{AppState, Source};

/// The menu of one plot; `what` names it in files and test ids, `svg` draws it.
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
        let text = page.state.with_untracked(table);
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

/// Whether the spectrum on screen is simulated: of a simulated set, made with the dials, or only decoded by a model that knows no other.
pub fn is_simulated(state: &AppState) -> bool {
    match state.selection.as_ref().map(|selection| selection.source) {
        Some(Source::File(index)) => state.files.get(index).is_some_and(|file| file.is_simulated()),
        _ => state.manifest.as_ref().is_some_and(|manifest| manifest.simulated),
    }
}

/// The spectrum on screen as a table.
fn table(state: &AppState) -> Option<String> {
    let pixels = state.shown_pixels();
    let decoded = state.decoded.as_ref().map(|decoded| decoded.flux.clone());
    if pixels.is_none() && decoded.is_none() {
        return None;
    }
    let redshift = match state.selection.as_ref().map(|selection| selection.source) {
        Some(Source::Row(row)) => state.value_of(row, "redshift").map(f64::from),
        Some(Source::File(index)) => state.files.get(index).map(|file| file.redshift),
        None => None,
    };
    let name = state.title();
    let row = state.selection.as_ref().and_then(|selection| match selection.source {
        Source::Row(row) => Some(row),
        Source::File(_) => None,
    });
    let band = state.shown_band();
    Some(spectrum_csv(&SpectrumExport {
        id: &name,
        redshift,
        norm: row.and_then(|row| state.value_of(row, "norm")),
        model: &state.link.model,
        latent: &state.latent,
        simulated: is_simulated(state),
        observed: pixels.as_ref().map(|pixels| (pixels.flux.as_slice(), pixels.ivar.as_slice())),
        decoded: decoded.as_ref().map(|flux| flux.as_slice()),
        band: band.as_ref().map(|sigma| sigma.as_slice()),
    }))
}

/// The picked spectra as a table: CSV, or a VOTable.
pub fn picked_table(state: &AppState, votable: bool) -> Option<String> {
    let (picked, manifest) = (state.picked.as_ref()?, state.manifest.as_ref()?);
    let (catalogue, cloud) = (state.catalogue.as_ref()?, state.cloud.as_ref()?);
    let rows: Vec<usize> = picked.rows.iter().map(|&row| row as usize).collect();
    let whose = state.whose_latents();
    let every = |table: &[f32], index: usize, width: usize| -> Vec<f32> {
        table.iter().skip(index).step_by(width).copied().collect()
    };
    let mut columns: Vec<(String, String, Vec<f32>)> = Vec::new();
    for index in 0..cloud.dims {
        let label = format!("latent {} {whose}: mean of q(z|x)", index + 1);
        columns.push((format!("latent_{}", index + 1), label, every(&cloud.mean, index, cloud.dims)));
    }
    for index in 0..cloud.dims {
        let label = format!("coordinate along principal axis {} of the latents {whose}", index + 1);
        columns.push((format!("vae_{}", index + 1), label, every(&cloud.along, index, cloud.dims)));
    }
    for index in 0..cloud.umap.as_ref().map_or(0, |_| 2) {
        let values = every(cloud.umap.as_ref()?, index, 2);
        columns.push((format!("umap_{}", index + 1), format!("UMAP {} of the latents", index + 1), values));
    }
    if let Some(factor) = &state.outliers.factor {
        columns.push((
            "lof".to_owned(),
            "local outlier factor among the latents, 20 neighbours".to_owned(),
            factor.to_vec(),
        ));
    }
    let extra: Vec<ExtraColumn<'_>> =
        columns.iter().map(|(name, label, values)| ExtraColumn { name, label, unit: "", values }).collect();
    let selection = Selection { manifest, catalogue, latents: None, extra: &extra, rows: &rows };
    Some(if votable { selection_votable(&selection) } else { selection_csv(&selection) })
}

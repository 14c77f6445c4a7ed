//! The tables that the page saves: the spectrum on screen, and the picked spectra.

use super::measures::{MEASURES, measured_values};
use super::spectrum_texts::heading;
use crate::export::{ExtraColumn, Selection, SpectrumExport, selection_csv, selection_votable, spectrum_csv};
use crate::formats::set::EncodingMethod;
use crate::page::axis_choice::LOF;
use crate::page::state::{AppState, Curve, Source};

/// Returns the spectrum on screen as CSV, with the pinned spectra and the mean of the picked ones; `None` where there is none. Away from
/// its own latents the selected spectrum is part of the table only while its flux is shown.
pub fn spectrum_table(state: &AppState) -> Option<String> {
    let heading = heading(state);
    let pixels = state.shown_pixels().filter(|_| heading.own || state.shows(Curve::Observed));
    let decoded = state.decoded().map(|decoded| decoded.flux.clone());
    if pixels.is_none() && decoded.is_none() {
        return None;
    }
    let source = state.selection().map(|selection| selection.source).filter(|_| pixels.is_some());
    let redshift = match source {
        Some(Source::Row(row)) => state.value_of(row, "redshift").map(f64::from),
        Some(Source::File(index)) => state.files().get(index).map(|file| file.redshift),
        None => None,
    };
    let name = match (heading.own, pixels.is_some()) {
        (true, _) => heading.id,
        (false, true) => format!("{}; observed: {}", heading.title, heading.id),
        (false, false) => heading.title,
    };
    let row = state.selected_row().filter(|_| pixels.is_some());
    let band = state.shown_band();
    let others = other_columns(state);
    let extra: Vec<(String, String, &[f32])> =
        others.iter().map(|(name, about, flux)| (name.clone(), about.clone(), flux.as_slice())).collect();
    Some(spectrum_csv(&SpectrumExport {
        id: &name,
        redshift,
        norm: row.and_then(|row| state.value_of(row, "norm")),
        model: &state.link().model,
        latent: state.latent(),
        simulated: state.shows_simulated(),
        observed: pixels.as_ref().map(|pixels| (pixels.flux.as_slice(), pixels.ivar.as_slice())),
        decoded: decoded.as_ref().map(|flux| flux.as_slice()),
        band: band.as_ref().map(|sigma| sigma.as_slice()),
        unrelated: state.is_elsewhere(),
        extra: &extra,
    }))
}

/// Returns the pinned spectra, and mean and percentiles of the picked ones: name, description, `[1000]` flux.
fn other_columns(state: &AppState) -> Vec<(String, String, Vec<f32>)> {
    let pinned = state.pins().iter().enumerate().map(|(index, pin)| {
        let kind = if pin.observed { "observed flux, nan where masked" } else { "decoded flux" };
        (format!("pinned_{}", index + 1), format!("{}, {kind}", pin.label), pin.flux.to_vec())
    });
    let spread = state.picked().and_then(|picked| picked.spread.clone().map(|spread| (spread, picked.rows.len())));
    let of_picked = spread.into_iter().flat_map(|(spread, picked)| {
        let whose = format!("flux of {} of the {picked} picked spectra", spread.count);
        [
            ("picked_mean", format!("mean {whose}"), spread.mean.clone()),
            ("picked_p16", format!("16th percentile of the {whose}"), spread.low.clone()),
            ("picked_p84", format!("84th percentile of the {whose}"), spread.high.clone()),
        ]
        .map(|(name, about, flux)| (name.to_owned(), about, flux))
    });
    pinned.chain(of_picked).collect()
}

/// Returns the picked spectra as CSV or as a VOTable; `None` until there are some and the catalogue has loaded.
pub fn picked_table(state: &AppState, votable: bool) -> Option<String> {
    let (picked, manifest) = (state.picked()?, state.manifest()?);
    let (catalogue, cloud) = (state.catalogue()?, state.embedding()?);
    let rows: Vec<usize> = picked.rows.iter().map(|&row| row as usize).collect();
    let whose = state.whose_latents();
    let posterior = match cloud.encoding {
        EncodingMethod::Plain => "mean of q(z|x)",
        EncodingMethod::Fitted => "mean of the posterior fitted to the unmasked pixels",
    };
    let column = |table: &[f32], index: usize, width: usize| -> Vec<f32> {
        table.iter().skip(index).step_by(width).copied().collect()
    };
    let mut columns: Vec<(String, String, Vec<f32>)> = Vec::new();
    for index in 0..cloud.dims {
        let label = format!("latent {} {whose}: {posterior}", index + 1);
        columns.push((format!("latent_{}", index + 1), label, column(&cloud.mean, index, cloud.dims)));
    }
    for index in 0..cloud.dims {
        let label = format!("coordinate along principal axis {} of the latents {whose}", index + 1);
        columns.push((format!("vae_{}", index + 1), label, column(&cloud.along, index, cloud.dims)));
    }
    for index in 0..cloud.umap.as_ref().map_or(0, |_| 2) {
        let values = column(cloud.umap.as_ref()?, index, 2);
        columns.push((format!("umap_{}", index + 1), format!("UMAP {} of the latents", index + 1), values));
    }
    let lof = (LOF, "local outlier factor among the latents, 20 neighbours");
    for (name, label) in [lof].into_iter().chain(MEASURES.into_iter().filter(|(name, _)| *name != LOF)) {
        let scores = state.outliers().scores().map(AsRef::as_ref);
        if let Some(values) = measured_values(name, scores, cloud.chi2()).filter(|values| values.len() == cloud.len()) {
            columns.push((name.to_owned(), label.to_owned(), values.to_vec()));
        }
    }
    let extra: Vec<ExtraColumn<'_>> =
        columns.iter().map(|(name, label, values)| ExtraColumn { name, label, unit: "", values }).collect();
    let selection = Selection { manifest, catalogue, latents: None, extra: &extra, rows: &rows };
    Some(if votable { selection_votable(&selection) } else { selection_csv(&selection) })
}

//! The corner plot's columns, histograms, markers and description.

use std::sync::Arc;

use super::embedding::Cloud;
use super::scatter_layers::OwnPoint;
use crate::page::axis_choice::AxisChoice;
use crate::page::interaction::corner::Panel;
use crate::page::state::{AppState, OwnFile, Source};
use crate::plot::{CornerLayout, CornerMarker, MarkerKind, histogram};

/// Number of bins of a histogram on the diagonal.
const BINS: usize = 40;

/// Returns the names of the axes, `[dims]`: latents as the encoder outputs them, or their principal axes.
pub fn axis_names(dims: usize, raw: bool) -> Vec<String> {
    (0..dims).map(|index| axis_name(raw, index)).collect()
}

fn axis_name(raw: bool, index: usize) -> String {
    if raw { AxisChoice::Latent(index + 1).label() } else { AxisChoice::Vae(index + 1).label() }
}

/// Returns the columns shown, `[d][n]`.
pub fn latent_columns(cloud: &Cloud, raw: bool) -> Vec<Vec<f32>> {
    let table = if raw { &cloud.mean } else { &cloud.along };
    (0..cloud.dims).map(|index| table.iter().skip(index).step_by(cloud.dims).copied().collect()).collect()
}

/// Returns the histograms on the diagonal `[d][bins]`: of the visible rows, and of the picked ones (empty where none are
/// picked).
pub fn diagonal_histograms(
    layout: &CornerLayout,
    columns: &[Vec<f32>],
    visible: impl Fn(usize) -> bool,
    picked: Option<&[u32]>,
) -> (Vec<Vec<f32>>, Vec<Vec<f32>>) {
    let bars = |values: &[f32], index: usize, shown: &dyn Fn(usize) -> bool| {
        histogram(values, layout.axes[index], BINS, shown)
    };
    let all = columns.iter().enumerate().map(|(index, column)| bars(column, index, &|row| visible(row))).collect();
    let picked = picked.map_or(Vec::new(), |rows| {
        let of_picked =
            |column: &Vec<f32>| rows.iter().filter_map(|&row| column.get(row as usize).copied()).collect::<Vec<f32>>();
        let columns = columns.iter().map(of_picked).enumerate();
        columns.map(|(index, column)| bars(&column, index, &|_| true)).collect()
    });
    (all, picked)
}

/// Returns the markers of the embedding `serial`: the user's spectra, the selected one, the cursor and the latents of the sliders.
pub fn corner_markers(
    state: &AppState,
    raw: bool,
    serial: u32,
    cursor: Option<usize>,
    own: &[OwnPoint],
) -> Vec<CornerMarker> {
    let Some(cloud) = state.embedding().filter(|cloud| cloud.serial == serial) else { return Vec::new() };
    let position = |latent: &[f32]| if raw { latent.to_vec() } else { cloud.axes.project(latent) };
    let selected = state.selection().map(|selection| selection.source);
    let own_mark = |(index, (file, point)): (usize, (&Arc<OwnFile>, &OwnPoint))| {
        let is_selected = selected == Some(Source::File(index));
        let kind = if is_selected { MarkerKind::SelectedFile } else { MarkerKind::Own(point.color) };
        Some(CornerMarker { latents: position(file.latent()?), kind })
    };
    let mut marks: Vec<CornerMarker> = state.files().iter().zip(own).enumerate().filter_map(own_mark).collect();
    if let Some(row) = state.selected_row().filter(|row| *row < cloud.len()) {
        marks.push(CornerMarker { latents: position(cloud.row(row)), kind: MarkerKind::Selected });
    }
    if let Some(row) = cursor.filter(|row| *row < cloud.len()) {
        marks.push(CornerMarker { latents: position(cloud.row(row)), kind: MarkerKind::Selected });
    }
    if state.latent().len() == cloud.dims && (state.selection().is_none() || state.moved()) {
        marks.push(CornerMarker { latents: position(state.latent()), kind: MarkerKind::Latent });
    }
    marks
}

/// Describes the corner plot for a screen reader, with the panel that the keyboard is on.
pub fn corner_text(state: &AppState, raw: bool, active: Option<Panel>) -> String {
    let dims = state.embedding().map_or(0, |cloud| cloud.dims);
    let chosen = active.map_or(String::new(), |(column, row)| {
        format!(" Panel of {} and {}.", axis_name(raw, column), axis_name(raw, row))
    });
    let picked = state.picked().map_or(String::new(), |picked| format!(" {} spectra are picked.", picked.rows.len()));
    format!(
        "Corner plot: every pair of {dims} latents.{picked}{chosen} Arrow keys go from panel to panel, Enter shows the pair in the scatter."
    )
}

//! What the scatter lays over its points: markers, the open path, draws of noise, stars.

use crate::page::axis_choice::AxisChoice;
use crate::page::state::{AppState, Source};
use crate::page::view::embedding::Cloud;
use crate::page::view::neighbourhood::Neighbourhood;
use crate::plot::{Marker, MarkerKind, Overlay};

/// How places are found along the two axes on screen.
pub struct Plane<'a> {
    cloud: &'a Cloud,
    axes: &'a (AxisChoice, AxisChoice),
    x: &'a [f32],
    y: &'a [f32],
    surroundings: Option<&'a Neighbourhood>,
}

impl<'a> Plane<'a> {
    /// Of a cloud, two axes and their columns.
    pub fn new(
        cloud: &'a Cloud,
        axes: &'a (AxisChoice, AxisChoice),
        (x, y): (&'a [f32], &'a [f32]),
        surroundings: Option<&'a Neighbourhood>,
    ) -> Self {
        Self { cloud, axes, x, y, surroundings }
    }

    /// Where a row lies.
    pub fn row(&self, row: usize) -> Option<(f32, f32)> {
        Some((*self.x.get(row)?, *self.y.get(row)?))
    }

    /// Where a place in latent space lies: exactly along latents and their axes; in a UMAP, and along measurements, where its
    /// nearest spectrum lies.
    pub fn place(&self, latent: &[f32]) -> Option<(f32, f32)> {
        let nearest = || self.surroundings?.neighbours(latent, None).first().map(|neighbour| neighbour.row);
        let along = |axis: &AxisChoice, column: &[f32]| {
            self.cloud.position(latent, axis).or_else(|| column.get(nearest()?).copied())
        };
        (latent.len() == self.cloud.dims).then(|| Some((along(&self.axes.0, self.x)?, along(&self.axes.1, self.y)?)))?
    }
}

/// Selected point, spectra of the user's and, once the sliders have left the selected point, where they are.
pub fn markers(state: &AppState, plane: &Plane<'_>) -> Vec<Marker> {
    let mut markers = Vec::new();
    let mut mark = |place: Option<(f32, f32)>, kind: MarkerKind, label: String| {
        if let Some((x, y)) = place.filter(|(x, y)| x.is_finite() && y.is_finite()) {
            markers.push(Marker { x, y, kind, label });
        }
    };
    let selected = state.selection.as_ref().map(|selection| selection.source);
    for (index, file) in state.files.iter().enumerate() {
        // One name at a time: files of alike galaxies lie close together.
        let is_selected = selected == Some(Source::File(index));
        let label = if is_selected { file.title() } else { String::new() };
        let kind = if is_selected { MarkerKind::SelectedFile } else { MarkerKind::File };
        mark(file.place().and_then(|place| plane.place(place)), kind, label);
    }
    if let Some(Source::Row(row)) = selected {
        mark(plane.row(row), MarkerKind::Selected, String::new());
    }
    let on_path = state.path.as_ref().is_some_and(|path| path.place() == state.latent);
    if !on_path
        && state.noise.as_ref().is_none_or(|noise| noise.pixels.is_none())
        && (state.selection.is_none() || state.moved())
    {
        mark(plane.place(&state.latent), MarkerKind::Place, String::new());
    }
    markers
}

/// Path, noise and stars.
pub fn overlay(state: &AppState, plane: &Plane<'_>, stars: bool) -> Overlay {
    let path =
        state.path.as_ref().map_or(Vec::new(), |path| path.nodes.iter().filter_map(|node| plane.place(node)).collect());
    let path_at =
        state.path.as_ref().filter(|path| path.place() == state.latent).and_then(|_| plane.place(&state.latent));
    let trail = state
        .noise
        .as_ref()
        .map_or(Vec::new(), |noise| noise.trail.iter().filter_map(|point| plane.place(&point.mean)).collect());
    let stars =
        if stars { state.star_rows().into_iter().filter_map(|row| plane.row(row)).collect() } else { Vec::new() };
    let pins = state.pins.iter().map(|pin| plane.place(&pin.latent)).collect();
    Overlay { path, path_at, trail, stars, pins, ..Overlay::default() }
}

//! The layers over the scatter's points (markers, the open path, draws of noise, stars), and the scatter's description.

use super::embedding::Cloud;
use super::neighbourhood::Neighbourhood;
use super::scatter_columns::Columns;
use crate::page::axis_choice::AxisChoice;
use crate::page::state::{AppState, OwnFile, OwnKey, Source};
use crate::plot::{Marker, MarkerKind, Overlay, Rgb, SkyMap};

/// A spectrum of the user's as a point.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnPoint {
    /// Tells the spectra from each other.
    pub key: OwnKey,
    /// Position; `None` where it has none along these axes.
    pub at: Option<(f32, f32)>,
    /// Colour by the rule that colours the set.
    pub color: Rgb,
}

/// The plane of the two axes on screen, onto which latents are projected.
pub struct Plane<'a> {
    cloud: &'a Cloud,
    axes: &'a (AxisChoice, AxisChoice),
    x: &'a [f32],
    y: &'a [f32],
    neighbourhood: Option<&'a Neighbourhood>,
    sky: Option<SkyMap>,
}

impl<'a> Plane<'a> {
    /// Returns the plane of two columns; `None` where they belong to another embedding than the one on screen. A neighbourhood of
    /// another embedding is left out.
    pub fn of(state: &'a AppState, columns: &'a Columns, neighbourhood: Option<&'a Neighbourhood>) -> Option<Self> {
        let cloud = state.embedding().filter(|cloud| cloud.serial == columns.serial)?;
        let neighbourhood = neighbourhood.filter(|known| known.serial == cloud.serial);
        Some(Self { cloud, axes: &columns.axes, x: &columns.x, y: &columns.y, neighbourhood, sky: columns.sky })
    }

    /// Returns whether it is a map of the sky.
    pub fn is_sky(&self) -> bool {
        self.sky.is_some()
    }

    /// Returns the quantity along x, or along y.
    pub fn axis(&self, vertical: bool) -> &AxisChoice {
        if vertical { &self.axes.1 } else { &self.axes.0 }
    }

    /// Returns the value of a row along x, or along y.
    pub fn value(&self, vertical: bool, row: usize) -> Option<f32> {
        let column = if vertical { self.y } else { self.x };
        column.get(row).copied()
    }

    /// Returns the value of latents `[d]` along an axis that has a direction in latent space.
    pub fn exact(&self, latent: &[f32], axis: &AxisChoice) -> Option<f32> {
        (latent.len() == self.cloud.dims).then(|| self.cloud.position(latent, axis))?
    }

    /// Returns the position of a row.
    pub fn row(&self, row: usize) -> Option<(f32, f32)> {
        Some((*self.x.get(row)?, *self.y.get(row)?))
    }

    /// Returns the position of a spectrum of the user's: on a map of the sky where its file says that it is, else that of its latents.
    pub fn file(&self, file: &OwnFile) -> Option<(f32, f32)> {
        let Some(sky) = self.sky else { return self.position(file.latent()?) };
        let (x, y) = sky.project(file.object.position?);
        Some((x as f32, y as f32))
    }

    /// Returns the position of latents `[d]`: exact along latents and their principal axes; along UMAP and measurements it is that of
    /// the nearest spectrum.
    pub fn position(&self, latent: &[f32]) -> Option<(f32, f32)> {
        let nearest = || self.neighbourhood?.neighbours(latent, None).first().map(|neighbour| neighbour.row);
        let along = |axis: &AxisChoice, column: &[f32]| {
            self.cloud.position(latent, axis).or_else(|| column.get(nearest()?).copied())
        };
        (latent.len() == self.cloud.dims).then(|| Some((along(&self.axes.0, self.x)?, along(&self.axes.1, self.y)?)))?
    }
}

/// Returns the markers: the user's spectra at `own`, the selected one and, once the sliders have left the selected one, their latents.
pub fn markers(state: &AppState, plane: &Plane<'_>, own: &[OwnPoint]) -> Vec<Marker> {
    let mut markers = Vec::new();
    let mut mark = |position: Option<(f32, f32)>, kind: MarkerKind, label: String| {
        if let Some((x, y)) = position.filter(|(x, y)| x.is_finite() && y.is_finite()) {
            markers.push(Marker { x, y, kind, label });
        }
    };
    let selected = state.selection().map(|selection| selection.source);
    for (_, point) in own.iter().enumerate().filter(|(index, _)| selected != Some(Source::File(*index))) {
        mark(point.at, MarkerKind::Own(point.color), String::new());
    }
    // One name at a time, since files of similar galaxies lie close together.
    if let Some(Source::File(index)) = selected
        && let (Some(file), Some(point)) = (state.files().get(index), own.get(index))
    {
        mark(point.at, MarkerKind::SelectedFile, file.title());
    }
    if let Some(Source::Row(row)) = selected {
        mark(plane.row(row), MarkerKind::Selected, String::new());
    }
    let on_path = state.path().is_some_and(|path| path.latent() == state.latent());
    if !on_path
        && state.noise().is_none_or(|noise| noise.pixels.is_none())
        && (state.selection().is_none() || state.moved())
    {
        mark(plane.position(state.latent()), MarkerKind::Latent, String::new());
    }
    markers
}

/// Returns the lines and dots over the points: path, draws of noise, stars, pins.
pub fn overlay(state: &AppState, plane: &Plane<'_>, stars: bool) -> Overlay {
    let path =
        state.path().map_or(Vec::new(), |path| path.nodes.iter().filter_map(|node| plane.position(node)).collect());
    let path_at =
        state.path().filter(|path| path.latent() == state.latent()).and_then(|_| plane.position(state.latent()));
    let trail = state
        .noise()
        .map_or(Vec::new(), |noise| noise.trail.iter().filter_map(|point| plane.position(&point.mean)).collect());
    let stars =
        if stars { state.star_rows().into_iter().filter_map(|row| plane.row(row)).collect() } else { Vec::new() };
    let pins = state.pins().iter().map(|pin| plane.position(&pin.latent)).collect();
    Overlay { path, path_at, trail, stars, pins, ..Overlay::default() }
}

/// Describes the scatter for a screen reader.
pub fn scatter_text(state: &AppState) -> String {
    let count = state.embedding().map_or(0, |cloud| cloud.len());
    let (x, y) = state.axis_titles();
    let color = match state.link().color.as_str() {
        "class" => "class".to_owned(),
        column => state.column_label(column).0,
    };
    let picked = state.picked().map_or(String::new(), |picked| format!(" {} are picked.", picked.rows.len()));
    let hidden = if state.link().hidden.is_empty() { "" } else { " Some classes are hidden." };
    format!(
        "Scatter of {count} spectra along {x} and {y}, coloured by {color}.{picked}{hidden} Arrow keys walk from point \
             to point, Enter selects, Space picks, plus and minus zoom, 0 shows all."
    )
}

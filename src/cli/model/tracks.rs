//! `tracks`: the paper's tracks through latent space, and its sweeps along the axes.

use anyhow::Result;
use clap::Args;

use super::encoded_set::{EncodedSet, SetAndModel};
use super::table::{Cell, Table};
use crate::cli::outcome::Outcome;
use crate::latent::{LatentAxes, TRACKS, sweeps};
use crate::spectrum::grid;

#[derive(Debug, Args)]
pub(in crate::cli) struct Tracks {
    #[command(flatten)]
    inputs: SetAndModel,
    /// Add the sweeps along each axis.
    #[arg(long)]
    sweeps: bool,
    /// Print the decoded spectra, a column each, in place of the latents.
    #[arg(long)]
    spectra: bool,
}

/// A point of a track or sweep.
struct TrackPoint {
    /// Label, such as `S1` or `VAE 6 at 99 %`.
    name: String,
    /// Number of spectra in the bin of which this is the centroid; `None` for a sweep.
    members: Option<usize>,
    /// Latent `[d]`.
    latent: Vec<f32>,
}

impl Tracks {
    pub(super) fn run(&self) -> Result<Outcome> {
        let encoded = self.inputs.encode()?;
        let axes = encoded.axes();
        let mut points = track_points(&encoded, &axes);
        if self.sweeps {
            points.extend(sweep_points(&encoded, &axes)?);
        }
        let table = if self.spectra { spectra(&encoded, &points) } else { latents(&axes, points) };
        table.print(self.inputs.json);
        Ok(Outcome::Done)
    }
}

fn track_points(encoded: &EncodedSet, axes: &LatentAxes) -> Vec<TrackPoint> {
    let classes: Vec<i32> = encoded.set.classes().into_iter().map(i32::from).collect();
    let mut points = Vec::new();
    for rule in &TRACKS {
        match rule.follow(axes, &encoded.encoded.mean, &classes) {
            Ok(track) => {
                track.left_out.iter().for_each(|sentence| eprintln!("{sentence}"));
                points.extend(track.bins.into_iter().enumerate().map(|(index, bin)| TrackPoint {
                    name: format!("{}{}", track.name, index + 1),
                    members: Some(bin.members),
                    latent: bin.centroid,
                }));
            }
            // A model with two latents has no track along VAE 5; the other tracks are still printed.
            Err(error) => eprintln!("{error}"),
        }
    }
    points
}

fn sweep_points(encoded: &EncodedSet, axes: &LatentAxes) -> Result<Vec<TrackPoint>> {
    let all = sweeps(axes, &encoded.encoded.mean)?;
    let points = all.into_iter().flat_map(|sweep| {
        let axis = sweep.axis;
        sweep.points.into_iter().map(move |point| TrackPoint {
            name: format!("VAE {axis} at {}", point.label),
            members: None,
            latent: point.latent,
        })
    });
    Ok(points.collect())
}

/// Returns a table of the decoded spectra: a row per pixel, a column per point.
fn spectra(encoded: &EncodedSet, points: &[TrackPoint]) -> Table {
    let names = points.iter().map(|point| point.name.clone());
    let mut table = Table::new(std::iter::once("wavelength".to_owned()).chain(names));
    let flux: Vec<Vec<f32>> = points.iter().map(|point| encoded.model.decode(&point.latent)).collect();
    for (pixel, wavelength) in grid::wavelengths().into_iter().enumerate() {
        table.push(std::iter::once(wavelength.into()).chain(flux.iter().map(|flux| flux[pixel].into())));
    }
    table
}

/// Returns a table of the points: their latents, and their coordinates along the principal axes.
fn latents(axes: &LatentAxes, points: Vec<TrackPoint>) -> Table {
    let columns = |name: &'static str| (1..=axes.dims).map(move |number| format!("{name}_{number}"));
    let first = ["place".to_owned(), "members".to_owned()].into_iter();
    let mut table = Table::new(first.chain(columns("latent")).chain(columns("vae")));
    for TrackPoint { name, members, latent } in points {
        let coordinates = axes.project(&latent);
        let members = members.map_or(Cell::Number(f64::NAN), Cell::from);
        let numbers = latent.into_iter().chain(coordinates).map(Cell::from);
        table.push([name.into(), members].into_iter().chain(numbers));
    }
    table
}

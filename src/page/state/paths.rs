//! Opening paths through latent space and playing them: the paper's tracks, sweeps of one axis, lines drawn by hand, and the straight way
//! between two spectra.

use super::AppState;
use super::slices::asked::Asked;
use super::slices::path::{Path, PathKind};
use crate::latent::{TRACKS, interpolate, sweeps};
use crate::page::axis_choice::AxisChoice;
use crate::protocol::ExploreCommand;

/// A path to open: kind, title, nodes `[m][d]` and labels `[m]`.
type NewPath = (PathKind, String, Vec<Vec<f32>>, Vec<String>);

impl AppState {
    /// Opens one of the paper's tracks, or a sweep, by its name in a link.
    ///
    /// # Errors
    /// A sentence where there is no such track in this model's space.
    pub fn open_path(&mut self, key: &str) -> Result<(), String> {
        let (kind, title, nodes, labels) = self.known_path(key)?;
        self.start_path(kind, title, nodes, labels);
        if let Some(first) = self.path.as_ref().map(Path::latent) {
            self.move_to(first);
        }
        Ok(())
    }

    fn known_path(&self, key: &str) -> Result<NewPath, String> {
        let cloud = self.set.embedding().ok_or("The set has not loaded yet: wait a moment.")?;
        if let Some(rule) = TRACKS.iter().find(|rule| rule.name == key) {
            let classes: Vec<i32> = cloud.class.iter().map(|&code| i32::from(code)).collect();
            let track = rule.follow(&cloud.axes, &cloud.mean, &classes).map_err(|error| error.to_string())?;
            if track.bins.len() < 2 {
                return Err(format!("Track {key} has fewer than two places here: too few spectra of its classes."));
            }
            let label = |bin: &crate::latent::TrackBin| {
                format!("{} to {} % ({})", bin.from_percentile, bin.to_percentile, bin.members)
            };
            let labels = track.bins.iter().map(label).collect();
            let nodes = track.bins.into_iter().map(|bin| bin.centroid).collect();
            return Ok((PathKind::Track(rule.name), format!("Track {key}: {}", rule.description), nodes, labels));
        }
        let axis = key.strip_prefix("sweep").and_then(|number| number.parse::<usize>().ok());
        let axis = axis.filter(|axis| (1..=cloud.dims).contains(axis)).ok_or_else(|| {
            format!(
                "There is no path \u{201c}{key}\u{201d}: the tracks are S, E, P and A, the sweeps sweep1 to sweep{}.",
                cloud.dims
            )
        })?;
        let sweeps = sweeps(&cloud.axes, &cloud.mean).map_err(|error| error.to_string())?;
        let sweep = sweeps.into_iter().nth(axis - 1).ok_or("The model has no such axis.")?;
        let title = format!("Along VAE {axis}, the other axes at their mean");
        let labels = sweep.points.iter().map(|point| point.label.clone()).collect();
        Ok((PathKind::Sweep(axis), title, sweep.points.into_iter().map(|point| point.latent).collect(), labels))
    }

    /// Opens a path drawn in the scatter, with corners along its two axes; the other latents are those of the spectra around.
    pub fn draw_path(&mut self, corners: &[(f64, f64)], x: &[f32], y: &[f32], scale: (f64, f64)) {
        let Some(cloud) = self.set.embedding().cloned() else { return };
        let axes = self.link.axes.clone();
        let nodes: Vec<Vec<f32>> =
            corners.iter().filter_map(|&corner| cloud.latent_in_plane(&axes, corner, x, y, scale)).collect();
        if nodes.len() < 2 {
            self.fail("A path needs two places at least: draw a longer line over the points.".to_owned());
            return;
        }
        let labels = (1..=nodes.len()).map(|number| format!("place {number} of {}", nodes.len())).collect();
        let others = match (&axes.0, &axes.1) {
            (AxisChoice::Umap(_) | AxisChoice::Column(_) | AxisChoice::Sky, _)
            | (_, AxisChoice::Umap(_) | AxisChoice::Column(_)) => "each place is the mean of the spectra around it",
            _ => "the other axes are those of the spectra around each place",
        };
        self.start_path(PathKind::Drawn, format!("Drawn by hand: {others}"), nodes, labels);
        if let Some(first) = self.path.as_ref().map(Path::latent) {
            self.move_to(first);
        }
    }

    /// Opens the straight way from a pinned spectrum to where the sliders are.
    pub fn path_from_pin(&mut self, index: usize) {
        let Some(pin) = self.picks.pins().get(index).cloned() else { return };
        let Some(flat) = interpolate(&pin.latent, self.decoder.latent(), 5) else {
            self.fail(format!("{} has no place under this model yet: wait a moment, then ask again.", pin.label));
            return;
        };
        if pin.latent == self.decoder.latent() {
            self.fail("Start and end are the same place: select another spectrum, then ask again.".to_owned());
            return;
        }
        let nodes: Vec<Vec<f32>> = flat.chunks(pin.latent.len()).map(<[f32]>::to_vec).collect();
        let end = if self.selecting.current().is_some() && !self.moved() {
            self.title()
        } else {
            "where the sliders were".to_owned()
        };
        let labels = vec![
            pin.label.clone(),
            "a quarter".to_owned(),
            "half-way".to_owned(),
            "three quarters".to_owned(),
            end.clone(),
        ];
        self.start_path(PathKind::Between, format!("From {} to {end}", pin.label), nodes, labels);
        if let Some(first) = self.path.as_ref().map(Path::latent) {
            self.move_to(first);
        }
    }

    fn start_path(&mut self, kind: PathKind, title: String, nodes: Vec<Vec<f32>>, labels: Vec<String>) {
        let serial = self.next_serial();
        self.link.track = kind.key();
        self.path = Some(Path::new(serial, kind, title, nodes, labels));
        self.ask_nodes();
    }

    /// Closes the path; the sliders stay where they are.
    pub fn close_path(&mut self) {
        self.path = None;
        self.link.track = None;
    }

    /// Goes to a position on the path.
    pub fn go_to(&mut self, at: f32) {
        let Some(path) = self.path.as_mut().filter(|_| at.is_finite()) else { return };
        let latent = path.go_to(at);
        self.noise = None;
        self.move_to(latent);
    }

    /// Opens a path by its name in a link and plays it; what is wrong with the name is reported.
    pub fn open_and_play(&mut self, key: &str) {
        match self.open_path(key) {
            Ok(()) => self.play_path(true),
            Err(sentence) => self.fail(sentence),
        }
    }

    /// Pauses the path and goes to a position on it.
    pub fn step_to(&mut self, at: f32) {
        self.play_path(false);
        self.go_to(at);
    }

    /// Pauses the path, because the user moves something else.
    pub(super) fn pause_path(&mut self) {
        if let Some(path) = &mut self.path {
            path.playing = false;
        }
    }

    /// Plays the path, from the start where it has been played to its end; or pauses.
    pub fn play_path(&mut self, playing: bool) {
        if self.path.as_mut().is_some_and(|path| path.play(playing)) {
            self.go_to(0.0);
        }
    }

    /// Goes on along a path that is played, by the seconds since the last frame; by whole nodes where motion is not wanted.
    pub fn advance_path(&mut self, seconds: f32, by_nodes: bool) {
        if let Some(at) = self.path.as_mut().and_then(|path| path.advance(seconds, by_nodes)) {
            self.go_to(at);
        }
    }

    /// Opens the path that the link names.
    pub(super) fn open_linked_path(&mut self, linked: bool) {
        let Some(key) = self.link.track.clone() else { return };
        let latent = self.decoder.latent().to_vec();
        if let Err(sentence) = self.open_path(&key) {
            self.link.track = None;
            self.fail(format!("{} The link's track was left out.", sentence.trim_end_matches('.').to_owned() + "."));
            return;
        }
        // Latents in the link go before the start of the path.
        if linked {
            if let Some(path) = &mut self.path {
                path.go_near(&latent);
            }
            self.decoder.set(latent);
        }
    }

    /// Takes in that another model is on screen: a track is followed through its latents, any other path is closed.
    pub(super) fn follow_path_again(&mut self) {
        let Some(path) = self.path.take() else { return };
        let Some(key) = path.kind.key() else { return };
        match self.known_path(&key) {
            Ok((kind, title, nodes, labels)) => self.start_path(kind, title, nodes, labels),
            Err(_) => self.link.track = None,
        }
    }

    /// Asks for the spectra of the nodes, unless they are there.
    pub(super) fn ask_nodes(&mut self) {
        let Some(path) = self.path.as_ref().filter(|path| path.decoded.is_empty() && self.explorer.can_ask()) else {
            return;
        };
        let (asked, latents) = (Asked::Nodes(path.serial), path.nodes.concat());
        self.explorer.ask(ExploreCommand::DecodeMany { latents }, asked);
    }
}

//! Ways through latent space that can be played: the paper's tracks, sweeps of one axis, lines drawn by hand, and the straight way
//! between two spectra.

use std::sync::Arc;

use super::{AppState, Asked};
use crate::latent::{TRACKS, interpolate, sweeps};
use crate::page::axis_choice::AxisChoice;
use crate::protocol::ExploreCommand;

/// A way through latent space.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Tells paths apart without comparing them.
    pub serial: u32,
    /// Which one.
    pub kind: PathKind,
    /// One line for people.
    pub title: String,
    /// `[m][d]` the places it leads through, at least two.
    pub nodes: Vec<Vec<f32>>,
    /// `[m]` what stands at each: "30 to 60 %".
    pub labels: Vec<String>,
    /// `[m][1000]` what the model makes of each, once decoded; empty until then.
    pub decoded: Arc<Vec<Vec<f32>>>,
    /// Where one is on it, 0 to m - 1.
    pub at: f32,
    /// Whether it is being played.
    pub playing: bool,
}

/// Which path.
#[derive(Debug, Clone, PartialEq)]
pub enum PathKind {
    /// One of the paper's tracks, by its letter.
    Track(&'static str),
    /// Along one axis, VAE 1, 2...
    Sweep(usize),
    /// Drawn in the scatter.
    Drawn,
    /// From one spectrum to another.
    Between,
}

impl PathKind {
    /// Its name in a link; none where a link could not say where it leads.
    pub fn key(&self) -> Option<String> {
        match self {
            PathKind::Track(name) => Some((*name).to_owned()),
            PathKind::Sweep(axis) => Some(format!("sweep{axis}")),
            PathKind::Drawn | PathKind::Between => None,
        }
    }
}

/// Nodes a second when played.
const SPEED: f32 = 0.8;

impl Path {
    /// `[d]` the place where one is on it.
    pub fn place(&self) -> Vec<f32> {
        let last = self.nodes.len() - 1;
        let at = self.at.clamp(0.0, last as f32);
        let node = (at.floor() as usize).min(last.saturating_sub(1));
        let part = at - node as f32;
        let (from, to) = (&self.nodes[node], &self.nodes[(node + 1).min(last)]);
        from.iter().zip(to).map(|(a, b)| a + (b - a) * part).collect()
    }
}

impl AppState {
    /// Opens one of the paper's tracks, or a sweep, by its name in a link.
    ///
    /// # Errors
    /// A sentence where there is no such track in this model's space.
    pub fn open_path(&mut self, key: &str) -> Result<(), String> {
        let (kind, title, nodes, labels) = self.known_path(key)?;
        self.start_path(kind, title, nodes, labels);
        if let Some(first) = self.path.as_ref().map(Path::place) {
            self.move_to(first);
        }
        Ok(())
    }

    #[allow(clippy::type_complexity)]
    fn known_path(&self, key: &str) -> Result<(PathKind, String, Vec<Vec<f32>>, Vec<String>), String> {
        let cloud = self.cloud.as_ref().ok_or("The set has not loaded yet: wait a moment.")?;
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

    /// Opens a path drawn in the scatter: places along its two axes; the other latents are those of the spectra around.
    pub fn draw_path(&mut self, corners: &[(f64, f64)], x: &[f32], y: &[f32], scale: (f64, f64)) {
        let Some(cloud) = self.cloud.clone() else { return };
        let axes = self.link.axes.clone();
        let nodes: Vec<Vec<f32>> =
            corners.iter().filter_map(|&corner| cloud.place_in_plane(&axes, corner, x, y, scale)).collect();
        if nodes.len() < 2 {
            self.fail("A path needs two places at least: draw a longer line over the points.".to_owned());
            return;
        }
        let labels = (1..=nodes.len()).map(|number| format!("place {number} of {}", nodes.len())).collect();
        let others = match (&axes.0, &axes.1) {
            (AxisChoice::Umap(_) | AxisChoice::Column(_), _) | (_, AxisChoice::Umap(_) | AxisChoice::Column(_)) => {
                "each place is the mean of the spectra around it"
            }
            _ => "the other axes are those of the spectra around each place",
        };
        self.start_path(PathKind::Drawn, format!("Drawn by hand: {others}"), nodes, labels);
        if let Some(first) = self.path.as_ref().map(Path::place) {
            self.move_to(first);
        }
    }

    /// Opens the straight way from a pinned spectrum to where the sliders are.
    pub fn path_from_pin(&mut self, index: usize) {
        let Some(pin) = self.pins.get(index).cloned() else { return };
        let Some(flat) = interpolate(&pin.latent, &self.latent, 5) else {
            self.fail(format!("{} has no place under this model yet: wait a moment, then ask again.", pin.label));
            return;
        };
        if pin.latent == self.latent {
            self.fail("Start and end are the same place: select another spectrum, then ask again.".to_owned());
            return;
        }
        let nodes: Vec<Vec<f32>> = flat.chunks(self.latent.len()).map(<[f32]>::to_vec).collect();
        let end =
            if self.selection.is_some() && !self.moved() { self.title() } else { "where the sliders were".to_owned() };
        let labels = vec![
            pin.label.clone(),
            "a quarter".to_owned(),
            "half-way".to_owned(),
            "three quarters".to_owned(),
            end.clone(),
        ];
        self.start_path(PathKind::Between, format!("From {} to {end}", pin.label), nodes, labels);
        if let Some(first) = self.path.as_ref().map(Path::place) {
            self.move_to(first);
        }
    }

    fn start_path(&mut self, kind: PathKind, title: String, nodes: Vec<Vec<f32>>, labels: Vec<String>) {
        let serial = self.next_serial();
        self.link.track = kind.key();
        let decoded = Arc::default();
        self.path = Some(Path { serial, kind, title, nodes, labels, decoded, at: 0.0, playing: false });
        self.ask_nodes();
    }

    /// Closes the path; the sliders stay where they are.
    pub fn close_path(&mut self) {
        self.path = None;
        self.link.track = None;
    }

    /// Goes to a place on the path.
    pub fn go_to(&mut self, at: f32) {
        let Some(path) = self.path.as_mut().filter(|_| at.is_finite()) else { return };
        path.at = at.clamp(0.0, (path.nodes.len() - 1) as f32);
        let place = path.place();
        self.noise = None;
        self.move_to(place);
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

    /// The user moves something else.
    pub(super) fn pause_path(&mut self) {
        if let Some(path) = &mut self.path {
            path.playing = false;
        }
    }

    /// Plays the path, from the start where it has been played to its end; or pauses.
    pub fn play_path(&mut self, playing: bool) {
        let Some(path) = &mut self.path else { return };
        path.playing = playing;
        if playing && path.at >= (path.nodes.len() - 1) as f32 - 1e-3 {
            self.go_to(0.0);
        }
    }

    /// Goes on along a path that is played, by the seconds since the last frame; by whole nodes where motion is not wanted.
    pub fn advance_path(&mut self, seconds: f32, by_nodes: bool) {
        let Some(path) = self.path.as_mut().filter(|path| path.playing) else { return };
        let last = (path.nodes.len() - 1) as f32;
        let at = if by_nodes { path.at.floor() + 1.0 } else { path.at + seconds * SPEED };
        path.playing = at < last;
        self.go_to(at.min(last));
    }

    /// Opens the path that the link names.
    pub(super) fn open_linked_path(&mut self, placed: bool) {
        let Some(key) = self.link.track.clone() else { return };
        let place = self.latent.clone();
        if let Err(sentence) = self.open_path(&key) {
            self.link.track = None;
            self.fail(format!("{} The link's track was left out.", sentence.trim_end_matches('.').to_owned() + "."));
            return;
        }
        // A place in the link goes before the path's start.
        if placed {
            if let Some(path) = &mut self.path {
                path.at = nearest_on(&path.nodes, &place);
            }
            self.latent = place;
        }
    }

    /// Another model is on screen: a track is followed through its latents, any other path is closed.
    pub(super) fn follow_path_anew(&mut self) {
        let Some(path) = self.path.take() else { return };
        let Some(key) = path.kind.key() else { return };
        match self.known_path(&key) {
            Ok((kind, title, nodes, labels)) => self.start_path(kind, title, nodes, labels),
            Err(_) => self.link.track = None,
        }
    }

    pub(super) fn ask_nodes(&mut self) {
        if !self.can_ask() {
            return;
        }
        let Some(path) = self.path.as_ref().filter(|path| path.decoded.is_empty()) else { return };
        let (serial, latents) = (path.serial, path.nodes.concat());
        self.ask_for(ExploreCommand::DecodeMany { latents }, Asked::Nodes(serial));
    }

    pub(super) fn on_nodes_decoded(&mut self, serial: u32, flux: Vec<f32>) {
        if let Some(path) = self.path.as_mut().filter(|path| path.serial == serial && !path.nodes.is_empty()) {
            let width = flux.len() / path.nodes.len();
            path.decoded = Arc::new(flux.chunks(width.max(1)).map(<[f32]>::to_vec).collect());
        }
    }
}

/// Where on a path a place is, or comes closest.
fn nearest_on(nodes: &[Vec<f32>], place: &[f32]) -> f32 {
    let mut best = (f32::INFINITY, 0.0);
    for (index, pair) in nodes.windows(2).enumerate() {
        let way: Vec<f32> = pair[0].iter().zip(&pair[1]).map(|(a, b)| b - a).collect();
        let to: Vec<f32> = pair[0].iter().zip(place).map(|(a, b)| b - a).collect();
        let length: f32 = way.iter().map(|v| v * v).sum();
        let along: f32 = way.iter().zip(&to).map(|(a, b)| a * b).sum();
        let part = if length > 0.0 { (along / length).clamp(0.0, 1.0) } else { 0.0 };
        let distance: f32 = way.iter().zip(&to).map(|(a, b)| (a * part - b).powi(2)).sum();
        if distance < best.0 {
            best = (distance, index as f32 + part);
        }
    }
    best.1
}

//! A path through latent space, and playing it.

use std::sync::Arc;

/// A path through latent space.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Tells paths apart without comparing them.
    pub serial: u32,
    /// Which one.
    pub kind: PathKind,
    /// One line that says what it is.
    pub title: String,
    /// `[m][d]` the latents that it leads through, at least two.
    pub nodes: Vec<Vec<f32>>,
    /// `[m]` the label of each: "30 to 60 %".
    pub labels: Vec<String>,
    /// `[m][1000]` the decoded spectrum of each, once there; empty until then.
    pub decoded: Arc<Vec<Vec<f32>>>,
    /// The position on it, 0 to m - 1.
    pub at: f32,
    /// Whether it is being played.
    pub playing: bool,
}

/// The kind of a path.
#[derive(Debug, Clone, PartialEq)]
pub enum PathKind {
    /// One of the paper's tracks, by its letter.
    Track(&'static str),
    /// Along one principal axis, VAE 1, 2...
    Sweep(usize),
    /// Drawn in the scatter.
    Drawn,
    /// From one spectrum to another.
    Between,
}

/// Nodes a second when played.
const SPEED: f32 = 0.8;

impl PathKind {
    /// Returns its name in a link; `None` where a link could not say where it leads.
    pub fn key(&self) -> Option<String> {
        match self {
            PathKind::Track(name) => Some((*name).to_owned()),
            PathKind::Sweep(axis) => Some(format!("sweep{axis}")),
            PathKind::Drawn | PathKind::Between => None,
        }
    }
}

impl Path {
    /// Starts at the first node.
    pub fn new(serial: u32, kind: PathKind, title: String, nodes: Vec<Vec<f32>>, labels: Vec<String>) -> Self {
        Self { serial, kind, title, nodes, labels, decoded: Arc::default(), at: 0.0, playing: false }
    }

    /// Returns the last position.
    pub fn last(&self) -> f32 {
        (self.nodes.len() - 1) as f32
    }

    /// Returns the latents `[d]` at the position.
    pub fn latent(&self) -> Vec<f32> {
        let last = self.nodes.len() - 1;
        let at = self.at.clamp(0.0, last as f32);
        let node = (at.floor() as usize).min(last.saturating_sub(1));
        let part = at - node as f32;
        let (from, to) = (&self.nodes[node], &self.nodes[(node + 1).min(last)]);
        from.iter().zip(to).map(|(a, b)| a + (b - a) * part).collect()
    }

    /// Returns whether latents `[d]` are those of the position, to the decimals of a link.
    pub fn is_at(&self, latent: &[f32]) -> bool {
        let here = self.latent();
        here.len() == latent.len() && here.iter().zip(latent).all(|(a, b)| (a - b).abs() < 2e-3)
    }

    /// Goes to a position and returns its latents.
    pub fn go_to(&mut self, at: f32) -> Vec<f32> {
        self.at = at.clamp(0.0, self.last());
        self.latent()
    }

    /// Goes to the position nearest to latents `[d]`.
    pub fn go_near(&mut self, latent: &[f32]) {
        self.at = nearest_on(&self.nodes, latent);
    }

    /// Plays or pauses. Returns whether it begins again, having been played to its end.
    pub fn play(&mut self, playing: bool) -> bool {
        self.playing = playing;
        playing && self.at >= self.last() - 1e-3
    }

    /// Returns the position after some seconds of playing, by whole nodes where motion is not wanted; it pauses at the end. `None`
    /// while it is paused.
    pub fn advance(&mut self, seconds: f32, by_nodes: bool) -> Option<f32> {
        if !self.playing {
            return None;
        }
        let at = if by_nodes { self.at.floor() + 1.0 } else { self.at + seconds * SPEED };
        self.playing = at < self.last();
        Some(at.min(self.last()))
    }

    /// Takes in the decoded spectra of the nodes, `[m * 1000]`.
    pub fn on_decoded(&mut self, flux: &[f32]) {
        if !self.nodes.is_empty() {
            let width = flux.len() / self.nodes.len();
            self.decoded = Arc::new(flux.chunks(width.max(1)).map(<[f32]>::to_vec).collect());
        }
    }
}

/// Returns the position on a path that is nearest to latents.
fn nearest_on(nodes: &[Vec<f32>], latent: &[f32]) -> f32 {
    let mut best = (f32::INFINITY, 0.0);
    for (index, pair) in nodes.windows(2).enumerate() {
        let way: Vec<f32> = pair[0].iter().zip(&pair[1]).map(|(a, b)| b - a).collect();
        let to: Vec<f32> = pair[0].iter().zip(latent).map(|(a, b)| b - a).collect();
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

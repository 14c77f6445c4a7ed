//! The paths that the page offers, and the label of a position on one.

use crate::latent::{TRACKS, TrackRule};
use crate::page::state::Path;

/// A button that opens a path.
#[derive(Debug, Clone, PartialEq)]
pub struct PathChoice {
    /// Name of the path in a link.
    pub key: String,
    /// Label of the button.
    pub label: String,
    /// Description of the path.
    pub help: String,
    /// `data-testid` of the button.
    pub testid: String,
}

/// Most nodes that are shown as thumbnails; longer paths have a slider only.
const MOST_THUMBNAILS: usize = 8;

/// Returns the paper's tracks that a model of `dims` latents has the axes for.
pub fn track_choices(dims: usize) -> Vec<PathChoice> {
    let needed = |rule: &TrackRule| rule.along.iter().map(|(axis, _)| *axis).max().unwrap_or(0);
    let choice = |rule: &TrackRule| PathChoice {
        key: rule.name.to_owned(),
        label: format!("Track {}", rule.name),
        help: rule.description.to_owned(),
        testid: format!("track-{}", rule.name),
    };
    TRACKS.iter().filter(|rule| needed(rule) <= dims).map(choice).collect()
}

/// Returns the sweeps along the principal axes of a model of `dims` latents.
pub fn sweep_choices(dims: usize) -> Vec<PathChoice> {
    let choice = |axis: usize| PathChoice {
        key: format!("sweep{axis}"),
        label: format!("VAE {axis}"),
        help: format!("VAE {axis} from its 1st to its 99th percentile, the other axes at their mean"),
        testid: format!("sweep-{axis}"),
    };
    (1..=dims).map(choice).collect()
}

/// Returns whether a path of `nodes` nodes is shown with thumbnails.
pub fn thumbnails_fit(nodes: usize) -> bool {
    nodes <= MOST_THUMBNAILS
}

/// Returns whether a position on a path is at a node, but for rounding.
pub fn is_at(position: f32, node: usize) -> bool {
    (position - node as f32).abs() < 0.05
}

/// Returns the label of the position on a path: its node's, or "near" and the nearest node's.
pub fn path_label(path: &Path) -> String {
    let nearest = path.at.round() as usize;
    let label = path.labels.get(nearest).cloned().unwrap_or_default();
    if is_at(path.at, nearest) { label } else { format!("near {label}") }
}

//! The order and labels of the decoded draws from the prior.

use crate::page::state::{ALIKE, Draw};

/// The label of a decoded draw.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawLabel {
    /// Whether it is unlike any galaxy.
    pub unlike: bool,
    /// Distance from the nearest spectrum of the sample, as text.
    pub text: String,
    /// Whole label for a screen reader.
    pub spoken: String,
}

/// Returns the indices of a round's draws, most like a galaxy first; in the order drawn until the distances are known.
pub fn gallery_order(draw: &Draw) -> Vec<usize> {
    let distance = |at: usize| draw.distances.as_ref().map_or(0.0, |distances| distances[at]);
    let mut order: Vec<usize> = (0..draw.places.len()).collect();
    order.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)));
    order
}

/// Returns the label of a draw at a distance from the nearest spectrum of the sample; `None` while that is not known.
pub fn draw_label(distance: Option<f32>) -> DrawLabel {
    let unlike = distance.is_some_and(|distance| distance > ALIKE);
    let text = distance.map_or("…".to_owned(), |distance| format!("{:.0} % off", 100.0 * distance));
    let spoken = format!("Go to these latents: {text}{}", if unlike { ", unlike any galaxy" } else { "" });
    DrawLabel { unlike, text, spoken }
}

//! The counts, order and labels of the decoded random draws.

use crate::page::state::{ALIKE, Draw, DrawnFrom, Draws};

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

/// The results of the newest draws of a model, as text: from N(0, 1), then from its own Gaussian.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawCounts {
    /// Name of the model.
    pub model: String,
    /// How many are like a galaxy.
    pub alike: [String; 2],
    /// How many have negative flux.
    pub negative: [String; 2],
    /// Which of the model's draws this is, from 1.
    pub round: String,
}

/// Returns the results of every model that was drawn from.
pub fn draw_counts(draws: &Draws) -> Vec<DrawCounts> {
    let counts = |first: &Draw| {
        let cells = |count: fn(&Draw) -> Option<usize>| {
            DrawnFrom::ALL.map(|from| {
                draws.of(&first.model, from).and_then(count).map_or("…".to_owned(), |count| count.to_string())
            })
        };
        let (alike, negative) = (cells(Draw::alike), cells(|draw| Some(draw.negative())));
        DrawCounts { model: first.model.clone(), alike, negative, round: first.round.to_string() }
    };
    draws.newest().iter().filter(|draw| draw.from == DrawnFrom::Prior).map(counts).collect()
}

/// Returns the indices of a round's draws, most like a galaxy first; in the order drawn until the distances are known.
pub fn gallery_order(draw: &Draw) -> Vec<usize> {
    let distance = |at: usize| draw.distances.as_ref().map_or(0.0, |distances| distances[at]);
    let mut order: Vec<usize> = (0..draw.latents.len()).collect();
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

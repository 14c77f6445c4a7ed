//! The spectrum in short, at the foot of a small window while its plot is out of sight.

use super::spectrum_texts::heading;
use crate::page::state::{AppState, Curve};
use crate::plot::thumbnail_path;
use crate::spectrum::Class;

/// The spectrum in short.
#[derive(Debug, Clone, PartialEq)]
pub struct Peek {
    /// Name of the spectrum, or where it was decoded.
    pub title: String,
    /// Class of the selected spectrum, where that is shown.
    pub class: Option<Class>,
    /// Path of the thumbnail in a box of [`PEEK`].
    pub shape: String,
}

/// Width and height of the thumbnail.
pub const PEEK: (f64, f64) = (180.0, 48.0);

/// Returns the spectrum in short: the observed flux where the panel shows it, else the decoded one; `None` before either is there.
pub fn peek(state: &AppState) -> Option<Peek> {
    let heading = heading(state);
    let pixels = state.shown_pixels().filter(|_| heading.own && state.shows(Curve::Observed));
    let shape = match (pixels, state.decoded()) {
        (Some(pixels), _) => thumbnail_path(&pixels.flux, PEEK.0, PEEK.1),
        (None, Some(decoded)) => thumbnail_path(&decoded.flux, PEEK.0, PEEK.1),
        (None, None) => return None,
    };
    let class = state.selected_class().filter(|_| heading.own);
    Some(Peek { title: if heading.own { heading.id } else { heading.title }, class, shape })
}

//! The state and the values of the simulator's dials.

use super::text::minus;
use crate::page::state::{AppState, Origin};
use crate::simulator::{Dial, GalaxyDials};

/// Returns the dials of the newest simulated galaxy in the list.
pub fn newest_dials(state: &AppState) -> Option<GalaxyDials> {
    state.files.iter().rev().find_map(|file| match &file.origin {
        Origin::Simulated(dials) => Some(**dials),
        Origin::File(_) => None,
    })
}

/// Returns a dial's value with its unit, rounded as its range requires.
pub fn dial_text(dial: &Dial, value: f32) -> String {
    let digits = match dial.max - dial.min {
        _ if dial.logarithmic && value < 0.1 => 3,
        width if width < 1.5 => 2,
        width if width < 30.0 => 1,
        _ => 0,
    };
    minus(format!("{value:.digits$} {}", dial.unit).trim_end())
}

//! The columns that hold codes, and what the codes mean.

use crate::simulator::{HISTORY_NAMES, ODDITY_NAMES};

/// Returns the meanings of a column's codes, from 0; `None` for a column of measurements.
pub fn names_of(column: &str) -> Option<&'static [&'static str]> {
    match column {
        "truth_sfh" => Some(&HISTORY_NAMES),
        "truth_oddity" => Some(&ODDITY_NAMES),
        _ => None,
    }
}

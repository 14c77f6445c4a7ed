//! The counts and the title in the legend of the scatter.

use super::embedding::Cloud;
use super::text::{titled, typeset};
use crate::page::axis_choice::AxisChoice;
use crate::page::state::AppState;
use crate::spectrum::Class;

/// Returns how many spectra of an embedding are of each class, in the order of [`Class::ALL`].
pub fn class_counts(cloud: Option<&Cloud>) -> [usize; Class::ALL.len()] {
    let mut counts = [0; Class::ALL.len()];
    for &code in cloud.iter().flat_map(|cloud| cloud.class.iter()) {
        counts[Class::from_code(i32::from(code)) as usize] += 1;
    }
    counts
}

/// Returns the titles of both axes as they are drawn: a column is titled as the colour bar would be.
pub fn drawn_titles(state: &AppState) -> (String, String) {
    let (x, y) = &state.link().axes;
    if *x == AxisChoice::Sky {
        return state.axis_titles();
    }
    let title = |axis: &AxisChoice| match axis {
        AxisChoice::Column(name) => bar_title(state, name),
        axis => state.axis_title(axis),
    };
    (title(x), title(y))
}

/// Returns the title of the colour bar: the column's label and unit.
pub fn bar_title(state: &AppState, column: &str) -> String {
    let (label, unit) = state.column_label(column);
    let unit = if unit.is_empty() { String::new() } else { format!(" / {}", typeset(&unit)) };
    format!("{}{unit}", titled(&label))
}

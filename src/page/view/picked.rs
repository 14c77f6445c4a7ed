//! The texts on the picked spectra as a whole.

use super::facts::NAMING_COLUMNS;
use super::text::{measured, titled};
use crate::formats::set::ColumnInfo;
use crate::page::state::AppState;

/// Columns without a median beside those that name a spectrum: codes, bits and angles that go round.
const WITHOUT_MEDIAN: [&str; 4] = ["truth_sfh", "truth_oddity", "zwarning", "ra"];

/// Returns the progress of the mean and spread: `done` of `sample` spectra fetched, out of `picked`.
pub fn sample_text((done, sample): (usize, usize), picked: usize) -> String {
    if done < sample {
        format!("Fetching spectra for the mean: {done} of {sample}.")
    } else if sample < picked {
        format!("Mean and spread on the spectrum panel are of {sample} of them, evenly chosen.")
    } else {
        "The spectrum panel shows their mean and spread.".to_owned()
    }
}

/// Returns the median of each column over the picked spectra that have a value.
pub fn medians(state: &AppState) -> Vec<(String, String)> {
    let (Some(picked), Some(manifest), Some(catalogue)) = (state.picked(), state.manifest(), state.catalogue()) else {
        return Vec::new();
    };
    let median = |column: &ColumnInfo| {
        let values = catalogue.column(&column.name)?;
        let mut found: Vec<f32> =
            picked.rows.iter().filter_map(|&row| values.get(row as usize)).filter(|value| value.is_finite()).collect();
        found.sort_by(f32::total_cmp);
        let middle = found.get(found.len() / 2)?;
        Some((titled(&column.label), measured(*middle, column)))
    };
    manifest
        .columns
        .iter()
        .filter(|column| !NAMING_COLUMNS.contains(&column.name.as_str()))
        .filter(|column| !WITHOUT_MEDIAN.contains(&column.name.as_str()))
        .filter_map(median)
        .collect()
}

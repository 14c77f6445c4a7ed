//! The cells of the table of the user's spectra, in print.

use super::own_table::{OwnColumn, OwnRow};
use super::text::{minus, redshift_with_error};
use crate::spectrum::Class;

/// A cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// Text; a dash where there is no value.
    pub text: String,
    /// What stands below it in small print.
    pub small: Option<String>,
    /// Class whose colour stands before the text.
    pub dot: Option<Class>,
    /// Row of the set that a click selects.
    pub row: Option<usize>,
    /// What is said at the pointer.
    pub title: Option<String>,
    /// Whether it is worth a second look.
    pub warns: bool,
}

/// Percentile of chi-squared from which on a spectrum is worth a second look.
const HIGH: f32 = 99.0;
/// Outlier factor from which on a spectrum is worth a second look.
const ODD: f32 = 1.5;
/// What stands for no value.
const NONE: &str = "–";

/// Returns the cells of a row, in the order of the columns.
pub fn cells(row: &OwnRow) -> Vec<(OwnColumn, Cell)> {
    OwnColumn::ALL.into_iter().map(|(column, ..)| (column, cell(row, column))).collect()
}

fn cell(row: &OwnRow, column: OwnColumn) -> Cell {
    match column {
        OwnColumn::Name => Cell {
            text: row.title.clone(),
            small: (row.title != row.name).then(|| row.name.clone()),
            dot: Some(row.class),
            title: Some(row.name.clone()),
            ..Cell::default()
        },
        OwnColumn::Redshift => {
            let other = row.file_redshift.filter(|_| row.source != "the file");
            let said = other.map(|own| minus(&format!("; the file says {own:.4}")));
            Cell {
                text: printed(row.redshift),
                small: Some(format!("{}{}", row.source, said.unwrap_or_default())),
                warns: row.trial_text.as_ref().is_some_and(|sentence| sentence.disagrees),
                ..Cell::default()
            }
        }
        OwnColumn::Trial => match row.trial {
            Some(trial) => Cell {
                text: redshift_with_error(trial.redshift, trial.error),
                small: (!trial.is_trusted()).then(|| "not trusted".to_owned()),
                warns: row.trial_text.as_ref().is_some_and(|sentence| sentence.disagrees),
                ..Cell::default()
            },
            None => missing(),
        },
        OwnColumn::Class => Cell {
            text: row.class.name().to_owned(),
            small: row.class_note.as_deref().and_then(|note| note.rsplit("; ").next()).map(str::to_owned),
            title: row.class_note.clone(),
            warns: row.class_note.is_some(),
            ..Cell::default()
        },
        OwnColumn::Around => match row.vote {
            Some(vote) => Cell {
                text: vote.class.name().to_owned(),
                small: Some(format!("{} of {}", vote.votes, vote.of)),
                dot: Some(vote.class),
                ..Cell::default()
            },
            None => missing(),
        },
        OwnColumn::Chi2 => Cell {
            text: format!("{:.2}", row.chi2),
            small: row.percentile.map(|share| format!("over {share:.0} %")),
            warns: row.percentile.is_some_and(|share| share >= HIGH),
            ..Cell::default()
        },
        OwnColumn::Factor => match row.factor {
            Some(factor) => Cell { text: format!("{factor:.2}"), warns: factor >= ODD, ..Cell::default() },
            None => missing(),
        },
        OwnColumn::Reason => match row.reasons.as_deref() {
            None => Cell { text: "…".to_owned(), ..Cell::default() },
            Some([]) => missing(),
            Some(reasons) => Cell { text: reasons.join("; "), ..Cell::default() },
        },
        OwnColumn::Nearest => match row.nearest {
            Some(nearest) => Cell {
                text: if row.nearest_name.is_empty() {
                    format!("row {}", nearest.row)
                } else {
                    row.nearest_name.clone()
                },
                small: Some(format!("distance {:.2}", nearest.distance)),
                row: Some(nearest.row),
                ..Cell::default()
            },
            None => missing(),
        },
    }
}

/// Returns a redshift in print; one that rounds to zero has no sign.
fn printed(redshift: f64) -> String {
    let rounded = (redshift * 1e4).round() / 1e4 + 0.0;
    minus(&format!("{rounded:.4}"))
}

fn missing() -> Cell {
    Cell { text: NONE.to_owned(), ..Cell::default() }
}

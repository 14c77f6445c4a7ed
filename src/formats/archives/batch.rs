//! Some rows of a file, decoded.

use std::ops::Range;

use super::layout::Role;

/// A column of lists: the numbers of all rows, NaN where one is missing, and where each row has its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Lists {
    /// The numbers.
    pub values: Vec<f64>,
    /// Range of `values` for each row.
    pub rows: Vec<Range<usize>>,
}

/// Some rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Batch {
    /// Number of rows.
    pub rows: usize,
    /// Columns of lists by role.
    pub lists: Vec<(Role, Lists)>,
    /// Columns of single values by key, as texts; `None` where one is missing.
    pub texts: Vec<(String, Vec<Option<String>>)>,
}

impl Batch {
    /// Returns a row's list; `None` where it is missing or empty.
    pub(super) fn list(&self, role: Role, row: usize) -> Option<&[f64]> {
        let (_, lists) = self.lists.iter().find(|(of, _)| *of == role)?;
        let list = &lists.values[lists.rows.get(row)?.clone()];
        (!list.is_empty()).then_some(list)
    }

    /// Returns a row's value of the first of these keys that has one.
    pub(super) fn text(&self, keys: &[&str], row: usize) -> Option<&str> {
        let of_key = |key: &&str| {
            let (_, texts) = self.texts.iter().find(|(of, _)| of == key)?;
            texts.get(row)?.as_deref().map(str::trim).filter(|text| !text.is_empty())
        };
        keys.iter().find_map(of_key)
    }

    /// Returns a row's number.
    pub(super) fn number(&self, key: &str, row: usize) -> Option<f64> {
        self.text(&[key], row)?.parse().ok().filter(|number: &f64| number.is_finite())
    }
}

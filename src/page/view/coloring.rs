//! The colours of the points: by class, by a column of the catalogue, or by local outlier factor.

use std::sync::Arc;

use super::embedding::{Cloud, spread};
use crate::formats::set::Catalogue;
use crate::page::axis_choice::LOF;
use crate::plot::Colormap;
use crate::simulator::{HISTORY_NAMES, ODDITY_NAMES};

/// The palette index of every point.
#[derive(Debug, Clone)]
pub struct Coloring {
    /// Name of the column.
    pub column: String,
    /// `[n]` palette indices.
    pub index: Arc<Vec<u8>>,
    /// Values at both ends of the scale; `None` where points are coloured by class.
    pub bar: Option<(f32, f32)>,
}

impl PartialEq for Coloring {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.index, &other.index) && self.column == other.column
    }
}

impl Coloring {
    /// Colours points by a column, or by class until the column has loaded. `factor` are the local outlier factors `[n]`.
    pub fn new(cloud: &Cloud, catalogue: Option<&Catalogue>, factor: Option<&[f32]>, column: &str) -> Self {
        let value: Option<Box<dyn Fn(usize) -> f32 + '_>> = match (column, catalogue, factor) {
            ("class", ..) => None,
            (LOF, _, Some(factor)) if factor.len() == cloud.len() => Some(Box::new(|row| factor[row])),
            (name, Some(catalogue), _) => catalogue
                .column(name)
                .filter(|values| values.len() == cloud.len())
                .map(|values| Box::new(move |row| values.get(row).unwrap_or(f32::NAN)) as Box<dyn Fn(usize) -> f32>),
            _ => None,
        };
        let Some(value) = value else {
            return Self { column: "class".to_owned(), index: cloud.class.clone(), bar: None };
        };
        let last_code = names_of(column).map(|names| names.len() as f32 - 1.0);
        // All but the outermost percent at either end, so that one odd spectrum does not take all colours.
        let range = last_code.map_or_else(|| spread((0..cloud.len()).map(&value), 0.01), |last| (0.0, last));
        let index = (0..cloud.len())
            .map(&value)
            // Codes below 0 stand for no value.
            .map(|value| if last_code.is_some() && value < 0.0 { f32::NAN } else { value })
            .map(|value| Colormap::index(value, range))
            .collect();
        Self { column: column.to_owned(), index: Arc::new(index), bar: Some(range) }
    }

    /// Returns the names of the codes that colour the points; `None` for measurements and classes.
    pub fn names(&self) -> Option<&'static [&'static str]> {
        names_of(&self.column).filter(|_| self.bar.is_some())
    }
}

/// Returns the meanings of a column's codes, from 0; `None` for a column of measurements.
pub fn names_of(column: &str) -> Option<&'static [&'static str]> {
    match column {
        "truth_sfh" => Some(&HISTORY_NAMES),
        "truth_oddity" => Some(&ODDITY_NAMES),
        _ => None,
    }
}

//! The colours of the points: by class, by a column of the catalogue, or by what the page and the model measure.

use std::sync::Arc;

use super::codes::names_of;
use super::color_scale::{ColorScale, ScaleKind};
use super::embedding::Cloud;
use super::measures::{Scores, measured_values};
use crate::formats::set::Catalogue;
use crate::plot::{MISSING, Rgb, Theme};
use crate::spectrum::Class;

/// The palette index of every point.
#[derive(Debug, Clone)]
pub struct Coloring {
    /// Name of the column.
    pub column: String,
    /// `[n]` palette indices.
    pub index: Arc<Vec<u8>>,
    /// Values at both ends of the scale; `None` where points are coloured by class.
    pub bar: Option<(f32, f32)>,
    /// The scale; `None` where points are coloured by class or by codes.
    pub scale: Option<ColorScale>,
    /// Points without a value.
    pub missing: usize,
}

impl PartialEq for Coloring {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.index, &other.index) && self.column == other.column
    }
}

impl Coloring {
    /// Colours points by a column, or by class until the column has loaded; `kind` is the scale that the reader chose. `scores` say how
    /// odd the latents are.
    pub fn new(
        cloud: &Cloud,
        catalogue: Option<&Catalogue>,
        scores: Option<&Scores>,
        column: &str,
        kind: Option<ScaleKind>,
    ) -> Self {
        let of_catalogue = || -> Option<Vec<f32>> {
            let values = catalogue?.column(column)?;
            Some((0..values.len()).map(|row| values.get(row).unwrap_or(f32::NAN)).collect())
        };
        let measured = measured_values(column, scores, cloud.chi2()).map(<[f32]>::to_vec);
        let found = if column == "class" { None } else { measured.or_else(of_catalogue) };
        let Some(values) = found.filter(|values| values.len() == cloud.len()) else {
            let (column, index) = ("class".to_owned(), cloud.class.clone());
            return Self { column, index, bar: None, scale: None, missing: 0 };
        };
        let column = column.to_owned();
        if let Some(names) = names_of(&column) {
            let index: Vec<u8> = values.iter().map(|&value| code_index(value, names)).collect();
            let missing = index.iter().filter(|index| **index == MISSING).count();
            let bar = Some((0.0, names.len() as f32 - 1.0));
            return Self { column, index: Arc::new(index), bar, scale: None, missing };
        }
        let scale = ColorScale::fit(&values, kind);
        let index = values.iter().map(|&value| scale.index(value)).collect();
        let missing = values.iter().filter(|value| !value.is_finite()).count();
        Self { column, index: Arc::new(index), bar: Some(scale.range), scale: Some(scale), missing }
    }

    /// Returns the names of the codes that colour the points; `None` for measurements and classes.
    pub fn names(&self) -> Option<&'static [&'static str]> {
        names_of(&self.column).filter(|_| self.bar.is_some())
    }

    /// Returns the colours `[256]` of the palette indices.
    pub fn palette(&self, theme: &Theme) -> Vec<Rgb> {
        match (self.bar, self.names()) {
            (None, _) => theme.class_palette(),
            (Some(_), Some(names)) => theme.category_palette(names),
            (Some(_), None) => theme.colormap().palette(),
        }
    }

    /// Returns the palette index of a spectrum that is not of the set, by its class and its value of the column.
    pub fn index_of(&self, class: Class, value: Option<f32>) -> u8 {
        match (&self.scale, self.names()) {
            _ if self.bar.is_none() => class.code() as u8,
            (Some(scale), _) => scale.index(value.unwrap_or(f32::NAN)),
            (None, names) => code_index(value.unwrap_or(f32::NAN), names.unwrap_or_default()),
        }
    }
}

/// Returns the palette index of a code; one without a name stands for no value.
fn code_index(value: f32, names: &[&str]) -> u8 {
    if value >= 0.0 && (value as usize) < names.len() { value as u8 } else { MISSING }
}

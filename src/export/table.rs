//! A table of named, described columns, from which both CSV and VOTable are written.

use super::units::vounit;

/// A table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Name of the table: letters, digits and underscores.
    pub name: &'static str,
    /// Lines that say what the table is.
    pub facts: Vec<String>,
    /// Facts for programs: name and value.
    pub infos: Vec<(&'static str, String)>,
    /// Number of rows.
    pub rows: usize,
    /// Columns, of `rows` values each.
    pub fields: Vec<Field>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub(super) name: String,
    pub(super) description: String,
    /// Unit in VOUnits; empty for none.
    pub(super) unit: String,
    /// Kind of quantity (UCD1+); empty where the vocabulary has no word for it.
    pub(super) ucd: &'static str,
    pub(super) cells: Cells,
}

/// The values of a column, one per row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Texts; an empty one is no value.
    Text(Vec<String>),
    /// Integers of 32 bits.
    Int(Vec<i32>),
    /// Integers of 64 bits.
    Long(Vec<i64>),
    /// Numbers in double precision; NaN is no value.
    Double(Vec<f64>),
    /// Numbers in single precision; NaN is no value.
    Float(Vec<f32>),
}

impl Cells {
    /// Returns the value of row `row` as text; `None` where it is missing or not finite.
    pub(super) fn text(&self, row: usize) -> Option<String> {
        match self {
            Cells::Text(values) => values.get(row).cloned(),
            Cells::Int(values) => values.get(row).map(ToString::to_string),
            Cells::Long(values) => values.get(row).map(ToString::to_string),
            Cells::Double(values) => {
                values.get(row).filter(|value| value.is_finite()).map(|value| format!("{value:?}"))
            }
            Cells::Float(values) => values.get(row).filter(|value| value.is_finite()).map(|value| format!("{value:?}")),
        }
    }
}

impl Field {
    /// Describes a column: its name (letters, digits and underscores), its label for readers, its unit as manifests write it, and its kind
    /// of quantity (UCD1+, IVOA 2018), empty where there is none.
    pub fn new(name: &str, label: &str, unit: &str, ucd: &'static str, cells: Cells) -> Self {
        // The logarithm of a quantity has no unit; the description says which unit it was taken in.
        let of_log = label.split(|c: char| !c.is_alphanumeric()).any(|word| word == "log") && !unit.is_empty();
        let written = if of_log { None } else { vounit(unit) };
        let unit_note = match (&written, unit) {
            (Some(_), _) | (None, "") => String::new(),
            (None, unit) if of_log && unit != "dex" => format!(", log10 of {unit}"),
            (None, unit) => format!(", in {unit}"),
        };
        let name = name.to_owned();
        Self { name, description: format!("{label}{unit_note}"), unit: written.unwrap_or_default(), ucd, cells }
    }
}

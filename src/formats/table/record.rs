//! Tables whose cells are typed, as VOTable, JSON and tables with lists in their fields have them: from cells to spectra.

use super::columns::Columns;
use super::names::{is_flux, is_wavelength};
use super::separator::parse_number;
use super::text::Text;
use crate::formats::error::ReadError;
use crate::formats::observation::Observation;
use crate::formats::options::ReadOptions;
use crate::formats::several::several;

/// Smallest number of pixels of a list that is a spectrum's.
pub(super) const FEWEST: usize = 4;

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// A number, a word or a truth value, as it is written; empty where it is missing.
    Scalar(String),
    /// Numbers, a pixel each; NaN where one is missing.
    List(Vec<f64>),
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Column {
    pub name: String,
    /// Unit; empty where the table has none.
    pub unit: String,
    /// Description; empty where the table has none.
    pub description: String,
}

/// A table of typed cells, each row of which is a pixel or, where its cells are lists, a spectrum.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct CellTable {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Keywords of the table as a whole.
    pub facts: Vec<(String, String)>,
    /// Prose about the table.
    pub comments: Vec<String>,
}

/// A spectrum whose columns are lists of numbers.
struct Record {
    head: Text,
    /// A list for each name of `head`.
    lists: Vec<Vec<f64>>,
}

impl CellTable {
    /// Returns whether each row is a spectrum.
    pub(super) fn has_lists(&self) -> bool {
        let is_list = |cell: &Cell| matches!(cell, Cell::List(values) if values.len() >= FEWEST);
        self.rows.iter().any(|row| row.iter().any(is_list))
    }

    /// Reads one of the spectra, by the number of its row; of a table of pixels there is one.
    fn record(&self, row: usize) -> Record {
        if self.has_lists() { self.of_row(row) } else { self.of_pixels() }
    }

    /// Collects the lists of a row as columns, and its scalars as facts.
    fn of_row(&self, row: usize) -> Record {
        let cells = || self.columns.iter().zip(&self.rows[row]);
        let length = |is: &dyn Fn(&str) -> bool| {
            cells().find_map(|(column, cell)| match cell {
                Cell::List(values) if values.len() >= FEWEST && is(&column.name) => Some(values.len()),
                _ => None,
            })
        };
        let pixels = length(&is_flux).or_else(|| length(&is_wavelength)).or_else(|| length(&|_| true)).unwrap_or(0);
        let mut record = Record { head: self.head(), lists: Vec::new() };
        for (column, cell) in cells() {
            match cell {
                Cell::List(values) if values.len() == pixels => record.push(column, values.clone()),
                Cell::Scalar(value) if !value.is_empty() => {
                    record.head.facts.push((column.name.clone(), value.clone()))
                }
                _ => {}
            }
        }
        record
    }

    /// Collects the rows as pixels; a column of one value throughout is a fact, too.
    fn of_pixels(&self) -> Record {
        let mut record = Record { head: self.head(), lists: Vec::new() };
        for (index, column) in self.columns.iter().enumerate() {
            let text = |row: &Vec<Cell>| match row.get(index) {
                Some(Cell::Scalar(value)) => value.clone(),
                _ => String::new(),
            };
            let values = self.rows.iter().map(|row| as_number(&text(row))).collect();
            if let Some(first) = self.rows.first().map(&text)
                && !first.is_empty()
                && self.rows.iter().all(|row| text(row) == first)
            {
                record.head.facts.push((column.name.clone(), first));
            }
            record.push(column, values);
        }
        record
    }

    fn head(&self) -> Text {
        Text { comments: self.comments.clone(), facts: self.facts.clone(), ..Text::default() }
    }
}

impl Record {
    fn push(&mut self, column: &Column, values: Vec<f64>) {
        self.head.names.push(column.name.clone());
        self.head.units.push(column.unit.clone());
        self.head.descriptions.push(column.description.clone());
        self.lists.push(values);
    }

    fn read(self, file: &str, options: &ReadOptions<'_>) -> Result<Observation, ReadError> {
        let columns = Columns::find(file, &self.head)?;
        columns.pixels_of_lists(file, &self.head, &self.lists)?.observe(file, options)
    }
}

/// Reads the spectra of the tables of a file. `file` is for errors.
///
/// # Errors
/// Tables of which none holds a spectrum, with the reason that the first gives.
pub(super) fn spectra(
    file: &str,
    tables: &[CellTable],
    options: &ReadOptions<'_>,
) -> Result<Vec<Observation>, ReadError> {
    let mut read = Vec::new();
    let mut number = 0;
    for table in tables {
        for row in 0..if table.has_lists() { table.rows.len() } else { 1 } {
            if options.wants(number) {
                read.push((number, table.record(row).read(file, options)));
            }
            number += 1;
        }
    }
    several(file, read, number)
}

/// Returns the number that a scalar stands for: 1 for true, NaN for what is no number.
fn as_number(scalar: &str) -> f64 {
    match scalar {
        "" => f64::NAN,
        "true" | "T" => 1.0,
        "false" | "F" => 0.0,
        other => parse_number(other).unwrap_or(f64::NAN),
    }
}

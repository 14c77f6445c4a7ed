//! Tables on stdout: CSV, or a JSON array of objects.

use serde_json::{Map, Value};

use crate::export::CsvWriter;

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// A text.
    Text(String),
    /// A measurement; NaN is an empty cell, and null in JSON.
    Number(f64),
    /// A count.
    Count(usize),
}

/// A header and rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Returns an empty table with a header.
    pub(super) fn new(header: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { header: header.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Returns an empty table with a header given as names separated by commas.
    pub(super) fn of(header: &str) -> Self {
        Self::new(header.split(','))
    }

    /// Adds a row of texts, then numbers.
    pub(super) fn row(&mut self, texts: &[&str], numbers: &[f64]) {
        self.push(texts.iter().map(|&text| text.into()).chain(numbers.iter().map(|&number| number.into())));
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: impl IntoIterator<Item = Cell>) {
        self.rows.push(row.into_iter().collect());
    }

    /// Prints the table to stdout, as CSV or JSON.
    pub(super) fn print(&self, json: bool) {
        match json {
            true => println!("{}", self.json()),
            false => print!("{}", self.csv()),
        }
    }

    /// Returns the table as CSV.
    pub(super) fn csv(&self) -> String {
        let mut csv = CsvWriter::new();
        csv.record(&self.header);
        for row in &self.rows {
            csv.record(row.iter().map(Cell::field));
        }
        csv.finish()
    }

    fn json(&self) -> Value {
        let object = |row: &Vec<Cell>| {
            let fields = self.header.iter().cloned().zip(row.iter().map(Cell::json));
            Value::Object(fields.collect::<Map<String, Value>>())
        };
        Value::Array(self.rows.iter().map(object).collect())
    }
}

impl Cell {
    fn field(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) if number.is_finite() => format!("{number:.6}"),
            Self::Number(_) => String::new(),
            Self::Count(count) => count.to_string(),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(text.as_str()),
            Self::Number(number) if number.is_finite() => Value::from(*number),
            Self::Number(_) => Value::Null,
            Self::Count(count) => Value::from(*count),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<f32> for Cell {
    fn from(number: f32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<usize> for Cell {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

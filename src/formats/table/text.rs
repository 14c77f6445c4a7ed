//! Splitting a text table into rows of fields: comments, names, units, rows.

use super::names::{is_flux, is_wavelength};
use super::separator::{Separator, is_numbers, parse_number, split_names};
use crate::formats::error::ReadError;
use crate::formats::pixels::WavelengthUnit;

/// Largest number of rows of a table.
const MOST_ROWS: usize = 1_000_000;

/// Largest number of lines before the first row of numbers that are looked at as names or units.
const MOST_PREAMBLE: usize = 200;

/// The parts of a text table.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Text {
    /// Comment lines without the mark that begins them, and keywords as `key = value`.
    pub comments: Vec<String>,
    /// Column names; empty where the table has none.
    pub names: Vec<String>,
    /// Column units from a row below the names; empty where there is none.
    pub units: Vec<String>,
    /// Descriptions of the columns, in their order; empty where there is none.
    pub descriptions: Vec<String>,
    /// Keywords of the spectrum with their values.
    pub facts: Vec<(String, String)>,
    /// Rows of the table.
    pub rows: Vec<Row>,
}

/// A row of fields.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// Line in the file, from 1.
    pub line: usize,
    /// Fields, trimmed and unquoted.
    pub fields: Vec<String>,
}

impl Text {
    /// Splits a text into comments, names, units and rows. `file` is for errors.
    pub(super) fn parse(file: &str, content: &str) -> Result<Self, ReadError> {
        let mut text = Self::default();
        let lines: Vec<(usize, &str)> = content
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, without_frame(line.trim_end_matches('\0'))))
            .collect();
        let kept = |(_, line): &&(usize, &str)| !line.trim().is_empty() && comment(line).is_none();
        let first = first_row(lines.iter().filter(kept).map(|(line, content)| (*line, *content)));
        let end = first.unwrap_or(usize::MAX);
        let mut preamble = Vec::new();
        let mut data: Vec<(usize, &str)> = Vec::new();
        for &(number, line) in &lines {
            match comment(line) {
                Some(comment) => text.comments.push(comment.to_owned()),
                None if line.trim().is_empty() => {}
                None if number < end => preamble.push(line),
                None => data.push((number, line)),
            }
        }
        let Some(&(_, head)) = data.first() else {
            return Err(ReadError::table(
                file,
                "it has no row of numbers: wavelength, flux and, if possible, error are needed",
            ));
        };
        let separator = Separator::of(head);
        let width = separator.split(head).len();
        text.name_columns(&preamble, separator, width);
        let width = if text.names.is_empty() { width } else { text.names.len() };
        if data.len() > MOST_ROWS {
            return Err(ReadError::table(file, "it has more than a million rows: that is no spectrum"));
        }
        for (line, content) in data {
            let fields = separator.split(content);
            if fields.len() < width {
                let found = fields.len();
                return Err(ReadError::line(
                    file,
                    line,
                    format!("{found} fields instead of {width}: complete the row"),
                ));
            }
            text.rows.push(Row { line, fields });
        }
        Ok(text)
    }

    /// Finds the names, and the units below them, among the lines before the first row, else among the comments, as NumPy and TOPCAT
    /// write them: the last line with as many fields as the rows have, one of which names a wavelength.
    fn name_columns(&mut self, preamble: &[&str], separator: Separator, width: usize) {
        let split = |line: &str| split_names(line, separator, width);
        let names_wavelength =
            |line: &&str| split(line).is_some_and(|names| names.iter().any(|name| is_wavelength(name)));
        if let Some(at) = preamble.iter().rposition(names_wavelength) {
            self.names = split(preamble[at]).unwrap_or_default();
            self.units = preamble.get(at + 1).and_then(|line| split(line)).unwrap_or_default();
            self.comments.extend(preamble[..at].iter().map(|&line| line.to_owned()));
            return;
        }
        // Prose may begin with the word and have as many parts: "wavelength in nm, air".
        let begins = |line: &str| {
            split(line).is_some_and(|names| {
                names.first().is_some_and(|name| is_wavelength(name)) && names.iter().any(|name| is_flux(name))
            })
        };
        if let Some(at) = self.comments.iter().rposition(|comment| begins(comment)) {
            self.names = split(&self.comments[at]).unwrap_or_default();
            let wavelength = self.names.iter().position(|name| is_wavelength(name)).unwrap_or(0);
            let below = self.comments.get(at + 1).and_then(|comment| split(comment));
            let is_unit = |units: &Vec<String>| matches!(WavelengthUnit::parse(&units[wavelength]), Ok(Some(_)));
            self.units = below.filter(is_unit).unwrap_or_default();
        } else if let Some(at) = preamble.iter().position(|line| split(line).is_some()) {
            self.names = split(preamble[at]).unwrap_or_default();
            self.units = preamble.get(at + 1).and_then(|line| split(line)).unwrap_or_default();
        } else if let Some(line) = preamble.last() {
            // Names that do not fit are wrong names rather than none: the error is about them.
            let names = Separator::of(line).split(line);
            if names.iter().any(|name| is_wavelength(name)) && names.len() < width {
                self.names = names;
            }
        }
        self.comments.extend(preamble.iter().map(|&line| line.to_owned()));
    }
}

/// Returns the line of the first row: the first line of numbers alone, or one before it with as many fields and two numbers; else the
/// first with a number in it.
fn first_row<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Option<usize> {
    let (mut with_one, mut with_two) = (None, None);
    for (number, line) in lines.take(MOST_PREAMBLE) {
        let fields = Separator::of(line).split(line);
        if is_numbers(&fields) {
            let as_wide = with_two.filter(|(_, width)| *width == fields.len());
            return Some(as_wide.map_or(number, |(first, _)| first));
        }
        let numbers = fields.iter().filter(|field| parse_number(field).is_some_and(f64::is_finite)).count();
        if numbers > 0 {
            with_one = with_one.or(Some(number));
        }
        if numbers > 1 {
            with_two = with_two.or(Some((number, fields.len())));
        }
    }
    with_one
}

/// Takes away what only draws a table: bars around a row, and rulers.
fn without_frame(line: &str) -> &str {
    let ruler =
        |line: &str| (line.contains("---") || line.contains("===")) && line.chars().all(|c| "-=+| :".contains(c));
    let trimmed = line.trim();
    match trimmed.strip_prefix('|').and_then(|inner| inner.strip_suffix('|')) {
        _ if ruler(trimmed) => "",
        Some(inner) => inner,
        None => line,
    }
}

/// Returns a comment without the mark that begins it; `None` for any other line.
pub(super) fn comment(line: &str) -> Option<&str> {
    let line = line.trim_start();
    line.strip_prefix(['#', '%', '!', '\\']).or_else(|| line.strip_prefix("//")).or_else(|| line.strip_prefix("; "))
}

/// Returns whether a text begins as ECSV or has a line of two or more numbers near its beginning, however long its comments are.
pub(super) fn begins_as_table(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && comment(line).is_none());
    let numbers = |line: &str| is_numbers(&Separator::of(line).split(line));
    text.starts_with("# %ECSV") || text.starts_with("\\") && text.contains("\n|") || lines.take(40).any(numbers)
}

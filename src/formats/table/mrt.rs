//! Machine-readable tables of the AAS journals and of the CDS: a byte-by-byte description of the columns, then rows of fixed columns, as in
//! <https://journals.aas.org/mrt-standards/>.

use super::text::{Row, Text};
use crate::formats::error::ReadError;

/// The words that begin the description of the columns.
const BEGINS: &str = "Byte-by-byte Description";

/// A column of a description.
struct Column<'a> {
    /// First byte and last, from 1.
    first: usize,
    last: usize,
    unit: &'a str,
    name: &'a str,
    explanation: String,
}

/// Returns whether a text is such a table.
pub(super) fn recognises(text: &str) -> bool {
    text.lines().take(400).any(|line| line.trim_start_matches(['#', ' ']).starts_with(BEGINS))
}

/// Splits such a table into comments, names, units and rows. `file` is for errors.
///
/// # Errors
/// A table without a description or without rows.
pub(super) fn parse(file: &str, content: &str) -> Result<Text, ReadError> {
    let lines: Vec<&str> = content.lines().collect();
    let begin = lines.iter().position(|line| line.contains(BEGINS)).unwrap_or(0);
    let rulers: Vec<usize> = (begin..lines.len()).filter(|&at| is_ruler(lines[at])).collect();
    // Rulers above and below the header of the description, below its rows, and below each block of notes.
    let (Some(&header), Some(&rows)) = (rulers.get(1), rulers.last().filter(|_| rulers.len() > 2)) else {
        return Err(ReadError::table(file, "its byte-by-byte description has no end: fetch it again"));
    };
    let mut columns: Vec<Column<'_>> = Vec::new();
    for line in &lines[header + 1..rulers[2]] {
        match column(line) {
            Some(column) => columns.push(column),
            // An explanation may go on in the next line.
            None => columns.iter_mut().last().into_iter().for_each(|column| {
                column.explanation.push(' ');
                column.explanation.push_str(line.trim());
            }),
        }
    }
    if columns.is_empty() {
        return Err(ReadError::table(file, "its byte-by-byte description names no columns: fetch it again"));
    }
    let mut text = Text {
        comments: lines[..begin].iter().chain(&lines[rulers[2]..rows]).map(|line| (*line).to_owned()).collect(),
        names: columns.iter().map(|column| column.name.to_owned()).collect(),
        units: columns.iter().map(|column| column.unit.trim_start_matches("---").to_owned()).collect(),
        descriptions: columns.iter().map(|column| column.explanation.clone()).collect(),
        ..Text::default()
    };
    for (at, line) in lines.iter().enumerate().skip(rows + 1).filter(|(_, line)| !line.trim().is_empty()) {
        let field = |column: &Column<'_>| {
            let end = column.last.min(line.len());
            line.get(column.first - 1..end).unwrap_or("").trim().to_owned()
        };
        text.rows.push(Row { line: at + 1, fields: columns.iter().map(field).collect() });
    }
    if text.rows.is_empty() {
        return Err(ReadError::table(file, "it has no rows below its byte-by-byte description"));
    }
    Ok(text)
}

/// Returns whether a line is a ruler.
fn is_ruler(line: &str) -> bool {
    let line = line.trim();
    line.len() > 10 && line.bytes().all(|byte| byte == b'-' || byte == b'=')
}

/// Parses a line of a description: `1- 18 F18.13 Angstrom wavelength Explanation`, or one byte alone.
fn column(line: &str) -> Option<Column<'_>> {
    let (bytes, rest) = line.split_at_checked(line.find(|c: char| c.is_ascii_alphabetic())?)?;
    let mut ends = bytes.split('-').map(|end| end.trim().parse::<usize>().ok());
    let first = ends.next()??;
    let last = ends.next().unwrap_or(Some(first))?;
    let mut words = rest.split_whitespace();
    let format = words.next()?;
    if first == 0 || last < first || !format.starts_with(['A', 'I', 'F', 'E', 'D']) {
        return None;
    }
    let (unit, name) = (words.next()?, words.next()?);
    Some(Column { first, last, unit, name, explanation: words.collect::<Vec<_>>().join(" ") })
}

//! Text tables with a spectrum a row, their fields lists of numbers: `"[4000.0, 4001.0]"` as pandas writes them, or blanks between the
//! numbers as NumPy does; ECSV's arrays.

use super::record::{Cell, CellTable, Column, FEWEST};
use super::separator::parse_number;
use super::text::comment;
use crate::formats::error::ReadError;

/// Bytes in which the first list is looked for: names, facts and units of a row come before it.
const SEARCHED: usize = 65_536;

/// Returns whether a text has a field of its own that is a list of numbers.
pub(super) fn recognises(text: &str) -> bool {
    let end = (0..=text.len().min(SEARCHED)).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let lines = text[..end].lines().filter(|line| comment(line).is_none());
    // The line of names has none.
    lines.skip(1).take(3).any(|line| {
        let begins = line.match_indices('[').map(|(at, _)| (&line[..at], &line[at + 1..]));
        begins.into_iter().any(|(before, inside)| {
            let alone = before.is_empty() || before.ends_with(['"', '\'', ',', ';', '\t', '|', ' ', '(']);
            let words = inside.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
            alone && words.take(3).filter(|word| parse_number(word).is_some()).count() == 3
        })
    })
}

/// Splits such a text into cells. `file` is for errors.
///
/// # Errors
/// Rows that are too short, and lists that were shortened when they were written.
pub(super) fn parse(file: &str, text: &str) -> Result<CellTable, ReadError> {
    let comments: Vec<String> = text.lines().map_while(comment).map(str::to_owned).collect();
    let head = text.lines().find(|line| comment(line).is_none() && !line.trim().is_empty()).unwrap_or("");
    let delimiter = [',', '\t', ';', '|', ' '].into_iter().find(|&character| head.contains(character)).unwrap_or(',');
    let body = text.lines().position(|line| comment(line).is_none()).unwrap_or(0);
    let body: usize = text.split_inclusive('\n').take(body).map(str::len).sum();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(&text.as_bytes()[body..]);
    let damaged =
        |error: csv::Error| ReadError::table(file, format!("its fields cannot be told apart ({error}): save it again"));
    let names: Vec<String> = reader.headers().map_err(damaged)?.iter().map(str::to_owned).collect();
    let mut table = CellTable { comments, ..CellTable::default() };
    for (number, row) in reader.records().enumerate() {
        let row = row.map_err(damaged)?;
        if row.len() < names.len() {
            let reason = format!(
                "row {} has {} fields instead of {}: quote lists that hold commas",
                number + 1,
                row.len(),
                names.len()
            );
            return Err(ReadError::table(file, reason));
        }
        let cells = row.iter().map(|field| cell(file, number + 1, field)).collect::<Result<_, _>>()?;
        table.rows.push(cells);
    }
    table.columns = names.into_iter().map(|name| Column { name, ..Column::default() }).collect();
    Ok(table)
}

fn cell(file: &str, row: usize, field: &str) -> Result<Cell, ReadError> {
    let inner = field.trim_start_matches("array(").trim_end_matches(')').trim();
    let list = inner.strip_prefix('[').and_then(|inner| Some(inner.split_once(']')?.0));
    let Some(list) = list.or_else(|| Some(inner.strip_prefix('(')?.split_once(')')?.0)) else {
        return Ok(Cell::Scalar(field.to_owned()));
    };
    if list.contains("...") {
        let reason =
            format!("the lists of row {row} were shortened to `...` when they were written: save them in full");
        return Err(ReadError::table(file, reason));
    }
    let words: Vec<&str> =
        list.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty()).collect();
    let truth = |word: &str| match word {
        "True" | "true" => Some(1.0),
        "False" | "false" => Some(0.0),
        _ => parse_number(word),
    };
    let numbers: Option<Vec<f64>> = words.iter().map(|word| truth(word)).collect();
    Ok(match numbers.filter(|numbers| numbers.len() >= FEWEST) {
        Some(numbers) => Cell::List(numbers),
        None => Cell::Scalar(field.to_owned()),
    })
}

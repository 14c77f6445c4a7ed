//! IPAC tables: bars above columns of fixed widths hold names, types, units and the marks of missing values, as in
//! <https://irsa.ipac.caltech.edu/applications/DDGEN/Doc/ipac_tbl.html>.

use super::text::{Row, Text};
use crate::formats::error::ReadError;

/// Returns whether a text is an IPAC table: its first lines that are neither empty nor begin with a backslash stand between bars, and those
/// below them do not.
pub(super) fn recognises(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('\\')).map(str::trim);
    let between_bars = |line: &str| line.len() > 2 && line.starts_with('|') && line.ends_with('|');
    // Names, types, units and nulls; where bars go on, they only separate fields.
    lines.next().is_some_and(between_bars) && lines.take(4).any(|line| !line.starts_with('|'))
}

/// Splits an IPAC table into comments, names, units and rows. `file` is for errors.
pub(super) fn parse(file: &str, content: &str) -> Result<Text, ReadError> {
    let mut text = Text::default();
    let mut bars: Vec<usize> = Vec::new();
    let mut headers: Vec<Vec<String>> = Vec::new();
    for (index, line) in content.lines().enumerate() {
        if let Some(comment) = line.strip_prefix('\\') {
            text.comments.push(comment.to_owned());
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        if line.trim_start().starts_with('|') && text.rows.is_empty() {
            if headers.is_empty() {
                bars = line.char_indices().filter(|(_, c)| *c == '|').map(|(at, _)| at).collect();
            }
            let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
            headers.push(inner.split('|').map(|field| field.trim().to_owned()).collect());
            continue;
        }
        let names = headers.first().map_or(0, Vec::len);
        let by_blanks: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let fields = if by_blanks.len() == names { by_blanks } else { between(line, &bars) };
        if fields.len() < names {
            let reason = format!("{} fields instead of {names}: complete the row", fields.len());
            return Err(ReadError::line(file, index + 1, reason));
        }
        text.rows.push(Row { line: index + 1, fields });
    }
    let mut headers = headers.into_iter();
    text.names = headers.next().unwrap_or_default();
    let units = headers.nth(1).unwrap_or_default();
    let nulls = headers.next().unwrap_or_default();
    for row in &mut text.rows {
        for (field, null) in row.fields.iter_mut().zip(&nulls) {
            if !null.is_empty() && field == null {
                "nan".clone_into(field);
            }
        }
    }
    // The last `|` of `| |` leaves out what is empty at the end.
    text.units = units;
    text.units.resize(text.names.len(), String::new());
    if text.rows.is_empty() {
        return Err(ReadError::table(file, "it has no row of numbers below its bars"));
    }
    Ok(text)
}

/// Cuts a line at the positions of the bars.
fn between(line: &str, bars: &[usize]) -> Vec<String> {
    let field = |pair: &[usize]| {
        let end = if Some(&pair[1]) == bars.last() { line.len().max(pair[1]) } else { pair[1] };
        line.get(pair[0]..end.min(line.len())).unwrap_or("").trim().to_owned()
    };
    bars.windows(2).map(field).collect()
}

//! A selection as CSV.

use std::fmt::Write as _;

use super::selection::Selection;

/// A selection as CSV: comments that begin with `#` say what it is and describe each column with its unit, then the names,
/// then a line a spectrum. A missing value is `nan`.
pub fn selection_csv(selection: &Selection<'_>) -> String {
    let fields = selection.fields();
    let mut text = String::new();
    for fact in selection.facts() {
        line(&mut text, &format!("# {fact}"));
    }
    for field in &fields {
        let unit = if field.unit.is_empty() { String::new() } else { format!(" [{}]", field.unit) };
        let description: Vec<&str> = field.description.split_whitespace().collect();
        line(&mut text, &format!("# {}{unit}: {}", field.name, description.join(" ")));
    }
    let names: Vec<String> = fields.iter().map(|field| quoted(&field.name)).collect();
    line(&mut text, &names.join(","));
    for row in 0..selection.known_rows().len() {
        let cells = fields.iter().map(|field| field.cells.text(row).map_or("nan".to_owned(), |cell| quoted(&cell)));
        line(&mut text, &cells.collect::<Vec<_>>().join(","));
    }
    text
}

pub(super) fn line(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("a String takes anything");
}

/// A field as RFC 4180 has it.
fn quoted(field: &str) -> String {
    let plain = !field.contains([',', '"', '\n', '\r', '#']);
    if plain { field.to_owned() } else { format!("\"{}\"", field.replace('"', "\"\"").replace(['\n', '\r'], " ")) }
}

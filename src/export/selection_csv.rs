//! A selection as CSV.

use super::csv::CsvWriter;
use super::selection::{Field, Selection};

/// Returns a selection as CSV: comments that begin with `#` say what it is and describe each column with its unit, then the
/// names, then one line per spectrum. A missing value is `nan`; a line break within a cell is written as a space, so that
/// every record is one line.
pub fn selection_csv(selection: &Selection<'_>) -> String {
    let fields = selection.fields();
    let described = fields.iter().map(description);
    let mut csv = CsvWriter::with_comments(selection.facts().into_iter().chain(described));
    csv.record(fields.iter().map(|field| one_line(&field.name)));
    for row in 0..selection.known_rows().len() {
        csv.record(fields.iter().map(|field| field.cells.text(row).map_or("nan".to_owned(), |cell| one_line(&cell))));
    }
    csv.finish()
}

fn description(field: &Field) -> String {
    let unit = if field.unit.is_empty() { String::new() } else { format!(" [{}]", field.unit) };
    let parts: Vec<&str> = field.description.split_whitespace().collect();
    format!("{}{unit}: {}", field.name, parts.join(" "))
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

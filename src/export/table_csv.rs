//! A table as CSV.

use super::csv::CsvWriter;
use super::selection::Selection;
use super::table::{Field, Table};

/// Returns a selection as CSV.
pub fn selection_csv(selection: &Selection<'_>) -> String {
    table_csv(&selection.table())
}

/// Returns a table as CSV: comments that begin with `#` say what it is and describe each column with its unit, then the
/// names, then one line per row. A missing value is `nan`; a line break within a cell is written as a space, so that
/// every record is one line.
pub fn table_csv(table: &Table) -> String {
    let described = table.fields.iter().map(description);
    let mut csv = CsvWriter::with_comments(table.facts.iter().cloned().chain(described));
    csv.record(table.fields.iter().map(|field| one_line(&field.name)));
    for row in 0..table.rows {
        let cell = |field: &Field| field.cells.text(row).map_or("nan".to_owned(), |cell| one_line(&cell));
        csv.record(table.fields.iter().map(cell));
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

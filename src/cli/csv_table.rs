//! Reading tables of text with named columns: results of queries, lists of files.

use anyhow::{Context, Result, bail};

/// A table: named columns and rows of text.
pub(super) struct CsvTable {
    /// Names of the columns, in lower case.
    columns: Vec<String>,
    /// Rows, each with the number of its line in the file.
    pub rows: Vec<(u64, csv::StringRecord)>,
}

impl CsvTable {
    /// Parses a table; `name` is the file's. Commas, semicolons or tabs separate fields, as the header has them. Lines that
    /// begin with `#`, such as SkyServer's `#Table1`, are passed over.
    ///
    /// # Errors
    /// Bytes that are no text, a page of HTML instead of a table, and a table without a header.
    pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).ok().with_context(|| format!("{name} is not UTF-8 text"))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim_start().starts_with('<') {
            bail!("{name} is a page of HTML and no table: look at what the server says in it");
        }
        let header = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or_default();
        let separator = [b',', b'\t', b';'].into_iter().find(|&byte| header.bytes().any(|one| one == byte));
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator.unwrap_or(b','))
            .comment(Some(b'#'))
            .flexible(true)
            .has_headers(false)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut columns = Vec::new();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.with_context(|| format!("{name} cannot be read as a table"))?;
            if columns.is_empty() {
                columns = record.iter().map(str::to_ascii_lowercase).collect();
            } else if record.iter().any(|field| !field.is_empty()) {
                rows.push((record.position().map_or(0, csv::Position::line), record));
            }
        }
        if columns.is_empty() {
            bail!("{name} is empty: a table begins with the names of its columns");
        }
        Ok(Self { columns, rows })
    }

    /// Returns the index of the first column that has one of these names.
    pub(super) fn column(&self, names: &[&str]) -> Option<usize> {
        self.columns.iter().position(|column| names.contains(&column.as_str()))
    }

    /// Returns the names of the columns, for a message.
    pub(super) fn names(&self) -> String {
        self.columns.join(", ")
    }
}

/// Returns a row's field, `None` where there is no such column or the field is empty.
pub(super) fn field(row: &csv::StringRecord, column: Option<usize>) -> Option<&str> {
    row.get(column?).filter(|field| !field.is_empty())
}

//! Splitting a text table into rows of fields: comments, header, separators, quotes.

use super::names::is_wavelength;
use crate::formats::error::ReadError;

/// Largest number of rows of a table.
const MOST_ROWS: usize = 1_000_000;

/// The parts of a text table.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Text {
    /// Comment lines without their `#`.
    pub comments: Vec<String>,
    /// Column names; empty where the table has none.
    pub names: Vec<String>,
    /// Column units from a row below the names; empty where there is none.
    pub units: Vec<String>,
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

/// The separator of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Character(char),
    /// Semicolons between numbers with decimal commas, as spreadsheets of many European languages write them.
    SemicolonDecimalComma,
    Blanks,
}

impl Text {
    /// Splits bytes into comments, names, units and rows. `file` is for errors.
    pub(super) fn parse(file: &str, bytes: &[u8]) -> Result<Self, ReadError> {
        if is_binary(bytes) {
            let reason = "it is not text in UTF-8: save the table as CSV (UTF-8), or drop FITS files";
            return Err(ReadError::table(file, reason));
        }
        let content = String::from_utf8_lossy(bytes);
        let mut text = Self::default();
        let mut separator = None;
        let mut width = 0;
        for (index, line) in content.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim_end_matches(['\r', '\0']);
            if line.trim().is_empty() {
                continue;
            }
            if let Some(comment) = line.trim_start().strip_prefix('#') {
                text.comments.push(comment.to_owned());
                continue;
            }
            let separator = *separator.get_or_insert_with(|| Separator::of(line));
            let row = Row { line: index + 1, fields: separator.split(line) };
            let named = row.fields.iter().all(|field| parse_number(field).is_none());
            if text.rows.is_empty() && text.names.is_empty() && named {
                width = row.fields.len();
                text.names = row.fields;
                continue;
            }
            if text.rows.is_empty() && text.units.is_empty() && named && row.fields.iter().any(|f| !f.is_empty()) {
                text.units = row.fields;
                continue;
            }
            width = if width == 0 { row.fields.len() } else { width };
            if row.fields.len() < width {
                let found = row.fields.len();
                return Err(ReadError::line(
                    file,
                    row.line,
                    format!("{found} fields instead of {width}: complete the row"),
                ));
            }
            if text.rows.len() == MOST_ROWS {
                return Err(ReadError::table(file, "it has more than a million rows: that is no spectrum"));
            }
            text.rows.push(row);
        }
        if text.rows.is_empty() {
            return Err(ReadError::table(
                file,
                "it has no row of numbers: wavelength, flux and, if possible, error are needed",
            ));
        }
        text.names_from_comment(separator.unwrap_or(Separator::Blanks), width);
        Ok(text)
    }

    /// Takes the column names from a comment, as NumPy and TOPCAT write them: the last comment with as many fields as the rows have, the
    /// first of which names a wavelength.
    fn names_from_comment(&mut self, separator: Separator, width: usize) {
        if !self.names.is_empty() {
            return;
        }
        let named = self
            .comments
            .iter()
            .rev()
            .map(|comment| separator.split(comment))
            .find(|fields| fields.len() == width && fields.first().is_some_and(|name| is_wavelength(name)));
        self.names = named.unwrap_or_default();
    }
}

impl Separator {
    fn of(line: &str) -> Self {
        let line: String = line.split('"').step_by(2).collect();
        match () {
            () if line.contains(';') && line.contains(',') => Separator::SemicolonDecimalComma,
            () if line.contains(';') => Separator::SemicolonDecimalComma,
            () if line.contains(',') => Separator::Character(','),
            () if line.contains('\t') => Separator::Character('\t'),
            () => Separator::Blanks,
        }
    }

    fn split(self, line: &str) -> Vec<String> {
        let is_separator = |c: char| match self {
            Separator::Character(separator) => c == separator,
            Separator::SemicolonDecimalComma => c == ';',
            Separator::Blanks => c.is_whitespace(),
        };
        let mut fields = vec![String::new()];
        let mut quoted = false;
        // Blanks separate fields only after a field has begun; empty quotes are a field, too.
        let mut begun = false;
        for c in line.trim().chars() {
            if c == '"' {
                quoted = !quoted;
                begun = true;
            } else if !quoted && is_separator(c) {
                if begun || self != Separator::Blanks {
                    fields.push(String::new());
                }
                begun = false;
            } else {
                fields.last_mut().expect("there is always a field").push(c);
                begun = true;
            }
        }
        let decimal_comma = self == Separator::SemicolonDecimalComma;
        let clean = |field: String| {
            let field = field.trim().to_owned();
            let point = decimal_comma && !field.contains('.') && field.matches(',').count() == 1;
            let with_point = if point { field.replace(',', ".") } else { field.clone() };
            if point && parse_number(&with_point).is_some() { with_point } else { field }
        };
        fields.into_iter().map(clean).collect()
    }
}

/// Parses a number; NaN for the usual marks of a missing one, `None` for any other text.
pub(super) fn parse_number(field: &str) -> Option<f64> {
    let missing = ["nan", "null", "none", "--", "-", "n/a", "na", "masked"];
    if missing.iter().any(|text| field.eq_ignore_ascii_case(text)) {
        return Some(f64::NAN);
    }
    if let Ok(number) = field.parse::<f64>() {
        return Some(number);
    }
    // Fortran writes double precision as 1.0D-17.
    field.contains(['d', 'D']).then(|| field.replace(['d', 'D'], "e").parse().ok())?
}

/// Returns whether bytes are no text.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(8192)];
    let odd = head.iter().filter(|&&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)).count();
    odd > 0
}

/// Returns whether the first lines hold one of two or more numbers, or begin an ECSV file.
pub(super) fn begins_as_table(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}');
    let numbers = |line: &str| {
        let fields = Separator::of(line).split(line);
        fields.len() >= 2 && fields.iter().take(2).all(|field| parse_number(field).is_some_and(f64::is_finite))
    };
    let first = || text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')).take(4);
    text.starts_with("# %ECSV") || first().any(numbers)
}

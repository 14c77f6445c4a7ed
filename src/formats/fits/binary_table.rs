//! A FITS binary table (FITS standard 4.0, section 7.3): rows of fixed width, columns in big-endian numbers or characters.

use std::borrow::Cow;

use super::hdu::Hdu;
use super::header::Value;
use crate::formats::error::ReadError;

/// A binary table, whose columns are checked to lie within its bytes.
pub(super) struct Table<'a> {
    row_bytes: usize,
    rows: usize,
    columns: Vec<Column<'a>>,
    data: &'a [u8],
}

/// The tables of a file, each parsed once, when it is first needed.
pub(super) struct Tables<'a, 'b> {
    file: &'b str,
    hdus: &'b [Hdu<'a>],
    /// Number of HDUs parsed so far.
    seen: usize,
    parsed: Vec<Table<'a>>,
}

struct Column<'a> {
    /// Name, in upper or lower case.
    name: Cow<'a, str>,
    /// Letter of TFORM.
    kind: u8,
    /// Repeat count of TFORM.
    repeat: usize,
    /// Offset within a row, bytes.
    offset: usize,
}

impl<'a> Table<'a> {
    /// Parses the table in an HDU; returns `None` where the HDU is no binary table.
    pub(super) fn of(file: &str, hdu: &Hdu<'a>) -> Result<Option<Self>, ReadError> {
        if hdu.header.text("XTENSION").as_deref() != Some("BINTABLE") {
            return Ok(None);
        }
        let damaged = |reason: String| ReadError::damaged(file, hdu.index, reason);
        let (row_bytes, rows) = (hdu.axis(1), hdu.axis(2));
        let fields = hdu.header.count("TFIELDS").filter(|&fields| fields <= 999);
        let fields = fields.ok_or_else(|| damaged("its table does not say how many columns it has".to_owned()))?;
        let mut columns = Vec::with_capacity(fields);
        let mut offset = 0usize;
        let (forms, names) = (texts(hdu, "TFORM", fields), texts(hdu, "TTYPE", fields));
        for ((form, name), i) in forms.into_iter().zip(names).zip(1..) {
            let (kind, repeat, bytes) =
                parse_form(&form).ok_or_else(|| damaged(format!("column {i} has the unknown format `{form}`")))?;
            columns.push(Column { name, kind, repeat, offset });
            offset = offset.saturating_add(bytes);
        }
        if offset > row_bytes {
            return Err(damaged(format!("its columns take {offset} bytes a row, its rows have {row_bytes}")));
        }
        let data = hdu.data.get(..row_bytes.saturating_mul(rows));
        let data = data.ok_or_else(|| damaged("its rows do not fit into its data".to_owned()))?;
        Ok(Some(Self { row_bytes, rows, columns, data }))
    }

    /// Returns the number of rows.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Returns whether the table has all these columns, in any case.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.find(name).is_some())
    }

    /// Returns a column of numbers as f64, its first element where it holds several; `None` where it is absent or not numeric.
    pub(super) fn numbers(&self, name: &str) -> Option<Vec<f64>> {
        let column = self.find(name).filter(|column| column.repeat > 0)?;
        match column.kind {
            b'B' => self.read(column, |b: [u8; 1]| f64::from(b[0])),
            b'I' => self.read(column, |b| f64::from(i16::from_be_bytes(b))),
            b'J' => self.read(column, |b| f64::from(i32::from_be_bytes(b))),
            b'K' => self.read(column, |b| i64::from_be_bytes(b) as f64),
            b'E' => self.read(column, |b| f64::from(f32::from_be_bytes(b))),
            b'D' => self.read(column, f64::from_be_bytes),
            _ => None,
        }
    }

    /// Returns a column of numbers as f32; otherwise as [`Self::numbers`] does.
    pub(super) fn singles(&self, name: &str) -> Option<Vec<f32>> {
        match self.find(name)? {
            column if column.kind == b'E' && column.repeat > 0 => self.read(column, f32::from_be_bytes),
            _ => Some(self.numbers(name)?.into_iter().map(|value| value as f32).collect()),
        }
    }

    /// Returns a number of the first row.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.numbers(name)?.first().copied()
    }

    /// Returns a text of the first row, without the spaces or zeros that pad it.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let column = self.find(name).filter(|column| column.kind == b'A' && self.rows > 0)?;
        let cell = self.cell(column, 0)?.get(..column.repeat)?;
        let end = cell.iter().position(|&byte| byte == 0).unwrap_or(cell.len());
        Some(String::from_utf8_lossy(&cell[..end]).trim().to_owned())
    }

    /// Returns the bytes from a cell's start to its row's end.
    fn cell(&self, column: &Column<'_>, row: usize) -> Option<&'a [u8]> {
        let start = row.checked_mul(self.row_bytes)?;
        self.data.get(start.checked_add(column.offset)?..start.checked_add(self.row_bytes)?)
    }

    /// Reads a column's cells, each of N bytes.
    fn read<const N: usize, T>(&self, column: &Column<'_>, number: impl Fn([u8; N]) -> T) -> Option<Vec<T>> {
        if self.row_bytes == 0 {
            return (self.rows == 0).then(Vec::new);
        }
        let mut numbers = Vec::with_capacity(self.rows);
        for row in self.data.chunks_exact(self.row_bytes) {
            numbers.push(number(*row.get(column.offset..)?.first_chunk()?));
        }
        Some(numbers)
    }

    fn find(&self, name: &str) -> Option<&Column<'a>> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }
}

impl<'a, 'b> Tables<'a, 'b> {
    /// Returns the tables of `hdus`, none of them parsed yet.
    pub(super) fn new(file: &'b str, hdus: &'b [Hdu<'a>]) -> Self {
        Self { file, hdus, seen: 0, parsed: Vec::new() }
    }

    /// Returns the first table with all these columns, in any case.
    ///
    /// # Errors
    /// A damaged table before it.
    pub(super) fn with(&mut self, names: &[&str]) -> Result<Option<&Table<'a>>, ReadError> {
        let mut index = self.parsed.iter().position(|table| table.has(names));
        while let (None, Some(hdu)) = (index, self.hdus.get(self.seen)) {
            self.seen += 1;
            if let Some(table) = Table::of(self.file, hdu)? {
                index = table.has(names).then_some(self.parsed.len());
                self.parsed.push(table);
            }
        }
        Ok(index.map(|index| &self.parsed[index]))
    }
}

/// Returns the texts of the cards `root`1, `root`2 ... of `fields` columns, empty where there is none.
fn texts<'a>(hdu: &Hdu<'a>, root: &str, fields: usize) -> Vec<Cow<'a, str>> {
    let mut texts = vec![None; fields];
    for (number, value) in hdu.header.numbered(root) {
        if let Some(text @ None) = texts.get_mut(number - 1) {
            *text = Some(if let Value::Text(text) = value { text } else { Cow::Borrowed("") });
        }
    }
    texts.into_iter().map(Option::unwrap_or_default).collect()
}

/// Parses a TFORM: kind, repeat count and bytes of a cell.
fn parse_form(form: &str) -> Option<(u8, usize, usize)> {
    let digits = form.bytes().take_while(u8::is_ascii_digit).count();
    let repeat: usize = if digits == 0 { 1 } else { form[..digits].parse().ok()? };
    let kind = *form.as_bytes().get(digits)?;
    let size = match kind {
        b'X' => return Some((kind, repeat, repeat.div_ceil(8))),
        b'L' | b'B' | b'A' => 1,
        b'I' => 2,
        b'J' | b'E' => 4,
        b'K' | b'D' | b'C' | b'P' => 8,
        b'M' | b'Q' => 16,
        _ => return None,
    };
    Some((kind, repeat, repeat.checked_mul(size)?))
}

//! A FITS binary table (FITS standard 4.0, section 7.3): rows of fixed width, columns in big-endian numbers or characters.

use std::borrow::Cow;

use super::hdu::Hdu;
use super::header::{Header, Value};
use crate::formats::error::ReadError;

/// A binary table, whose columns are checked to lie within its bytes.
pub(super) struct Table<'a> {
    /// Header.
    pub(super) header: Header<'a>,
    row_bytes: usize,
    rows: usize,
    columns: Vec<Column<'a>>,
    /// The rows.
    data: &'a [u8],
    /// The heap that cells of variable length point into.
    heap: &'a [u8],
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
    /// Letter of the elements of a cell of variable length, as of a cell of fixed length.
    element: u8,
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
            let element = if matches!(kind, b'P' | b'Q') { after(&form, kind) } else { kind };
            columns.push(Column { name, kind, element, repeat, offset });
            offset = offset.saturating_add(bytes);
        }
        if offset > row_bytes {
            return Err(damaged(format!("its columns take {offset} bytes a row, its rows have {row_bytes}")));
        }
        let data = hdu.data.get(..row_bytes.saturating_mul(rows));
        let data = data.ok_or_else(|| damaged("its rows do not fit into its data".to_owned()))?;
        let heap = hdu.data.get(hdu.header.count("THEAP").unwrap_or(data.len())..).unwrap_or_default();
        Ok(Some(Self { header: hdu.header, row_bytes, rows, columns, data, heap }))
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

    /// Returns the names of the columns.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.trim())
    }

    /// Returns the whole numbers of a column, all digits kept; `None` where it is absent or of another type.
    pub(super) fn integers(&self, name: &str) -> Option<Vec<i64>> {
        let column = self.find(name).filter(|column| column.repeat > 0)?;
        match column.kind {
            b'B' => self.read(column, |b: [u8; 1]| i64::from(b[0])),
            b'I' => self.read(column, |b| i64::from(i16::from_be_bytes(b))),
            b'J' => self.read(column, |b| i64::from(i32::from_be_bytes(b))),
            b'K' => self.read(column, i64::from_be_bytes),
            _ => None,
        }
    }

    /// Returns a card of a column, as in TUNIT3; empty where there is none.
    pub(super) fn card(&self, root: &str, name: &str) -> String {
        let number = self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name)).map_or(0, |i| i + 1);
        self.header.text(&format!("{root}{number}")).unwrap_or_default().into_owned()
    }

    /// Returns all numbers of a cell, with their scale (TSCAL, TZERO) applied; `None` where there is no such cell of numbers.
    pub(super) fn cell_numbers(&self, name: &str, row: usize) -> Option<Vec<f64>> {
        let at = self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))?;
        let column = &self.columns[at];
        let cell = self.cell(column, row).filter(|_| row < self.rows)?;
        let (bytes, count) = match column.kind {
            b'P' => {
                let (count, offset) = (cell.first_chunk::<4>()?, cell.get(4..)?.first_chunk::<4>()?);
                (self.heap.get(u32::from_be_bytes(*offset) as usize..)?, u32::from_be_bytes(*count) as usize)
            }
            b'Q' => {
                let (count, offset) = (cell.first_chunk::<8>()?, cell.get(8..)?.first_chunk::<8>()?);
                let offset = usize::try_from(u64::from_be_bytes(*offset)).ok()?;
                (self.heap.get(offset..)?, usize::try_from(u64::from_be_bytes(*count)).ok()?)
            }
            _ => (cell, column.repeat),
        };
        let mut numbers = elements(column.element, bytes, count)?;
        self.scale(at, &mut numbers);
        Some(numbers)
    }

    /// Returns the first number of every row's cell, with their scale (TSCAL, TZERO) applied.
    pub(super) fn scaled_numbers(&self, name: &str) -> Option<Vec<f64>> {
        let at = self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))?;
        let flag = |b: [u8; 1]| f64::from(u8::from(b[0] == b'T'));
        let column = &self.columns[at];
        let mut numbers = if column.kind == b'L' { self.read(column, flag) } else { self.numbers(name) }?;
        self.scale(at, &mut numbers);
        Some(numbers)
    }

    fn scale(&self, at: usize, numbers: &mut [f64]) {
        let number = |root: &str| self.header.number(&format!("{root}{}", at + 1));
        let (scale, zero) = (number("TSCAL").unwrap_or(1.0), number("TZERO").unwrap_or(0.0));
        if (scale, zero) != (1.0, 0.0) {
            numbers.iter_mut().for_each(|value| *value = *value * scale + zero);
        }
    }

    /// Returns a text of a row, without the spaces or zeros that pad it.
    pub(super) fn text_at(&self, name: &str, row: usize) -> Option<String> {
        let column = self.find(name).filter(|column| column.kind == b'A' && row < self.rows)?;
        let cell = self.cell(column, row)?.get(..column.repeat)?;
        let end = cell.iter().position(|&byte| byte == 0).unwrap_or(cell.len());
        Some(String::from_utf8_lossy(&cell[..end]).trim().to_owned())
    }

    /// Returns the first number of a cell, as it is stored.
    pub(super) fn number_at(&self, name: &str, row: usize) -> Option<f64> {
        let column = self.find(name).filter(|column| column.repeat > 0 && row < self.rows)?;
        elements(column.kind, self.cell(column, row)?, 1)?.first().copied()
    }

    /// Returns a number of the first row.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.numbers(name)?.first().copied()
    }

    /// Returns a text of the first row, without the spaces or zeros that pad it.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.text_at(name, 0)
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

/// Reads `count` big-endian numbers of a TFORM's letter; `None` for letters that stand for no numbers, and where bytes are missing.
fn elements(kind: u8, bytes: &[u8], count: usize) -> Option<Vec<f64>> {
    fn all<const N: usize>(bytes: &[u8], count: usize, number: impl Fn([u8; N]) -> f64) -> Option<Vec<f64>> {
        let bytes = bytes.get(..count.checked_mul(N)?)?;
        Some(bytes.as_chunks::<N>().0.iter().map(|b| number(*b)).collect())
    }
    match kind {
        b'L' => all(bytes, count, |b: [u8; 1]| f64::from(u8::from(b[0] == b'T'))),
        b'B' => all(bytes, count, |b: [u8; 1]| f64::from(b[0])),
        b'I' => all(bytes, count, |b| f64::from(i16::from_be_bytes(b))),
        b'J' => all(bytes, count, |b| f64::from(i32::from_be_bytes(b))),
        b'K' => all(bytes, count, |b| i64::from_be_bytes(b) as f64),
        b'E' => all(bytes, count, |b| f64::from(f32::from_be_bytes(b))),
        b'D' => all(bytes, count, f64::from_be_bytes),
        _ => None,
    }
}

/// Returns the letter after `kind` in a TFORM, that of a variable-length cell's elements; 0 where there is none.
fn after(form: &str, kind: u8) -> u8 {
    form.bytes().skip_while(|&byte| byte != kind).nth(1).unwrap_or(0)
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

//! A FITS binary table (FITS standard 4.0, section 7.3): rows of fixed width, columns in big-endian numbers or characters.

use super::super::SpectrumError;
use super::hdu::Hdu;

/// A binary table. Only what its columns promise and its bytes hold can be asked of it.
pub(super) struct Table<'a> {
    row_bytes: usize,
    rows: usize,
    columns: Vec<Column>,
    data: &'a [u8],
}

struct Column {
    /// Upper case.
    name: String,
    /// TFORM's letter.
    kind: u8,
    /// TFORM's count before it.
    repeat: usize,
    /// Where it starts in a row.
    offset: usize,
}

impl<'a> Table<'a> {
    /// The table in an HDU; none where the HDU is no binary table.
    pub(super) fn of(file: &str, hdu: &Hdu<'a>) -> Result<Option<Self>, SpectrumError> {
        if hdu.header.text("XTENSION") != Some("BINTABLE") {
            return Ok(None);
        }
        let wrong = |reason: String| super::damaged(file, hdu, reason);
        let (row_bytes, rows) = (hdu.axis(1), hdu.axis(2));
        let fields = hdu.header.count("TFIELDS").filter(|&fields| fields <= 999);
        let fields = fields.ok_or_else(|| wrong("its table does not say how many columns it has".to_owned()))?;
        let mut columns = Vec::with_capacity(fields);
        let mut offset = 0usize;
        for i in 1..=fields {
            let form = hdu.header.text(&format!("TFORM{i}")).unwrap_or("");
            let (kind, repeat, bytes) =
                parse_form(form).ok_or_else(|| wrong(format!("column {i} has the unknown format `{form}`")))?;
            let name = hdu.header.text(&format!("TTYPE{i}")).unwrap_or("").to_uppercase();
            columns.push(Column { name, kind, repeat, offset });
            offset = offset.saturating_add(bytes);
        }
        if offset > row_bytes {
            return Err(wrong(format!("its columns take {offset} bytes a row, its rows have {row_bytes}")));
        }
        let data = hdu.data.get(..row_bytes.saturating_mul(rows));
        let data = data.ok_or_else(|| wrong("its rows do not fit into its data".to_owned()))?;
        Ok(Some(Self { row_bytes, rows, columns, data }))
    }

    /// Rows.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Whether it has all these columns (upper case here, any case there).
    pub(super) fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.find(name).is_some())
    }

    /// A column of numbers as f64, its first element where it holds several; none where it is absent or no number.
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

    /// A number of the first row.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.numbers(name)?.first().copied()
    }

    /// A text of the first row, without the spaces or zeros that pad it.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let column = self.find(name).filter(|column| column.kind == b'A' && self.rows > 0)?;
        let cell = self.cell(column, 0)?.get(..column.repeat)?;
        let end = cell.iter().position(|&byte| byte == 0).unwrap_or(cell.len());
        Some(String::from_utf8_lossy(&cell[..end]).trim().to_owned())
    }

    /// The bytes from a cell's start to its row's end.
    fn cell(&self, column: &Column, row: usize) -> Option<&'a [u8]> {
        let start = row.checked_mul(self.row_bytes)?;
        self.data.get(start.checked_add(column.offset)?..start.checked_add(self.row_bytes)?)
    }

    /// A column's cells, each of N bytes.
    fn read<const N: usize>(&self, column: &Column, number: impl Fn([u8; N]) -> f64) -> Option<Vec<f64>> {
        if self.row_bytes == 0 {
            return (self.rows == 0).then(Vec::new);
        }
        let mut numbers = Vec::with_capacity(self.data.len() / self.row_bytes);
        for row in self.data.chunks_exact(self.row_bytes) {
            numbers.push(number(*row.get(column.offset..)?.first_chunk()?));
        }
        Some(numbers)
    }

    fn find(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// TFORM: kind, repeat count and bytes of a cell.
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

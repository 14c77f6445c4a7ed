//! Writing FITS: a primary header with or without an image, then images and binary tables (FITS standard 4.0, sections 4 and 7), as far as
//! simulated survey files and tests need it.

use super::header::BLOCK;

/// The value of a header's card.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A logical value, T or F.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A finite number.
    Real(f64),
    /// A text of up to 68 ASCII characters, quotes counting twice; longer texts are cut.
    Text(String),
}

/// A card: keyword of up to eight characters, value, comment.
pub type Card = (&'static str, Value, &'static str);

/// The values of a column, one per row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// 32-bit integers, format J.
    Whole(Vec<i32>),
    /// Single precision, format E.
    Single(Vec<f32>),
    /// Double precision, format D.
    Double(Vec<f64>),
    /// 64-bit integers, format K.
    Long(Vec<i64>),
    /// Arrays of double precision, all of the same length, format D with a repeat count.
    Array(Vec<Vec<f64>>),
    /// Texts, format A, as wide as the longest.
    Text(Vec<String>),
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Name, TTYPE.
    pub name: &'static str,
    /// Unit, TUNIT; empty for none.
    pub unit: &'static str,
    /// Values; all columns of a table have the same length.
    pub cells: Cells,
}

/// A binary table.
#[derive(Debug, Clone, PartialEq)]
pub struct BinaryTable {
    /// Name, EXTNAME.
    pub name: &'static str,
    /// Columns.
    pub columns: Vec<Column>,
}

/// An image of double precision.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// Name, EXTNAME; not written in the primary header.
    pub name: &'static str,
    /// Cards after the mandatory ones.
    pub cards: Vec<Card>,
    /// Lengths of the axes, the fastest first, as in NAXIS1, NAXIS2, ...
    pub axes: Vec<usize>,
    /// Pixels, as many as the product of the axes.
    pub pixels: Vec<f64>,
}

/// An extension of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Extension {
    /// An image.
    Image(Image),
    /// A binary table.
    Table(BinaryTable),
}

/// Writes a FITS file whose primary header has an image, then the extensions.
pub fn file_with_images(primary: &Image, extensions: &[Extension]) -> Vec<u8> {
    let mut bytes = Vec::new();
    push(&mut bytes, "SIMPLE", &Value::Flag(true), "FITS standard 4.0");
    primary.write(&mut bytes, false);
    for extension in extensions {
        match extension {
            Extension::Table(table) => table.write(&mut bytes),
            Extension::Image(image) => {
                push(&mut bytes, "XTENSION", &Value::Text("IMAGE".to_owned()), "");
                image.write(&mut bytes, true);
            }
        }
    }
    bytes
}

/// Writes a FITS file: a primary header with these cards, then the tables.
pub fn file(cards: &[Card], tables: &[BinaryTable]) -> Vec<u8> {
    let mut bytes = Vec::new();
    push(&mut bytes, "SIMPLE", &Value::Flag(true), "FITS standard 4.0");
    push(&mut bytes, "BITPIX", &Value::Whole(8), "");
    push(&mut bytes, "NAXIS", &Value::Whole(0), "no image here");
    push(&mut bytes, "EXTEND", &Value::Flag(true), "tables follow");
    cards.iter().for_each(|(key, value, comment)| push(&mut bytes, key, value, comment));
    end(&mut bytes);
    tables.iter().for_each(|table| table.write(&mut bytes));
    bytes
}

impl Column {
    /// Builds a column; `unit` may be empty.
    pub fn new(name: &'static str, unit: &'static str, cells: Cells) -> Self {
        Self { name, unit, cells }
    }
}

impl Image {
    /// Writes all of an HDU, of the primary one or an extension, but the first card of its header.
    fn write(&self, bytes: &mut Vec<u8>, is_extension: bool) {
        push(bytes, "BITPIX", &Value::Whole(-64), "");
        push(bytes, "NAXIS", &Value::Whole(self.axes.len() as i64), "");
        for (length, number) in self.axes.iter().zip(1..) {
            push(bytes, &format!("NAXIS{number}"), &Value::Whole(*length as i64), "");
        }
        if is_extension {
            push(bytes, "PCOUNT", &Value::Whole(0), "");
            push(bytes, "GCOUNT", &Value::Whole(1), "");
        }
        if !self.name.is_empty() {
            push(bytes, "EXTNAME", &Value::Text(self.name.to_owned()), "");
        }
        self.cards.iter().for_each(|(key, value, comment)| push(bytes, key, value, comment));
        end(bytes);
        self.pixels.iter().for_each(|value| bytes.extend(value.to_be_bytes()));
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    }
}

impl BinaryTable {
    fn write(&self, bytes: &mut Vec<u8>) {
        let rows = self.columns.first().map_or(0, |column| column.cells.len());
        assert!(self.columns.iter().all(|column| column.cells.len() == rows), "columns of one length in {}", self.name);
        let width: usize = self.columns.iter().map(|column| column.cells.width()).sum();
        push(bytes, "XTENSION", &Value::Text("BINTABLE".to_owned()), "");
        for (key, value) in [("BITPIX", 8), ("NAXIS", 2), ("NAXIS1", width), ("NAXIS2", rows), ("PCOUNT", 0)] {
            push(bytes, key, &Value::Whole(value as i64), "");
        }
        push(bytes, "GCOUNT", &Value::Whole(1), "");
        push(bytes, "TFIELDS", &Value::Whole(self.columns.len() as i64), "");
        for (column, number) in self.columns.iter().zip(1..) {
            push(bytes, &format!("TTYPE{number}"), &Value::Text(column.name.to_owned()), "");
            push(bytes, &format!("TFORM{number}"), &Value::Text(column.cells.form()), "");
            if !column.unit.is_empty() {
                push(bytes, &format!("TUNIT{number}"), &Value::Text(column.unit.to_owned()), "");
            }
        }
        push(bytes, "EXTNAME", &Value::Text(self.name.to_owned()), "");
        end(bytes);
        bytes.reserve((rows * width).next_multiple_of(BLOCK));
        for row in 0..rows {
            self.columns.iter().for_each(|column| column.cells.write(row, bytes));
        }
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    }
}

impl Cells {
    fn len(&self) -> usize {
        match self {
            Cells::Whole(cells) => cells.len(),
            Cells::Single(cells) => cells.len(),
            Cells::Double(cells) => cells.len(),
            Cells::Long(cells) => cells.len(),
            Cells::Array(cells) => cells.len(),
            Cells::Text(cells) => cells.len(),
        }
    }

    /// Returns the size of a cell, bytes.
    fn width(&self) -> usize {
        match self {
            Cells::Whole(_) | Cells::Single(_) => 4,
            Cells::Double(_) | Cells::Long(_) => 8,
            Cells::Array(cells) => 8 * cells.first().map_or(0, Vec::len),
            Cells::Text(cells) => cells.iter().map(String::len).max().unwrap_or(0).max(1),
        }
    }

    /// Returns the TFORM.
    fn form(&self) -> String {
        match self {
            Cells::Whole(_) => "J".to_owned(),
            Cells::Single(_) => "E".to_owned(),
            Cells::Double(_) => "D".to_owned(),
            Cells::Long(_) => "K".to_owned(),
            Cells::Array(_) => format!("{}D", self.width() / 8),
            Cells::Text(_) => format!("{}A", self.width()),
        }
    }

    fn write(&self, row: usize, bytes: &mut Vec<u8>) {
        match self {
            Cells::Whole(cells) => bytes.extend(cells[row].to_be_bytes()),
            Cells::Single(cells) => bytes.extend(cells[row].to_be_bytes()),
            Cells::Double(cells) => bytes.extend(cells[row].to_be_bytes()),
            Cells::Long(cells) => bytes.extend(cells[row].to_be_bytes()),
            Cells::Array(cells) => cells[row].iter().for_each(|value| bytes.extend(value.to_be_bytes())),
            Cells::Text(cells) => {
                bytes.extend_from_slice(cells[row].as_bytes());
                bytes.extend(std::iter::repeat_n(b' ', self.width() - cells[row].len()));
            }
        }
    }
}

/// Appends a card of 80 characters in fixed format: numbers end in column 30, texts begin in column 11.
fn push(bytes: &mut Vec<u8>, key: &str, value: &Value, comment: &str) {
    let value = match value {
        Value::Flag(flag) => format!("{:>20}", if *flag { "T" } else { "F" }),
        Value::Whole(number) => format!("{number:>20}"),
        // `1e-7` is written `1E-7`, as the standard wants it.
        Value::Real(number) => format!("{:>20}", format!("{number:?}").to_uppercase()),
        Value::Text(text) => {
            let mut quoted = String::new();
            for character in text.chars().filter(|character| matches!(character, ' '..='~')) {
                let written = if character == '\'' { "''".to_owned() } else { character.to_string() };
                if quoted.len() + written.len() > 68 {
                    break;
                }
                quoted += &written;
            }
            format!("{:<20}", format!("'{quoted:<8}'"))
        }
    };
    let card = if comment.is_empty() { format!("{key:<8}= {value}") } else { format!("{key:<8}= {value} / {comment}") };
    bytes.extend(card.bytes().chain(std::iter::repeat(b' ')).take(80));
}

/// Ends a header and fills its block with spaces.
fn end(bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(b"END");
    bytes.resize(bytes.len().next_multiple_of(BLOCK), b' ');
}

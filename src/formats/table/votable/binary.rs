//! The rows of a VOTable in a stream of bytes: BINARY and BINARY2, of which the latter begins each row with its missing cells as bits.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::Node;

use super::super::record::Cell;
use super::element::text_of;
use super::field::{ArraySize, Datatype, Field, Number};
use crate::formats::error::ReadError;
use crate::formats::gzip;

/// Returns the bytes of a STREAM, which are in the document as base64.
pub(super) fn stream(file: &str, stream: &Node<'_, '_>) -> Result<Vec<u8>, ReadError> {
    if stream.has_attribute("href") {
        let reason = "its rows are in a file of their own: save the table again with its rows inside (TABLEDATA)";
        return Err(ReadError::table(file, reason));
    }
    let text: String = text_of(stream).split_whitespace().collect();
    let bytes = STANDARD.decode(text).map_err(|_| ReadError::table(file, "its stream is no base64: fetch it again"))?;
    match gzip::unpacked(file, &bytes)? {
        Cow::Owned(unpacked) => Ok(unpacked),
        Cow::Borrowed(_) => Ok(bytes),
    }
}

/// Reads the rows of a stream. `file` is for errors.
///
/// # Errors
/// A field of an unknown type, and a stream that ends within a row.
pub(super) fn rows(file: &str, fields: &[Field], stream: &[u8], with_nulls: bool) -> Result<Vec<Vec<Cell>>, ReadError> {
    if fields.is_empty() {
        return Ok(Vec::new());
    }
    if fields.iter().any(|field| field.datatype.is_none()) {
        return Err(ReadError::table(file, "one of its fields has a datatype that VOTable does not know"));
    }
    let mut bytes = stream;
    let mut rows = Vec::new();
    while !bytes.is_empty() {
        let row = row(fields, &mut bytes, with_nulls);
        rows.push(row.ok_or_else(|| ReadError::table(file, "its stream ends within a row: fetch it again"))?);
    }
    Ok(rows)
}

fn row(fields: &[Field], bytes: &mut &[u8], with_nulls: bool) -> Option<Vec<Cell>> {
    let nulls = if with_nulls { take(bytes, fields.len().div_ceil(8))? } else { &[] };
    let is_null = |index: usize| nulls.get(index / 8).is_some_and(|byte| byte & (0x80 >> (index % 8)) != 0);
    let before = bytes.len();
    let cells = fields.iter().enumerate().map(|(index, field)| {
        let cell = cell(field, bytes)?;
        Some(if is_null(index) { Cell::Scalar(String::new()) } else { cell })
    });
    let cells: Vec<Cell> = cells.collect::<Option<_>>()?;
    // A row without a byte would never end the stream.
    (with_nulls || bytes.len() < before).then_some(cells)
}

fn cell(field: &Field, bytes: &mut &[u8]) -> Option<Cell> {
    let datatype = field.datatype?;
    let count = match field.size {
        ArraySize::Scalar => 1,
        ArraySize::Fixed(count) => count,
        ArraySize::Variable => usize::try_from(u32::from_be_bytes(take(bytes, 4)?.try_into().ok()?)).ok()?,
    };
    if datatype == Datatype::Bit {
        let packed = take(bytes, count.div_ceil(8))?;
        let bit = |index: usize| Number::Whole(i64::from(packed[index / 8] >> (7 - index % 8) & 1));
        return Some(field.cell_of((0..count).map(bit).collect()));
    }
    let part = take(bytes, count.checked_mul(datatype.width())?)?;
    Some(match datatype {
        Datatype::Char => Cell::Scalar(String::from_utf8_lossy(part).trim_matches(['\0', ' ']).to_owned()),
        Datatype::UnicodeChar => {
            let units = part.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            let text: String =
                char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
            Cell::Scalar(text.trim_matches(['\0', ' ']).to_owned())
        }
        _ => field.cell_of(part.chunks_exact(datatype.width()).map(|element| number(datatype, element)).collect()),
    })
}

/// Returns the number of an element of `datatype.width()` bytes, most significant first; of a complex one the real part.
fn number(datatype: Datatype, element: &[u8]) -> Number {
    let eight = || element[..8].try_into().expect("eight bytes");
    let four = || element[..4].try_into().expect("four bytes");
    match datatype {
        Datatype::Boolean => Number::Whole(i64::from(matches!(element[0], b'T' | b't' | b'1'))),
        Datatype::Short => Number::Whole(i64::from(i16::from_be_bytes([element[0], element[1]]))),
        Datatype::Int => Number::Whole(i64::from(i32::from_be_bytes(four()))),
        Datatype::Long => Number::Whole(i64::from_be_bytes(eight())),
        Datatype::Float | Datatype::FloatComplex => Number::Single(f32::from_be_bytes(four())),
        Datatype::Double | Datatype::DoubleComplex => Number::Double(f64::from_be_bytes(eight())),
        Datatype::Bit | Datatype::UnsignedByte | Datatype::Char | Datatype::UnicodeChar => {
            Number::Whole(i64::from(element[0]))
        }
    }
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(taken)
}

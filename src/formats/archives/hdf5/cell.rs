//! Elements of datasets as numbers and as texts.

use half::f16;
use hdf5_reader::error::Error;
use hdf5_reader::{ByteOrder, Datatype, H5Type, StringSize, VarLenKind};

/// Longest text that is kept, in characters.
const LONGEST_TEXT: usize = 200;
/// Longest reference to a list elsewhere in the file: a length of 4 bytes, an offset of up to 8, an index of 4.
const LONGEST_REFERENCE: usize = 16;

/// A number of any type; 64-bit integers lose their last digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number(pub f64);

/// A number or a text of fixed length as text, integers with all their digits.
#[derive(Debug, Clone)]
pub(super) struct Text(pub String);

/// A reference to a list or a text elsewhere in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reference {
    bytes: [u8; LONGEST_REFERENCE],
    length: usize,
}

impl Reference {
    /// Returns the reference as the file has it.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl H5Type for Number {
    fn hdf5_type() -> Datatype {
        f64::hdf5_type()
    }

    fn from_bytes(bytes: &[u8], datatype: &Datatype) -> Result<Self, Error> {
        number(bytes, datatype).map(Number)
    }

    fn element_size(datatype: &Datatype) -> usize {
        size(datatype)
    }
}

impl H5Type for Text {
    fn hdf5_type() -> Datatype {
        f64::hdf5_type()
    }

    fn from_bytes(bytes: &[u8], datatype: &Datatype) -> Result<Self, Error> {
        let text = match datatype {
            Datatype::String { .. } => text(bytes),
            Datatype::FixedPoint { signed, .. } => {
                let whole = whole(bytes, datatype)?;
                if *signed { whole.to_string() } else { (whole as u64).to_string() }
            }
            _ => number(bytes, datatype)?.to_string(),
        };
        Ok(Text(text))
    }

    fn element_size(datatype: &Datatype) -> usize {
        size(datatype)
    }
}

impl H5Type for Reference {
    fn hdf5_type() -> Datatype {
        f64::hdf5_type()
    }

    fn from_bytes(bytes: &[u8], datatype: &Datatype) -> Result<Self, Error> {
        let mut own = [0; LONGEST_REFERENCE];
        let kept = own.get_mut(..bytes.len()).ok_or_else(|| another_type(datatype))?;
        kept.copy_from_slice(bytes);
        Ok(Self { bytes: own, length: bytes.len() })
    }

    fn element_size(_: &Datatype) -> usize {
        LONGEST_REFERENCE
    }
}

/// Returns whether elements of a type are numbers or truth values.
pub(super) fn is_number(datatype: &Datatype) -> bool {
    match datatype {
        Datatype::FixedPoint { size, .. } => matches!(size, 1 | 2 | 4 | 8),
        Datatype::FloatingPoint { size, .. } => matches!(size, 2 | 4 | 8),
        Datatype::Enum { base, .. } => is_number(base),
        _ => false,
    }
}

/// Returns whether elements of a type are a number or a text.
pub(super) fn is_single(datatype: &Datatype) -> bool {
    is_number(datatype) || matches!(datatype, Datatype::String { .. }) || is_text_elsewhere(datatype)
}

/// Returns whether a cell of a type refers to a text elsewhere in the file.
pub(super) fn is_text_elsewhere(datatype: &Datatype) -> bool {
    match datatype {
        Datatype::VarLen { kind, .. } => *kind == VarLenKind::String,
        Datatype::String { size, .. } => *size == StringSize::Variable,
        _ => false,
    }
}

/// Returns the size of an element in bytes; 0 where it is not one of [`is_number`] or a text of fixed length.
pub(super) fn size(datatype: &Datatype) -> usize {
    match datatype {
        Datatype::FixedPoint { size, .. } | Datatype::FloatingPoint { size, .. } => usize::from(*size),
        Datatype::Enum { base, .. } => size(base),
        Datatype::String { size: StringSize::Fixed(size), .. } => *size as usize,
        _ => 0,
    }
}

/// Decodes a number; truth values are 1 and 0.
pub(super) fn number(bytes: &[u8], datatype: &Datatype) -> Result<f64, Error> {
    match datatype {
        Datatype::Enum { base, .. } => number(bytes, base),
        Datatype::FixedPoint { signed, .. } => {
            let whole = whole(bytes, datatype)?;
            Ok(if *signed { whole as f64 } else { whole as u64 as f64 })
        }
        Datatype::FloatingPoint { size, byte_order } => {
            let bits = bits(bytes, usize::from(*size), *byte_order).ok_or_else(|| another_type(datatype))?;
            match size {
                2 => Ok(f16::from_bits(bits as u16).to_f64()),
                4 => Ok(f64::from(f32::from_bits(bits as u32))),
                8 => Ok(f64::from_bits(bits)),
                _ => Err(another_type(datatype)),
            }
        }
        _ => Err(another_type(datatype)),
    }
}

/// Decodes a text up to its first zero byte.
pub(super) fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len()).min(4 * LONGEST_TEXT);
    String::from_utf8_lossy(&bytes[..end]).chars().take(LONGEST_TEXT).collect()
}

/// Decodes an integer; of one without a sign, the bits.
fn whole(bytes: &[u8], datatype: &Datatype) -> Result<i64, Error> {
    let Datatype::FixedPoint { size, signed, byte_order } = datatype else { return Err(another_type(datatype)) };
    let bits = bits(bytes, usize::from(*size), *byte_order).ok_or_else(|| another_type(datatype))?;
    let unused = 64 - 8 * u32::from(*size);
    // The sign is spread over the bits that the type does not have.
    Ok(if *signed { (bits << unused) as i64 >> unused } else { bits as i64 })
}

/// Returns the bits of a number of 1 to 8 bytes.
fn bits(bytes: &[u8], size: usize, order: ByteOrder) -> Option<u64> {
    if !(1..=8).contains(&size) {
        return None;
    }
    let mut eight = [0; 8];
    eight[..size].copy_from_slice(bytes.get(..size)?);
    if order == ByteOrder::BigEndian {
        eight[..size].reverse();
    }
    Some(u64::from_le_bytes(eight))
}

fn another_type(datatype: &Datatype) -> Error {
    Error::TypeMismatch { expected: "a number or a text".to_owned(), actual: format!("{datatype:?}") }
}

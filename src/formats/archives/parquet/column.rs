//! The cells of a column, some rows at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use half::f16;
use parquet::basic::{ConvertedType, LogicalType, Type};
use parquet::column::page::PageReader;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::{ByteArray, DataType, FixedLenByteArray};
use parquet::errors::{ParquetError, Result};
use parquet::schema::types::{ColumnDescPtr, ColumnDescriptor};

use super::super::batch::Lists;
use super::super::layout::ColumnKind;
use super::pages::CheckedPages;

/// Rows that are skipped at a time, so that a skip is no reason to refuse a page.
const SKIPPED: usize = 256;
/// Longest text that is kept, in characters.
const LONGEST_TEXT: usize = 200;

/// A column being read.
pub(super) struct ColumnCells {
    descriptor: ColumnDescPtr,
    reader: ColumnReader,
    /// Values of the pages that were read for the batch.
    values: Arc<AtomicUsize>,
}

/// Values of some rows, one after the other, and the index of each row's first.
struct Decoded<V> {
    values: Vec<Option<V>>,
    starts: Vec<usize>,
}

/// Returns the content of a column's cells.
pub(super) fn kind(column: &ColumnDescriptor) -> ColumnKind {
    let is_number = match column.physical_type() {
        Type::BOOLEAN | Type::INT32 | Type::INT64 | Type::FLOAT | Type::DOUBLE => true,
        Type::FIXED_LEN_BYTE_ARRAY => is_f16(column),
        Type::BYTE_ARRAY | Type::INT96 => false,
    };
    match (column.max_rep_level(), column.physical_type()) {
        (1, _) if is_number => ColumnKind::List,
        (0, Type::INT96) => ColumnKind::Other,
        (0, _) => ColumnKind::Single,
        _ => ColumnKind::Other,
    }
}

impl ColumnCells {
    /// Returns a column before its first row.
    pub(super) fn new(descriptor: ColumnDescPtr, pages: Box<dyn PageReader>) -> Self {
        let values = Arc::new(AtomicUsize::new(0));
        let pages = Box::new(CheckedPages::new(pages, values.clone()));
        Self { reader: get_column_reader(descriptor.clone(), pages), descriptor, values }
    }

    /// Skips rows.
    pub(super) fn skip(&mut self, rows: usize) -> Result<()> {
        for start in (0..rows).step_by(SKIPPED) {
            let count = SKIPPED.min(rows - start);
            self.values.store(0, Ordering::Relaxed);
            let skipped = match &mut self.reader {
                ColumnReader::BoolColumnReader(reader) => reader.skip_records(count),
                ColumnReader::Int32ColumnReader(reader) => reader.skip_records(count),
                ColumnReader::Int64ColumnReader(reader) => reader.skip_records(count),
                ColumnReader::Int96ColumnReader(reader) => reader.skip_records(count),
                ColumnReader::FloatColumnReader(reader) => reader.skip_records(count),
                ColumnReader::DoubleColumnReader(reader) => reader.skip_records(count),
                ColumnReader::ByteArrayColumnReader(reader) => reader.skip_records(count),
                ColumnReader::FixedLenByteArrayColumnReader(reader) => reader.skip_records(count),
            }?;
            if skipped < count {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Decodes the lists of the next rows; fewer where the column ends before.
    pub(super) fn lists(&mut self, rows: usize) -> Result<Lists> {
        let of = &self.descriptor;
        let is_unsigned = is_unsigned(of);
        self.values.store(0, Ordering::Relaxed);
        let decoded = match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => decode(reader, of, rows, |value| f64::from(u8::from(*value))),
            ColumnReader::Int32ColumnReader(reader) => decode(reader, of, rows, |value| f64::from(*value)),
            ColumnReader::Int64ColumnReader(reader) => {
                decode(reader, of, rows, |value| if is_unsigned { *value as u64 as f64 } else { *value as f64 })
            }
            ColumnReader::FloatColumnReader(reader) => decode(reader, of, rows, |value| f64::from(*value)),
            ColumnReader::DoubleColumnReader(reader) => decode(reader, of, rows, |value| *value),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => decode(reader, of, rows, half_float),
            _ => Err(of_another_type(of)),
        }?;
        let ranges = decoded.starts.windows(2).map(|pair| pair[0]..pair[1]).collect();
        Ok(Lists { values: decoded.values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect(), rows: ranges })
    }

    /// Decodes the values of the next rows as texts; fewer where the column ends before. Truth values are 1 and 0.
    pub(super) fn texts(&mut self, rows: usize) -> Result<Vec<Option<String>>> {
        let of = &self.descriptor;
        let (is_unsigned, is_f16) = (is_unsigned(of), is_f16(of));
        self.values.store(0, Ordering::Relaxed);
        let decoded = match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => decode(reader, of, rows, |value| u8::from(*value).to_string()),
            ColumnReader::Int32ColumnReader(reader) => {
                decode(
                    reader,
                    of,
                    rows,
                    |value| if is_unsigned { (*value as u32).to_string() } else { value.to_string() },
                )
            }
            ColumnReader::Int64ColumnReader(reader) => {
                decode(
                    reader,
                    of,
                    rows,
                    |value| if is_unsigned { (*value as u64).to_string() } else { value.to_string() },
                )
            }
            ColumnReader::FloatColumnReader(reader) => decode(reader, of, rows, |value| f64::from(*value).to_string()),
            ColumnReader::DoubleColumnReader(reader) => decode(reader, of, rows, |value| value.to_string()),
            ColumnReader::ByteArrayColumnReader(reader) => {
                decode(reader, of, rows, |value: &ByteArray| text(value.data()))
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                decode(
                    reader,
                    of,
                    rows,
                    |value| if is_f16 { half_float(value).to_string() } else { text(value.data()) },
                )
            }
            ColumnReader::Int96ColumnReader(_) => Err(of_another_type(of)),
        }?;
        Ok(decoded.values)
    }
}

fn of_another_type(column: &ColumnDescriptor) -> ParquetError {
    ParquetError::General(format!("column `{}` holds {}", column.path().string(), column.physical_type()))
}

fn is_unsigned(column: &ColumnDescriptor) -> bool {
    match column.logical_type_ref() {
        Some(LogicalType::Integer(integer)) => !integer.is_signed,
        _ => matches!(column.converted_type(), ConvertedType::UINT_64 | ConvertedType::UINT_32),
    }
}

fn is_f16(column: &ColumnDescriptor) -> bool {
    column.logical_type_ref() == Some(&LogicalType::Float16) && column.type_length() == 2
}

fn half_float(value: &FixedLenByteArray) -> f64 {
    match value.data() {
        [low, high] => f16::from_le_bytes([*low, *high]).to_f64(),
        _ => f64::NAN,
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(4 * LONGEST_TEXT)]).chars().take(LONGEST_TEXT).collect()
}

/// Decodes rows by Dremel's levels: a repetition level of 0 begins a row; a definition level below the highest means a missing value, or,
/// below that of the list's elements, an empty or missing list.
fn decode<T: DataType, V>(
    reader: &mut ColumnReaderImpl<T>,
    column: &ColumnDescriptor,
    rows: usize,
    convert: impl Fn(&T::T) -> V,
) -> Result<Decoded<V>> {
    let (mut definition, mut repetition, mut found) = (Vec::new(), Vec::new(), Vec::new());
    let (_, _, levels) = reader.read_records(rows, Some(&mut definition), Some(&mut repetition), &mut found)?;
    let (highest, in_list) = (column.max_def_level(), column.max_rep_level() > 0);
    let of_element = column.repeated_ancestor_def_level();
    let mut decoded = Decoded { values: Vec::with_capacity(levels), starts: Vec::with_capacity(rows + 1) };
    let mut next = found.iter();
    for level in 0..levels {
        if !in_list || repetition.get(level) == Some(&0) {
            decoded.starts.push(decoded.values.len());
        }
        let defined = if highest == 0 { 0 } else { definition.get(level).copied().unwrap_or(0) };
        if defined == highest {
            decoded.values.push(next.next().map(&convert));
        } else if !in_list || defined >= of_element {
            decoded.values.push(None);
        }
    }
    decoded.starts.push(decoded.values.len());
    Ok(decoded)
}

//! Parquet: row groups, of which each column is decoded page by page.

mod column;
mod pages;

use std::io::{self, Read};
use std::ops::Range;

use ::bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};

use super::batch::Batch;
use super::guard::guarded;
use super::layout::{Column, Layout};
use super::rows::Rows;
use super::source::Source;
use column::{ColumnCells, kind};

/// The bytes that begin a Parquet file.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// Bytes read at a time where the length of a header is not known.
const HEADER: usize = 4096;

/// An opened Parquet file.
pub(super) struct ParquetRows {
    reader: SerializedFileReader<Source>,
}

impl ParquetRows {
    /// Opens a file, of which only the footer is read.
    pub(super) fn open(source: Source) -> Result<Self, String> {
        let reader = guarded(|| SerializedFileReader::new(source).map_err(|error| damaged(&error)))?;
        Ok(Self { reader })
    }
}

impl Rows for ParquetRows {
    fn columns(&self) -> Vec<Column> {
        let schema = self.reader.metadata().file_metadata().schema_descr();
        let column = |column: &parquet::schema::types::ColumnDescPtr| Column {
            path: column.path().parts().to_vec(),
            kind: kind(column),
            unit: String::new(),
        };
        schema.columns().iter().map(column).collect()
    }

    fn statements(&self) -> Vec<(String, String)> {
        let entries = self.reader.metadata().file_metadata().key_value_metadata().into_iter().flatten();
        entries.map(|entry| (entry.key.clone(), entry.value.clone().unwrap_or_default())).collect()
    }

    fn groups(&self) -> Vec<usize> {
        let groups = self.reader.metadata().row_groups();
        groups.iter().map(|group| usize::try_from(group.num_rows()).unwrap_or(0)).collect()
    }

    fn read(
        &self,
        layout: &Layout,
        group: usize,
        rows: Range<usize>,
        batch: usize,
        each: &mut dyn FnMut(Batch),
    ) -> Result<(), String> {
        has_valid_ranges(&self.reader.metadata().row_groups()[group])?;
        let mut columns = guarded(|| self.open_columns(layout, group, rows.start).map_err(|error| damaged(&error)))?;
        let mut next = rows.start;
        while next < rows.end {
            let count = batch.min(rows.end - next);
            let decoded = guarded(|| columns.decode(layout, count).map_err(|error| damaged(&error)))?;
            let found = decoded.rows;
            each(decoded);
            if found < count {
                return Ok(());
            }
            next += count;
        }
        Ok(())
    }
}

/// The columns of a row group that are read, in a layout's order.
struct Columns {
    lists: Vec<ColumnCells>,
    texts: Vec<ColumnCells>,
}

impl ParquetRows {
    /// Returns the columns of a row group, before the row `start`.
    fn open_columns(&self, layout: &Layout, group: usize, start: usize) -> Result<Columns, ParquetError> {
        let row_group = self.reader.get_row_group(group)?;
        let open = |index: usize| -> Result<ColumnCells, ParquetError> {
            let descriptor = row_group.metadata().column(index).column_descr_ptr();
            let mut cells = ColumnCells::new(descriptor, row_group.get_column_page_reader(index)?);
            cells.skip(start)?;
            Ok(cells)
        };
        let lists = layout.lists.iter().map(|(_, index)| open(*index)).collect::<Result<_, _>>()?;
        let texts = layout.texts.iter().map(|(_, index)| open(*index)).collect::<Result<_, _>>()?;
        Ok(Columns { lists, texts })
    }
}

impl Columns {
    /// Decodes the next rows; fewer where a column ends before.
    fn decode(&mut self, layout: &Layout, rows: usize) -> Result<Batch, ParquetError> {
        let mut batch = Batch { rows, ..Batch::default() };
        for (cells, (role, _)) in self.lists.iter_mut().zip(&layout.lists) {
            let lists = cells.lists(rows)?;
            batch.rows = batch.rows.min(lists.rows.len());
            batch.lists.push((*role, lists));
        }
        for (cells, (key, _)) in self.texts.iter_mut().zip(&layout.texts) {
            let texts = cells.texts(rows)?;
            batch.rows = batch.rows.min(texts.len());
            batch.texts.push((key.clone(), texts));
        }
        Ok(batch)
    }
}

/// Checks where the columns of a row group are said to be, which the library takes for granted.
fn has_valid_ranges(group: &RowGroupMetaData) -> Result<(), String> {
    let is_valid = group.columns().iter().all(|column| {
        let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
        start >= 0 && column.data_page_offset() >= 0 && column.compressed_size() >= 0
    });
    if is_valid { Ok(()) } else { Err("it is damaged: a column has an offset below 0; fetch it again".to_owned()) }
}

/// Returns the reason that an error of the library stands for.
fn damaged(error: &ParquetError) -> String {
    let said = error.to_string();
    let first: String = said.lines().next().unwrap_or_default().trim_end_matches('.').chars().take(200).collect();
    if said.contains("encrypt") {
        return format!("it is encrypted ({first}): save it without encryption");
    }
    format!("it is damaged or cut short ({first}); fetch it again")
}

impl Length for Source {
    fn len(&self) -> u64 {
        self.length()
    }
}

impl ChunkReader for Source {
    type T = io::BufReader<FromOffset>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(io::BufReader::with_capacity(HEADER, FromOffset { source: self.clone(), next: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        Ok(self.read(start, length)?)
    }
}

/// The bytes of a source from an offset on.
pub struct FromOffset {
    source: Source,
    next: u64,
}

impl Read for FromOffset {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.source.length().saturating_sub(self.next)).unwrap_or(usize::MAX);
        let count = buffer.len().min(left);
        buffer[..count].copy_from_slice(&self.source.read(self.next, count)?);
        self.next += count as u64;
        Ok(count)
    }
}

//! Defines what every kind of file of many spectra offers.

use std::ops::Range;

use super::batch::Batch;
use super::layout::{Column, Layout};

/// Offers the columns and rows of a kind of file; reasons of failures are clauses.
pub(super) trait Rows: Send + Sync {
    /// Returns the file's columns.
    fn columns(&self) -> Vec<Column>;
    /// Returns what the file says of itself, as keys and values.
    fn statements(&self) -> Vec<(String, String)>;
    /// Returns the number of rows of each group of rows that is decoded on its own.
    fn groups(&self) -> Vec<usize>;
    /// Decodes some rows of a group, at most `batch` at a time, and passes them on in their order.
    fn read(
        &self,
        layout: &Layout,
        group: usize,
        rows: Range<usize>,
        batch: usize,
        each: &mut dyn FnMut(Batch),
    ) -> Result<(), String>;
}

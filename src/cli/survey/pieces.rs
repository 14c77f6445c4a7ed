//! The division of a file of many spectra, which can hold more than fit into memory, into pieces of a chunk each.

use std::ops::Range;
use std::path::Path;

#[cfg(feature = "archives")]
use crate::cli::archive_file;

/// Rows of a piece: 8 kB of memory each. A larger group of rows is divided into at most [`MOST_PIECES`], since each piece passes over the
/// rows before it, but into pieces of no more than [`MOST_ROWS`].
const ROWS: usize = 2048;
const MOST_PIECES: usize = 16;
const MOST_ROWS: usize = 8192;

/// Some rows of a group of rows of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Piece {
    /// Group of rows.
    pub group: usize,
    /// Rows in the group.
    pub rows: Range<usize>,
}

/// Returns the pieces of a file of many spectra in their order; `None` for other files, and where the file cannot be read, which is
/// reported when its turn comes.
#[cfg(feature = "archives")]
pub(super) fn of(path: &Path) -> Option<Vec<Piece>> {
    // By the name first: looking into each of a million files takes minutes.
    let archive = archive_file::has_ending(path).then(|| archive_file::open(path)).flatten()?.ok()?;
    Some(of_groups(archive.groups())).filter(|pieces| !pieces.is_empty())
}

#[cfg(not(feature = "archives"))]
pub(super) fn of(_: &Path) -> Option<Vec<Piece>> {
    None
}

/// Returns the pieces of groups of so many rows.
fn of_groups(groups: &[usize]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (group, &count) in groups.iter().enumerate() {
        let size = count.div_ceil(MOST_PIECES).clamp(ROWS, MOST_ROWS);
        pieces.extend((0..count).step_by(size).map(|start| Piece { group, rows: start..count.min(start + size) }));
    }
    pieces
}

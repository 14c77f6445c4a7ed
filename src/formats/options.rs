//! The choices of a caller before a file is read.

use super::pixels::Medium;

/// Choices of the user, and files that lie beside the one to read.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadOptions<'a> {
    /// Medium of the wavelengths, where the user knows better than the file.
    pub medium: Option<Medium>,
    /// Rows to read of a file with several spectra, counted from 0; all where it is `None`.
    pub rows: Option<&'a [usize]>,
    /// Name and bytes of the redrock file beside a DESI coadd.
    pub redrock: Option<(&'a str, &'a [u8])>,
}

impl ReadOptions<'_> {
    /// Returns whether a row of a file with several spectra is to be read.
    pub fn wants(&self, row: usize) -> bool {
        self.rows.is_none_or(|rows| rows.contains(&row))
    }
}

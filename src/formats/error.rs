//! Why bytes cannot be read as spectra: one clause for each error, which names the file.

use thiserror::Error;

/// A file that cannot be read as spectra. The messages say which file, where in it, and what to do.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ReadError {
    /// An empty file.
    #[error("{file} is empty: choose another file")]
    Empty {
        /// The file.
        file: String,
    },
    /// A file packed by gzip that cannot be unpacked.
    #[error("{file} is packed by gzip and cannot be unpacked: {reason}")]
    Gzip {
        /// The file.
        file: String,
        /// The reason and what to do, as a clause.
        reason: String,
    },
    /// An archive in the page, which reads none.
    #[error("{file} is an archive, which the page does not read: unpack it, or use `spectrascape encode`")]
    Archive {
        /// The file.
        file: String,
    },
    /// A file of no known layout.
    #[error(
        "{file} is not a FITS file (it does not begin with SIMPLE = T), nor a table of numbers: choose the file of a spectrum"
    )]
    NotFits {
        /// The file.
        file: String,
    },
    /// A file of a known kind that is not read.
    #[error("{file} is {kind}, which is not read: {advice}")]
    Unread {
        /// The file.
        file: String,
        /// Kind of the file, with its article.
        kind: &'static str,
        /// What to do, as a clause.
        advice: &'static str,
    },
    /// A file that ends before its headers say it does.
    #[error("{file} is cut short in HDU {hdu}: {needed} bytes are promised and {found} are there; fetch it again")]
    Truncated {
        /// The file.
        file: String,
        /// HDU, from 0.
        hdu: usize,
        /// Bytes that the headers promise.
        needed: usize,
        /// Bytes in the file.
        found: usize,
    },
    /// A header or table that breaks the rules of FITS.
    #[error("{file} is a damaged FITS file: HDU {hdu}: {reason}")]
    Damaged {
        /// The file.
        file: String,
        /// HDU, from 0.
        hdu: usize,
        /// The violation, as a clause.
        reason: String,
    },
    /// A FITS file that holds no spectrum in a layout that is read.
    #[error("{file} cannot be read as a spectrum: {what}")]
    NotSpectrum {
        /// The file.
        file: String,
        /// The content of the file and what to do, as clauses.
        what: String,
    },
    /// The spectrum of a fibre on empty sky.
    #[error("{file} is a sky fibre ({id}): it holds what sky subtraction left over, no object")]
    SkyFibre {
        /// The file.
        file: String,
        /// The spectrum's identifier.
        id: String,
    },
    /// A text table that is no spectrum.
    #[error("{file} cannot be read as a table of a spectrum: {reason}")]
    Table {
        /// The file.
        file: String,
        /// The reason and what to do, as a clause.
        reason: String,
    },
    /// A line of a table that cannot be read.
    #[error("{file}, line {line}: {reason}")]
    TableLine {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The reason and what to do, as a clause.
        reason: String,
    },
    /// Pixels that are not evenly spaced in log wavelength.
    #[error("{file} has unevenly spaced pixels: log10 wavelength steps from {low:.7} to {high:.7}, not by one step")]
    Uneven {
        /// The file.
        file: String,
        /// Smallest step.
        low: f64,
        /// Largest step.
        high: f64,
    },
    /// A file of many spectra, or a row of one, that cannot be read.
    #[error("{file} cannot be read as spectra: {reason}")]
    Rows {
        /// The file, and the row where it is one of many.
        file: String,
        /// The reason and what to do, as a clause.
        reason: String,
    },
    /// A file of rows without spectra, such as a catalogue.
    #[error("{file} holds no spectra: {reason}")]
    NoSpectra {
        /// The file.
        file: String,
        /// The columns that it has instead, as a clause.
        reason: String,
    },
    /// An npz archive that lacks an array or holds one of another shape.
    #[error("{file} cannot be read as spectra: {reason}")]
    Npz {
        /// The file.
        file: String,
        /// The reason, as a clause.
        reason: String,
    },
}

impl ReadError {
    /// Returns the error of a FITS file that is damaged in an HDU, counted from 0.
    pub(super) fn damaged(file: &str, hdu: usize, reason: impl Into<String>) -> Self {
        Self::Damaged { file: file.to_owned(), hdu, reason: reason.into() }
    }

    /// Returns the error of a FITS file that holds no spectrum.
    pub(super) fn not_spectrum(file: &str, what: impl Into<String>) -> Self {
        Self::NotSpectrum { file: file.to_owned(), what: what.into() }
    }

    /// Returns the error of a table as a whole.
    pub(super) fn table(file: &str, reason: impl Into<String>) -> Self {
        Self::Table { file: file.to_owned(), reason: reason.into() }
    }

    /// Returns the error of a line of a table, counted from 1.
    pub(super) fn line(file: &str, line: usize, reason: impl Into<String>) -> Self {
        Self::TableLine { file: file.to_owned(), line, reason: reason.into() }
    }
}

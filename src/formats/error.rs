//! Why bytes cannot be read as spectra, one clause each that names the file.

use thiserror::Error;

/// A file that cannot be read as spectra: which file, where in it, and what to do.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ReadError {
    /// A file without a byte.
    #[error("{file} is empty: choose another file")]
    Empty {
        /// The file.
        file: String,
    },
    /// A file packed by gzip.
    #[error("{file} is packed by gzip: unpack it first")]
    Gzip {
        /// The file.
        file: String,
    },
    /// Bytes that are no FITS file and of no other layout either.
    #[error("{file} is not a FITS file: it does not begin with SIMPLE = T")]
    NotFits {
        /// The file.
        file: String,
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
        /// Bytes that there are.
        found: usize,
    },
    /// A header or table that breaks the rules of FITS.
    #[error("{file} is a damaged FITS file: HDU {hdu}: {reason}")]
    Damaged {
        /// The file.
        file: String,
        /// HDU, from 0.
        hdu: usize,
        /// What breaks them there.
        reason: String,
    },
    /// A FITS file of something else.
    #[error("{file} is not an SDSS spectrum: {what}; DR7 `spSpec` and DR8 or later `spec` files can be read")]
    NotSdss {
        /// The file.
        file: String,
        /// What it is, or what it lacks.
        what: String,
    },
    /// A fibre that looked at empty sky.
    #[error("{file} is a sky fibre ({id}): it holds what sky subtraction left over, no object")]
    SkyFibre {
        /// The file.
        file: String,
        /// plate-mjd-fiber.
        id: String,
    },
    /// A table of text that is no spectrum.
    #[error("{file} cannot be read as a table of a spectrum: {reason}")]
    Table {
        /// The file.
        file: String,
        /// What is missing or impossible, and what to do.
        reason: String,
    },
    /// A line of a table that cannot be read.
    #[error("{file}, line {line}: {reason}")]
    TableLine {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is impossible in it, and what to do.
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
    /// An npz archive that lacks an array or holds one of another shape.
    #[error("{file} cannot be read as spectra: {reason}")]
    Npz {
        /// The file.
        file: String,
        /// What it lacks.
        reason: String,
    },
}

impl ReadError {
    /// Returns the error of a FITS file that is damaged in an HDU, counted from 0.
    pub(super) fn damaged(file: &str, hdu: usize, reason: impl Into<String>) -> Self {
        Self::Damaged { file: file.to_owned(), hdu, reason: reason.into() }
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

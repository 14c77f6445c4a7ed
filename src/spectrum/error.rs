//! Why a file or a spectrum cannot be used, one clear sentence each.

use thiserror::Error;

use super::grid::PIXELS;

/// What stands between bytes and 1000 good pixels.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SpectrumError {
    /// The bytes are no FITS file at all.
    #[error("{file} is not a FITS file: it does not begin with SIMPLE = T")]
    NotFits {
        /// The file.
        file: String,
    },
    /// The file ends before its headers say it does.
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
    /// A header or table that breaks the FITS rules.
    #[error("{file} is a damaged FITS file: HDU {hdu}: {reason}")]
    Damaged {
        /// The file.
        file: String,
        /// HDU, from 0.
        hdu: usize,
        /// What is wrong there.
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
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// A line of a table that cannot be read.
    #[error("{file}, line {line}: {reason}")]
    TableLine {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong in it, and what to do.
        reason: String,
    },
    /// The pixels are not evenly spaced in log wavelength.
    #[error("{file} has unevenly spaced pixels: log10 wavelength steps from {low:.7} to {high:.7}, not by one step")]
    Uneven {
        /// The file.
        file: String,
        /// Smallest step.
        low: f64,
        /// Largest step.
        high: f64,
    },
    /// Arrays of unequal length.
    #[error("the spectrum is inconsistent: {wavelengths} wavelengths, {fluxes} fluxes, {errors} errors")]
    Lengths {
        /// Of `log_wavelength`.
        wavelengths: usize,
        /// Of `flux`.
        fluxes: usize,
        /// Of `error`.
        errors: usize,
    },
    /// No redshift to shift by.
    #[error("there is no redshift in the file: give one")]
    NoRedshift,
    /// A redshift that the models were not made for.
    #[error("redshift {redshift:.3} is outside {low} to {high}, the range the paper's models cover")]
    RedshiftOutside {
        /// The redshift.
        redshift: f64,
        /// Lowest allowed.
        low: f64,
        /// Highest allowed.
        high: f64,
    },
    /// The spectrum lies beside the grid.
    #[error(
        "the spectrum does not overlap the grid: at redshift {redshift:.3} it spans {low:.0} to {high:.0} Angstrom in the rest frame, the grid 3388 to 8310"
    )]
    NoOverlap {
        /// The redshift used.
        redshift: f64,
        /// First rest-frame wavelength.
        low: f64,
        /// Last rest-frame wavelength.
        high: f64,
    },
    /// Too little to go by.
    #[error("only {good} of the grid's {PIXELS} pixels are good, {needed} are needed")]
    TooFewPixels {
        /// Good pixels.
        good: usize,
        /// Good pixels needed.
        needed: usize,
    },
    /// Nothing but zeros.
    #[error("the flux is zero in every good pixel: there is no spectrum to look at")]
    NoFlux,
    /// An npz archive that does not hold what it must.
    #[error("{file} cannot be read as spectra: {reason}")]
    Npz {
        /// The file.
        file: String,
        /// What is wrong.
        reason: String,
    },
}

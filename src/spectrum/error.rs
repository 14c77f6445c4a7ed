//! Why a spectrum cannot be put on the grid, one clause each.

use thiserror::Error;

use super::grid::PIXELS;

/// A spectrum that cannot be put on the grid.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SpectrumError {
    /// Arrays of unequal length.
    #[error("the spectrum is inconsistent: {wavelengths} wavelengths, {fluxes} fluxes, {errors} errors")]
    Lengths {
        /// Length of `log_wavelength`.
        wavelengths: usize,
        /// Length of `flux`.
        fluxes: usize,
        /// Length of `error`.
        errors: usize,
    },
    /// A spectrum without a redshift.
    #[error("there is no redshift in the file: give one")]
    NoRedshift,
    /// A redshift outside the range of the models.
    #[error("redshift {redshift:.3} is outside {low} to {high}, the range the paper's models cover")]
    RedshiftOutside {
        /// The redshift.
        redshift: f64,
        /// Lowest allowed.
        low: f64,
        /// Highest allowed.
        high: f64,
    },
    /// A spectrum without a pixel on the grid.
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
    /// A spectrum with too few good pixels.
    #[error("only {good} of the grid's {PIXELS} pixels are good, {needed} are needed")]
    TooFewPixels {
        /// Good pixels.
        good: usize,
        /// Good pixels needed.
        needed: usize,
    },
    /// A spectrum of zeros.
    #[error("the flux is zero in every good pixel: there is no spectrum to look at")]
    NoFlux,
}

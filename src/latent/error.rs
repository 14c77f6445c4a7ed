//! Errors of the analyses of latents.

use thiserror::Error;

use crate::numerics::error::NumericsError;
use crate::spectrum::SpectrumError;

/// An error of an analysis of latents or spectra.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum LatentError {
    /// A table of numbers cannot be used.
    #[error(transparent)]
    Numerics(#[from] NumericsError),
    /// An array has an invalid shape.
    #[error("{what}: {found} numbers do not fit {expected}; latents and catalogue must be of one set and one model")]
    Shape {
        /// Name of the array.
        what: &'static str,
        /// Length of the array.
        found: usize,
        /// Expected shape.
        expected: String,
    },
    /// There are too few usable spectra.
    #[error("{what} needs at least {needed} usable spectra, and there are {found}")]
    TooFew {
        /// The analysis.
        what: &'static str,
        /// Usable spectra.
        found: usize,
        /// Usable spectra needed.
        needed: usize,
    },
    /// A track leads along an axis that the model does not have.
    #[error("track {track} goes along VAE {axis}, and the model has {dims} latents; take one with more")]
    NoSuchAxis {
        /// Name of the track.
        track: String,
        /// The axis, from 1.
        axis: usize,
        /// Number of latents of the model.
        dims: usize,
    },
    /// A number is out of range.
    #[error("{what} is {value}; it must be {allowed}")]
    OutOfRange {
        /// Name of the number.
        what: &'static str,
        /// Value of the number.
        value: f64,
        /// Allowed values.
        allowed: &'static str,
    },
    /// Trial redshifts are outside the range of the models.
    #[error(
        "trial redshifts {low} to {high} are not within {lowest} to {highest}, in that order; the paper's models know no others"
    )]
    TrialRange {
        /// Lowest asked for.
        low: f64,
        /// Highest asked for.
        high: f64,
        /// Lowest allowed.
        lowest: f64,
        /// Highest allowed.
        highest: f64,
    },
    /// No trial redshift can be tried; the reason is that of the last one.
    #[error("no trial redshift can be tried: {0}")]
    NoTrial(SpectrumError),
}

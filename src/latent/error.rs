//! Why a latent analysis cannot be done, one clear sentence each.

use thiserror::Error;

use crate::numerics::error::NumericsError;
use crate::spectrum::SpectrumError;

/// What stands between latents or spectra and an answer.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum LatentError {
    /// The arithmetic underneath cannot be done.
    #[error(transparent)]
    Numerics(#[from] NumericsError),
    /// Rows of another width, or columns of another length.
    #[error("{what}: {found} numbers do not fit {expected}; latents and catalogue must be of one set and one model")]
    Shape {
        /// What is of the wrong shape.
        what: &'static str,
        /// Numbers there are.
        found: usize,
        /// What they should fit.
        expected: String,
    },
    /// Nothing to go by.
    #[error("{what} needs at least {needed} usable spectra, and there are {found}")]
    TooFew {
        /// The analysis.
        what: &'static str,
        /// Usable spectra.
        found: usize,
        /// Usable spectra needed.
        needed: usize,
    },
    /// A track along an axis that the model has not.
    #[error("track {track} goes along VAE {axis}, and the model has {dims} latents; take one with more")]
    NoSuchAxis {
        /// The track's name.
        track: String,
        /// The axis, from 1.
        axis: usize,
        /// Latents of the model.
        dims: usize,
    },
    /// A number that makes no sense.
    #[error("{what} is {value}; it must be {allowed}")]
    OutOfRange {
        /// The number.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What it may be.
        allowed: &'static str,
    },
    /// Trial redshifts that the models were not made for.
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
    /// No trial redshift can be tried, and why the last of them can't.
    #[error("no trial redshift can be tried: {0}")]
    NoTrial(SpectrumError),
}

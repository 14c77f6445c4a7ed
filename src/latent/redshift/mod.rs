//! Redshift by trial: a spectrum is put to rest at one redshift after another, and the one at which a model reconstructs it best
//! is taken.
//!
//! The trouble is in what "best" means. A trial's chi2 per pixel is over the part of the spectrum that then lies on the grid, so
//! a wrong redshift that pushes a strong line off the grid has an easier task than the right one. Therefore every trial answers
//! for the same observed pixels: those that it leaves off the grid are charged as if a smooth continuum (a polynomial, fitted once to
//! the observed spectrum) had been their model. Up to a constant that is sum w ((flux - reconstruction)^2 - (flux - continuum)^2)
//! over the pixels on the grid, and that is how it is computed.

mod continuum;
mod scan;
mod trial;

pub use scan::{RedshiftScan, redshift_by_trial};
pub use trial::{REDSHIFT_RANGE, RedshiftEstimate, Trial, TrialOptions, velocity_difference};

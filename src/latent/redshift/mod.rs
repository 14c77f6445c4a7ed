//! Redshift by trial: a spectrum is shifted to rest at one trial redshift after another, and the one at which a model
//! reconstructs it best is the estimate. A trial's chi-squared per pixel is over the part of the spectrum that lies on the
//! grid, so a redshift that shifts a strong line off the grid would have an advantage. Therefore all trials are compared over
//! the same observed pixels: those off the grid count as if a smooth continuum (a polynomial, fitted once to the observed
//! spectrum) were their model. Up to a constant this is the sum of w ((flux - reconstruction)^2 - (flux - continuum)^2) over
//! the pixels on the grid, which is what is computed.

mod continuum;
mod scan;
mod trial;
mod uncertainty;

pub use scan::{RedshiftScan, redshift_by_trial};
pub use trial::{RedshiftEstimate, TRUSTED, Trial, TrialOptions, velocity_difference};

//! What is read from the latents: axes, tracks through them, neighbours, outliers and why they are, how sure a model is, where
//! it fails, and redshifts by trial.
//!
//! All of it is pure and in double precision inside; models come in as closures, so that page, command line and report use the
//! same functions with whatever engine they have.

mod axes;
mod error;
pub mod extrapolation;
pub mod interpolate;
pub mod neighbours;
pub mod noise;
pub mod outlier;
pub mod percentile;
pub mod reasons;
pub mod redshift;
pub mod residuals;
pub mod sweep;
pub mod track;

pub use axes::LatentAxes;
pub use error::LatentError;
pub use extrapolation::{Extrapolation, Familiarity};
pub use interpolate::interpolate;
pub use neighbours::{Neighbour, NeighbourTree};
pub use noise::{NoiseCurve, NoiseLevel, NoiseOptions, noise_sensitivity};
pub use outlier::{OutlierFactors, local_outlier_factor};
pub use reasons::{Evidence, Reason, ReasonKind, StarTemplate, plain_reason, reasons};
pub use redshift::{RedshiftEstimate, Trial, TrialOptions, redshift_by_trial};
pub use residuals::{Residual, ResidualBins, ResidualHistogram, ResidualSummary};
pub use sweep::{Sweep, SweepPoint, along_line, sweeps};
pub use track::{TRACKS, Track, TrackBin, TrackRule};

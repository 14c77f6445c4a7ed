//! What is read from the latents: axes, tracks through them, neighbours, outliers and why they are, how sure a model is, where
//! it fails, redshifts by trial, a map in two dimensions, clusters and how they agree with classes.
//!
//! All of it is pure and in double precision inside; models come in as closures, so that page, command line and report use the
//! same functions with whatever engine they have.

pub mod agreement;
mod axes;
pub mod band;
#[cfg(feature = "cli")]
pub mod clusters;
mod error;
pub mod extrapolation;
pub mod interpolate;
pub mod linear_baseline;
pub mod noise;
pub mod outlier;
pub mod reasons;
pub mod redshift;
pub mod residuals;
pub mod sweep;
pub mod track;
pub mod umap;

pub use agreement::{AgreementError, ClassTable, Trustworthiness, adjusted_rand_index, trustworthiness};
pub use axes::LatentAxes;
pub use band::band;
#[cfg(feature = "cli")]
pub use clusters::{ClusterError, HdbscanConfig, KMeans, KMeansConfig, NOISE, hdbscan, k_means};
pub use error::LatentError;
pub use extrapolation::{Extrapolation, Familiarity};
pub use interpolate::interpolate;
pub use noise::{NoiseCurve, NoiseLevel, NoiseOptions, NoiseStudy, degraded, noise_sensitivity};
pub use outlier::{OutlierFactors, OutlierStudy, local_outlier_factor};
pub use reasons::{Evidence, Reason, ReasonKind, StarTemplate, plain_reason, reasons};
pub use redshift::{RedshiftEstimate, RedshiftScan, Trial, TrialOptions, redshift_by_trial};
pub use residuals::{Residual, ResidualBins, ResidualHistogram, ResidualSummary};
pub use sweep::{Sweep, SweepPoint, along_line, sweeps};
pub use track::{TRACKS, Track, TrackBin, TrackRule};
pub use umap::{UmapConfig, UmapError, UmapProgress, umap};

//! Analyses of latents: axes, tracks and sweeps, outliers and their reasons, how a model's uncertainty and residuals behave, redshifts
//! by trial, maps in two dimensions, clusters.
//!
//! Everything is pure and in double precision inside. Models come in as closures, so that page, command line and report share these
//! functions whatever engine they have.
//!
//! - Directions: [`axes`] (VAE 1..d), [`track`], [`sweep`], [`mod@interpolate`].
//! - Neighbours: [`outlier`] (local outlier factor), [`extrapolation`] (far from the training set, empty regions), [`mod@reasons`].
//! - Quality: [`mod@band`], [`noise`], [`residuals`], [`linear_baseline`].
//! - Redshift by trial: [`redshift`].
//! - Maps and groups: [`mod@umap`], `clusters`, [`agreement`].
//! - [`error`]: why an analysis cannot be done.

pub mod agreement;
pub mod axes;
pub mod band;
#[cfg(feature = "cli")]
pub mod clusters;
pub mod error;
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
pub use extrapolation::{Extrapolation, Familiarity, empty_region, nearest_distance};
pub use interpolate::interpolate;
pub use noise::{NoiseCurve, NoiseLevel, NoiseOptions, NoiseStudy, degraded, noise_sensitivity};
pub use outlier::{Densities, OutlierFactors, OutlierStudy, local_outlier_factor};
pub use reasons::{Evidence, Reason, ReasonKind, plain_reason, reasons};
pub use redshift::{RedshiftEstimate, RedshiftScan, Trial, TrialOptions, redshift_by_trial};
pub use residuals::{Residual, ResidualBins, ResidualHistogram, ResidualSummary};
pub use sweep::{Sweep, SweepPoint, along_line, sweeps};
pub use track::{TRACKS, Track, TrackBin, TrackRule};
pub use umap::{UmapConfig, UmapError, UmapProgress, umap};

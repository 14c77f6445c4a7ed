//! The native tests: core, pipeline, formats, plot snapshots, command line.

mod data;
mod real;

mod app_explore;
mod app_fixture;
mod app_lessons;
mod app_noise;
mod app_outliers;
mod app_own;
mod app_paths;
mod app_rivals;
mod app_state;
mod app_training;
mod baseline;
#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "cli")]
mod cli_study;
#[cfg(feature = "clusters")]
mod clusters;
mod export;
mod fits;
mod golden;
mod gpu_plan;
mod infill;
mod lab;
mod latent_axes;
mod latent_band;
mod latent_model;
mod latent_noise;
mod latent_outliers;
mod latent_reasons;
mod latent_redshift;
mod latent_tracks;
mod learner;
mod learner_batch;
mod learner_double;
mod mock;
mod mock_dials;
mod mock_gas;
mod mock_physics;
mod permalink;
mod pipeline;
mod plan;
mod plot_corner;
mod plot_curves;
mod plot_density;
mod plot_lasso;
mod plot_scatter;
mod plot_spectrum;
#[cfg(feature = "cli")]
mod program;
#[cfg(feature = "cpu")]
mod session;
#[cfg(feature = "cpu")]
mod session_answers;
mod shard;
mod store;
mod stream;
#[cfg(feature = "sets")]
mod survey;
mod survey_file;
mod table;
mod to_the_bit;
mod umap;
#[cfg(feature = "cpu")]
mod vae;
#[cfg(feature = "cpu")]
mod vae_parameters;
#[cfg(feature = "engine")]
mod vae_parity;
#[cfg(feature = "cpu")]
mod vae_variants;

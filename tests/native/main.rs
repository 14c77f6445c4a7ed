//! The native tests: core, pipeline, formats, plot snapshots, command line.

mod data;
mod real;

mod app_state;
#[cfg(feature = "cli")]
mod cli;
mod fits;
mod golden;
mod infill;
mod latent_axes;
mod mock;
mod mock_gas;
mod mock_physics;
mod permalink;
mod pipeline;
mod plot_curves;
mod plot_scatter;
#[cfg(feature = "cpu")]
mod session;
mod shard;
#[cfg(feature = "cpu")]
mod vae;
#[cfg(feature = "engine")]
mod vae_parity;

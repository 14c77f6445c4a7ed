//! The native tests: core, pipeline, formats, plot snapshots.

mod app_state;
mod latent_axes;
mod permalink;
mod plot_curves;
mod plot_scatter;

//! The native tests: core, pipeline, formats, plot snapshots.
#[cfg(feature = "cpu")]
mod vae;
#[cfg(feature = "engine")]
mod vae_parity;

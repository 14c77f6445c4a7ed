//! The native tests: core, pipeline, formats, plot snapshots, command line.

mod data;

#[cfg(feature = "cli")]
mod cli;
mod shard;
#[cfg(feature = "cpu")]
mod vae;
#[cfg(feature = "engine")]
mod vae_parity;

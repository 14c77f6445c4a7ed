//! The command line.

#[cfg(feature = "cli")]
mod analyses;
#[cfg(feature = "archives")]
mod archives;
#[cfg(feature = "cli")]
mod build;
#[cfg(feature = "cli")]
mod commands;
#[cfg(feature = "cli")]
mod device;
#[cfg(feature = "cli")]
mod download;
#[cfg(feature = "cli")]
mod inputs;
#[cfg(feature = "cli")]
mod large_sets;
#[cfg(feature = "cli")]
pub mod program;
#[cfg(feature = "cli")]
mod publish;
#[cfg(feature = "cli")]
mod recipe;
#[cfg(feature = "cli")]
mod resume;
#[cfg(feature = "cli")]
mod sample;
#[cfg(feature = "cli")]
mod server;
#[cfg(feature = "sets")]
mod survey;
#[cfg(feature = "cli")]
mod tls;

//! Spectrascape: explore, train and share the latent space of galaxy spectra.
//!
//! # Bird's-eye view
//!
//! A spectrum enters as bytes (a FITS file, an npz file, or the simulator's dials), becomes 1000 pixels on the paper's
//! rest-frame grid ([`spectrum`]), is stored in shards ([`shard`]), trains an InfoVAE ([`vae`]) or passes through one, and
//! comes out as a few latents, which [`latent`] reads and [`plot`] draws. The page (`app`) and the engine (`engine`, in a
//! Web Worker) never name each other: a user's act is a [`protocol::Command`], the answer a [`protocol::Event`].
//!
//! "The paper" is Portillo, Parejko, Vergara & Connolly (2020), arXiv:2002.10464.
//!
//! # Code map
//!
//! - [`spectrum`]: what a spectrum is and every preprocessing step; bytes in, values out.
//! - [`simulated`]: the simulator of galaxy spectra.
//! - [`shard`]: the files: shards, manifest, catalogue, latents.
//! - [`baseline`]: PCA and NMF, the linear rivals, with and without weights; PCA also serves infill and the latent axes.
//! - [`vae`]: the model: configuration, loss, training, weights.
//! - [`gpu`]: training on the graphics processor (with feature `gpu`; its plan without).
//! - [`latent`]: what is read from the latents: axes, tracks, outliers and why, noise, residuals, redshifts by trial, UMAP,
//!   clusters (feature `clusters`) and their agreement with classes.
//! - [`protocol`]: commands and events, the only language between page and engine.
//! - [`plot`]: spectrum, scatter, loss curve and charts on any plotters backend.
//! - `engine` (feature `engine`): owns tensors; turns commands into events.
//! - [`trainer`]: a training in the page, in a worker of its own: shards in, steps by a backend, events out.
//! - [`export`]: the selection as CSV and VOTable, a spectrum as CSV, what to cite.
//! - [`app`]: the page: its state and its links, and with feature `ui` the Leptos components.
//! - `cli` (feature `cli`; without the model, `sets`): the native commands.
//! - `net` (feature `web`): fetch, for page and engine alike; `worker`: messages in and out of one.
//! - [`store`]: files on the browser's disk that survive a crash, and which runs are in use (feature `web`).
//! - [`stream`]: shards as they come over the network, checked and kept (feature `web`).
//!
//! # Invariants, as absences
//!
//! - `spectrum`, `simulated`, `shard`, `baseline`, `vae::config`, `latent` do no IO and know no browser.
//! - Nothing outside `vae` and `engine` names Burn; nothing outside `app` (with feature `ui`) names Leptos.
//! - No randomness without a seed; no clock in any result.

pub mod browser;
pub mod export;
pub mod formats;
pub mod latent;
pub mod numerics;
pub mod page;
pub mod plot;
pub mod preprocess;
pub mod protocol;
pub mod simulator;
pub mod spectrum;
pub mod vae;
pub mod workers;

#[cfg(feature = "sets")]
pub mod cli;

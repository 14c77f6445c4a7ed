//! The files that hold spectra: shards, manifest, catalogue and latents; bytes to values and back.

mod catalogue;
mod latents;
mod manifest;
pub mod set;
mod spectra;
mod tensors;

pub use catalogue::{Catalogue, Column, Values};
pub use latents::Latents;
pub use manifest::{ColumnInfo, Grid, Manifest, ShardInfo};
pub use spectra::{Shard, ShardLayout};
pub use tensors::{FormatError, TensorFile, TensorWriter, sha256_hex};

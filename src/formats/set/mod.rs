//! The files of a set of spectra: shards, manifest, catalogue and latents, from bytes to values and back.

mod catalogue;
mod latents;
mod manifest;
mod shard;
mod tensors;
pub mod writer;

pub use catalogue::{Catalogue, Column, Values};
pub use latents::LatentSet;
pub use manifest::{ColumnInfo, Grid, Manifest, ShardInfo};
pub use shard::{Shard, ShardLayout};
pub use tensors::{FormatError, TensorFile, TensorWriter, sha256_hex};

//! The files of a set of spectra: shards, manifest, catalogue and latents, from bytes to values and back.

mod catalogue;
mod latents;
mod library;
mod manifest;
mod manifest_check;
pub mod names;
mod shard;
mod tensors;
pub mod writer;

pub use catalogue::{Catalogue, Column, Values};
pub use latents::{EncodingMethod, LatentSet};
pub use library::{Library, ModelEntry, Opening, Pair, SetEntry};
pub use manifest::{ColumnInfo, Grid, Manifest, ShardInfo};
pub use shard::{Shard, ShardLayout};
pub use tensors::{FormatError, TensorFile, TensorWriter, sha256_hex, verify_sha256};

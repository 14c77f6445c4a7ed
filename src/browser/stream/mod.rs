//! Shards as they come over the network, so that training starts on the first ones.
//!
//! - [`Download`]: one shard, from the first request to checked bytes, over as many connections as it takes: a state
//!   machine that knows no browser.
//! - [`Tally`], [`Progress`]: how much has come, in bytes and spectra.
//! - [`Patience`]: how long a lost connection is waited for.
//! - `ShardStream` (feature `web`): several shards at once, handed out in order, kept for the next visit.
//! - `cached_bytes`, `clear_cache` (feature `web`): what is kept.

#[cfg(feature = "web")]
mod cache;
mod download;
mod error;
#[cfg(feature = "web")]
mod fetch;
mod progress;
#[cfg(feature = "web")]
mod shards;

#[cfg(feature = "web")]
pub use cache::{CACHE, cached_bytes, clear_cache};
pub use download::{Answer, Ask, Download, Next, Patience, Refusal};
pub use error::StreamError;
pub use progress::{Progress, Tally};
#[cfg(feature = "web")]
pub use shards::{Cancel, ShardStream};

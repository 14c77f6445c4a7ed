//! Shards as they arrive over the network, so that training starts on the first ones.
//!
//! - [`Download`]: one shard, from the first request to checked bytes, over as many connections as it takes: a state machine
//!   without a browser.
//! - [`Tally`], [`Progress`]: what was received, in bytes and spectra.
//! - [`Patience`]: how often and how long a lost connection is retried.
//! - `ShardStream` (feature `web`): several shards at once, returned in order, cached for the next visit.
//! - `cached_bytes`, `clear_cache` (feature `web`): the cache of shards.

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

//! Why a shard could not be loaded.

use thiserror::Error;

#[cfg(feature = "web")]
use super::Progress;

/// The reason that a shard could not be loaded. The next call of `next` continues from the bytes received.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StreamError {
    /// Every retry failed.
    #[error(
        "the connection was lost while {shard} was loading, {here} of {all} MB of spectra are here: \
         check the connection and go on from there"
    )]
    Lost {
        /// File name.
        shard: String,
        /// Megabytes received, over all shards.
        here: u64,
        /// Megabytes of all shards.
        all: u64,
    },
    /// The server responded with an error that a retry does not change.
    #[error("{shard} could not be loaded: the server answered {status}")]
    Refused {
        /// File name.
        shard: String,
        /// HTTP status.
        status: u16,
    },
    /// The shard was fetched twice, the second time past every cache, and both times differs from the manifest.
    #[error("{shard} is damaged on the server: its bytes are not those that the set's manifest describes")]
    Damaged {
        /// File name.
        shard: String,
    },
    /// The caller cancelled it.
    #[error("loading the spectra was stopped")]
    Cancelled,
}

#[cfg(feature = "web")]
impl StreamError {
    pub(super) fn lost(shard: &str, progress: &Progress) -> Self {
        let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
        // Rounded down, so that an incomplete set never reads as complete.
        Self::Lost { shard: shard.to_owned(), here: progress.bytes / 1_000_000, all: megabytes(progress.all_bytes) }
    }
}

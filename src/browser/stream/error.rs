//! Why shards stopped coming, in words.

use thiserror::Error;

#[cfg(feature = "web")]
use super::Progress;

/// Why a shard did not come. The next call of `next` tries again, from what is here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StreamError {
    /// Every try within the patience failed.
    #[error(
        "the connection was lost while {shard} was loading, {here} of {all} MB of spectra are here: \
         check the connection and go on from there"
    )]
    Lost {
        /// File name.
        shard: String,
        /// Megabytes that came, over all shards.
        here: u64,
        /// Megabytes of all shards.
        all: u64,
    },
    /// The server has an answer, and it will be the same next time.
    #[error("{shard} could not be loaded: the server answered {status}")]
    Refused {
        /// File name.
        shard: String,
        /// HTTP status.
        status: u16,
    },
    /// Fetched twice, the second time past every cache on the way, and both times not what the manifest says.
    #[error("{shard} is damaged on the server: its bytes are not those that the set's manifest describes")]
    Damaged {
        /// File name.
        shard: String,
    },
    /// The caller stopped it.
    #[error("loading the spectra was stopped")]
    Cancelled,
}

#[cfg(feature = "web")]
impl StreamError {
    pub(super) fn lost(shard: &str, progress: &Progress) -> Self {
        let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
        // Rounded down: what is not all here must not read as if it were.
        Self::Lost { shard: shard.to_owned(), here: progress.bytes / 1_000_000, all: megabytes(progress.all_bytes) }
    }
}

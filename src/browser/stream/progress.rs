//! The progress of a stream.

use crate::formats::set::ShardInfo;

/// The progress of a stream. Neither `bytes` nor `spectra` ever falls, not even where a shard must be fetched again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes received, those of incomplete shards included.
    pub bytes: u64,
    /// Bytes of all shards of the stream.
    pub all_bytes: u64,
    /// Spectra in shards that are complete and verified.
    pub spectra: usize,
    /// Spectra of all shards of the stream.
    pub all_spectra: usize,
    /// Milliseconds until a lost connection is retried; `None` while none is lost.
    pub retry_in: Option<u32>,
}

/// The count of the shards of one stream, by their index in its order.
#[derive(Debug, Clone)]
pub struct Tally {
    shards: Vec<Counted>,
    progress: Progress,
}

#[derive(Debug, Clone)]
struct Counted {
    size: u64,
    spectra: usize,
    seen: u64,
    whole: bool,
}

impl Tally {
    /// Starts the count of `shards`, in the stream's order.
    pub fn new<'a>(shards: impl IntoIterator<Item = &'a ShardInfo>) -> Self {
        let counted =
            |info: &ShardInfo| Counted { size: info.bytes as u64, spectra: info.count, seen: 0, whole: false };
        let shards: Vec<_> = shards.into_iter().map(counted).collect();
        let all_bytes = shards.iter().map(|shard| shard.size).sum();
        let all_spectra = shards.iter().map(|shard| shard.spectra).sum();
        Self { shards, progress: Progress { all_bytes, all_spectra, ..Progress::default() } }
    }

    /// Records that `bytes` of shard `index` have been received; fewer than before change nothing.
    pub fn seen(&mut self, index: usize, bytes: usize) {
        let Some(shard) = self.shards.get_mut(index) else { return };
        let seen = (bytes as u64).clamp(shard.seen, shard.size.max(shard.seen));
        self.progress.bytes += seen - shard.seen;
        shard.seen = seen;
    }

    /// Records that shard `index` is complete and verified.
    pub fn whole(&mut self, index: usize) {
        self.seen(index, usize::MAX);
        let Some(shard) = self.shards.get_mut(index).filter(|shard| !shard.whole) else { return };
        shard.whole = true;
        self.progress.spectra += shard.spectra;
    }

    /// Returns the progress.
    pub fn progress(&self) -> Progress {
        self.progress
    }
}

//! How much has come.

use crate::formats::set::ShardInfo;

/// Where a stream stands. Neither number ever falls, not even where a shard must be fetched again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes that came, those of shards under way among them.
    pub bytes: u64,
    /// Bytes of all shards asked for.
    pub all_bytes: u64,
    /// Spectra in shards that are whole and checked.
    pub spectra: usize,
    /// Spectra of all shards asked for.
    pub all_spectra: usize,
    /// Milliseconds until a lost connection is tried again, while it is.
    pub retry_in: Option<u32>,
}

/// Counts the shards of one stream, by their places in its order.
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
    /// Of these shards, in the stream's order.
    pub fn new<'a>(shards: impl IntoIterator<Item = &'a ShardInfo>) -> Self {
        let counted =
            |info: &ShardInfo| Counted { size: info.bytes as u64, spectra: info.count, seen: 0, whole: false };
        let shards: Vec<_> = shards.into_iter().map(counted).collect();
        let all_bytes = shards.iter().map(|shard| shard.size).sum();
        let all_spectra = shards.iter().map(|shard| shard.spectra).sum();
        Self { shards, progress: Progress { all_bytes, all_spectra, ..Progress::default() } }
    }

    /// So many bytes of the shard at `place` are here; fewer than before changes nothing.
    pub fn seen(&mut self, place: usize, bytes: usize) {
        let Some(shard) = self.shards.get_mut(place) else { return };
        let seen = (bytes as u64).clamp(shard.seen, shard.size.max(shard.seen));
        self.progress.bytes += seen - shard.seen;
        shard.seen = seen;
    }

    /// The shard at `place` is whole and checked.
    pub fn whole(&mut self, place: usize) {
        self.seen(place, usize::MAX);
        let Some(shard) = self.shards.get_mut(place).filter(|shard| !shard.whole) else { return };
        shard.whole = true;
        self.progress.spectra += shard.spectra;
    }

    /// Where it stands.
    pub fn progress(&self) -> Progress {
        self.progress
    }
}

//! One shard over as many connections as it takes. No clock, no network: it says what to ask and is told what came.

use crate::formats::set::ShardInfo;

/// How long a lost connection is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patience {
    /// Milliseconds to wait after the first failure in a row, after the second, and so on. One failure more, without a
    /// new byte in between, and the shard is given up.
    pub waits: Vec<u32>,
    /// Milliseconds without a byte after which a connection counts as lost.
    pub stall: u32,
}

/// One shard under way.
#[derive(Debug, Clone)]
pub struct Download {
    size: usize,
    bytes: Vec<u8>,
    /// The most bytes that were ever here: only more than these is getting on.
    furthest: usize,
    etag: Option<String>,
    failures: usize,
    past_cache: bool,
}

/// What to ask the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// First byte wanted, all after it too; none asks for the whole file.
    pub from: Option<usize>,
    /// Only if the file is still this one; otherwise the server sends the new one whole.
    pub if_range: Option<String>,
    /// Past every cache on the way.
    pub past_cache: bool,
}

/// What the server answers, before its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer<'a> {
    /// HTTP status.
    pub status: u16,
    /// `Content-Range`; another host may hide it.
    pub content_range: Option<&'a str>,
    /// `ETag`; another host may hide it.
    pub etag: Option<&'a str>,
}

/// Why an answer's bytes are of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It may be different in a moment: as if the connection were lost.
    Busy,
    /// Not the file that the manifest describes: as if its hash were wrong.
    OtherFile,
    /// The same next time.
    Final {
        /// HTTP status.
        status: u16,
    },
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Ask the server.
    Ask,
    /// Wait so many milliseconds, then ask.
    Wait(u32),
    /// All bytes are here: check them.
    Check,
    /// The patience is used up.
    GiveUp,
    /// Wrong bytes, a second time.
    Damaged,
}

impl Default for Patience {
    /// About 40 seconds without a connection; half a minute without a byte.
    fn default() -> Self {
        Self { waits: vec![1000, 2000, 4000, 8000, 8000, 8000, 8000], stall: 30_000 }
    }
}

impl Download {
    /// Nothing has come.
    pub fn new(info: &ShardInfo) -> Self {
        Self { size: info.bytes, bytes: Vec::new(), furthest: 0, etag: None, failures: 0, past_cache: false }
    }

    /// The request that goes on from what is here.
    pub fn ask(&self) -> Ask {
        let from = Some(self.bytes.len()).filter(|&here| here > 0 && here < self.size);
        Ask { from, if_range: from.and(self.etag.clone()), past_cache: self.past_cache && from.is_none() }
    }

    /// The server has answered; its bytes come next. A server that ignores ranges starts from the beginning.
    ///
    /// # Errors
    /// Why its bytes are of no use; [`Download::refused`] tells how to go on.
    pub fn answered(&mut self, answer: Answer) -> Result<(), Refusal> {
        match answer.status {
            200 => {
                self.bytes.clear();
                // A weak tag may stay the same though bytes differ, so it is no use for joining two halves.
                self.etag = answer.etag.filter(|etag| etag.starts_with('"')).map(str::to_owned);
                Ok(())
            }
            206 => self.continued(answer.content_range),
            // The file ends before the byte that was asked for.
            416 => Err(Refusal::OtherFile),
            408 | 425 | 429 | 500..=599 => Err(Refusal::Busy),
            status => Err(Refusal::Final { status }),
        }
    }

    /// Bytes have come.
    ///
    /// # Errors
    /// More than the shard has: it is another file.
    pub fn received(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        if bytes.len() > self.size - self.bytes.len() {
            return Err(Refusal::OtherFile);
        }
        if self.bytes.capacity() == 0 {
            self.bytes.reserve_exact(self.size);
        }
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() > self.furthest {
            self.furthest = self.bytes.len();
            self.failures = 0;
        }
        Ok(())
    }

    /// The body has ended, or the connection: what is here is kept.
    pub fn ended(&mut self, patience: &Patience) -> Next {
        if self.bytes.len() == self.size {
            return Next::Check;
        }
        self.failures += 1;
        patience.waits.get(self.failures - 1).map_or(Next::GiveUp, |&wait| Next::Wait(wait))
    }

    /// After an answer of no use. None where it is final.
    pub fn refused(&mut self, refusal: Refusal, patience: &Patience) -> Option<Next> {
        match refusal {
            Refusal::Busy => Some(self.ended(patience)),
            Refusal::OtherFile => Some(self.wrong()),
            Refusal::Final { .. } => None,
        }
    }

    /// The bytes are not those of the manifest: once more from the server itself, then it is the server's.
    pub fn wrong(&mut self) -> Next {
        self.bytes.clear();
        self.etag = None;
        if std::mem::replace(&mut self.past_cache, true) { Next::Damaged } else { Next::Ask }
    }

    /// With fresh patience, after it was given up.
    pub fn again(&mut self) {
        self.failures = 0;
        self.past_cache = false;
    }

    /// What is here.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// All of it, once it is checked.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// `Content-Range: bytes 100-199/200` must go on where the bytes end, in a file of the right size.
    fn continued(&mut self, content_range: Option<&str>) -> Result<(), Refusal> {
        let Some((range, size)) = content_range.and_then(|range| range.strip_prefix("bytes ")?.split_once('/')) else {
            // Another host hides it: the hash will tell.
            return Ok(());
        };
        if size.parse().is_ok_and(|size: usize| size != self.size) {
            return Err(Refusal::OtherFile);
        }
        let start: Option<usize> = range.split_once('-').and_then(|(start, _)| start.parse().ok());
        if start == Some(self.bytes.len()) {
            return Ok(());
        }
        // A part that does not fit: from the beginning, in a moment.
        self.bytes.clear();
        Err(Refusal::Busy)
    }
}

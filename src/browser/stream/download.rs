//! The download of one shard over as many connections as it takes, as a state machine without clock or network: it returns what to
//! request, and is given what was received.

use crate::formats::set::ShardInfo;

/// The waits after which a lost connection is retried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patience {
    /// Milliseconds to wait after the first failure in a row, after the second, and so on. After one failure more, without a new byte
    /// in between, the shard is given up.
    pub waits: Vec<u32>,
    /// Milliseconds without a byte after which a connection counts as lost.
    pub stall: u32,
}

/// The download of one shard.
#[derive(Debug, Clone)]
pub struct Download {
    size: usize,
    bytes: Vec<u8>,
    /// Largest number of bytes received so far: only more than these count as progress.
    furthest: usize,
    etag: Option<String>,
    failures: usize,
    past_cache: bool,
}

/// A request to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// First byte of the range, which goes on to the end; `None` for the whole file.
    pub from: Option<usize>,
    /// `ETag` of the file that the range continues: if it has changed, the server sends the whole new file.
    pub if_range: Option<String>,
    /// Whether every cache on the way is bypassed.
    pub past_cache: bool,
}

/// The status and headers of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer<'a> {
    /// HTTP status.
    pub status: u16,
    /// `Content-Range` header; a server on another origin may hide it.
    pub content_range: Option<&'a str>,
    /// `ETag` header; a server on another origin may hide it.
    pub etag: Option<&'a str>,
}

/// The reason that a response cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The server is busy: as if the connection were lost.
    Busy,
    /// The file is not the one that the manifest describes: as if its hash differed.
    OtherFile,
    /// A retry would not change the response.
    Final {
        /// HTTP status.
        status: u16,
    },
}

/// The next step of a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Send the request.
    Ask,
    /// Wait this many milliseconds, then send the request.
    Wait(u32),
    /// Verify the bytes, which are complete.
    Check,
    /// Give up, since every retry failed.
    GiveUp,
    /// Give up, since the bytes differ from the manifest a second time.
    Damaged,
}

impl Default for Patience {
    /// Returns waits of about 40 seconds in all, and half a minute without a byte.
    fn default() -> Self {
        Self { waits: vec![1000, 2000, 4000, 8000, 8000, 8000, 8000], stall: 30_000 }
    }
}

impl Download {
    /// Starts a download without any bytes.
    pub fn new(info: &ShardInfo) -> Self {
        Self { size: info.bytes, bytes: Vec::new(), furthest: 0, etag: None, failures: 0, past_cache: false }
    }

    /// Returns the request that continues from the bytes received.
    pub fn ask(&self) -> Ask {
        let from = Some(self.bytes.len()).filter(|&here| here > 0 && here < self.size);
        Ask { from, if_range: from.and(self.etag.clone()), past_cache: self.past_cache && from.is_none() }
    }

    /// Takes the status and headers of a response, before its bytes. A server that ignores ranges starts from the beginning.
    ///
    /// # Errors
    /// A response that cannot be used; [`Download::refused`] returns how to continue.
    pub fn answered(&mut self, answer: Answer) -> Result<(), Refusal> {
        match answer.status {
            200 => {
                self.bytes.clear();
                // A weak tag may stay the same though bytes differ, so it cannot join two parts.
                self.etag = answer.etag.filter(|etag| etag.starts_with('"')).map(str::to_owned);
                Ok(())
            }
            206 => self.continued(answer.content_range),
            // The file ends before the byte that was requested.
            416 => Err(Refusal::OtherFile),
            408 | 425 | 429 | 500..=599 => Err(Refusal::Busy),
            status => Err(Refusal::Final { status }),
        }
    }

    /// Appends bytes of the response.
    ///
    /// # Errors
    /// [`Refusal::OtherFile`] for more bytes than the shard has.
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

    /// Returns the next step after the body or the connection has ended; the bytes received are kept.
    pub fn ended(&mut self, patience: &Patience) -> Next {
        if self.bytes.len() == self.size {
            return Next::Check;
        }
        self.failures += 1;
        patience.waits.get(self.failures - 1).map_or(Next::GiveUp, |&wait| Next::Wait(wait))
    }

    /// Returns the next step after a response that cannot be used; `None` for [`Refusal::Final`].
    pub fn refused(&mut self, refusal: Refusal, patience: &Patience) -> Option<Next> {
        match refusal {
            Refusal::Busy => Some(self.ended(patience)),
            Refusal::OtherFile => Some(self.wrong()),
            Refusal::Final { .. } => None,
        }
    }

    /// Returns the next step where the bytes differ from the manifest: to fetch them again past every cache, and the second time to
    /// give up.
    pub fn wrong(&mut self) -> Next {
        self.bytes.clear();
        self.etag = None;
        if std::mem::replace(&mut self.past_cache, true) { Next::Damaged } else { Next::Ask }
    }

    /// Starts to count retries from 0 again, after the shard was given up.
    pub fn again(&mut self) {
        self.failures = 0;
        self.past_cache = false;
    }

    /// Returns the bytes received.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the bytes received, to be called once they are verified.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Checks that `Content-Range: bytes 100-199/200` continues where the bytes end, in a file of the expected size.
    fn continued(&mut self, content_range: Option<&str>) -> Result<(), Refusal> {
        let Some((range, size)) = content_range.and_then(|range| range.strip_prefix("bytes ")?.split_once('/')) else {
            // Hidden by a server on another origin: the hash will detect another file.
            return Ok(());
        };
        if size.parse().is_ok_and(|size: usize| size != self.size) {
            return Err(Refusal::OtherFile);
        }
        let start: Option<usize> = range.split_once('-').and_then(|(start, _)| start.parse().ok());
        if start == Some(self.bytes.len()) {
            return Ok(());
        }
        // A part that does not fit is fetched from the beginning, after a wait.
        self.bytes.clear();
        Err(Refusal::Busy)
    }
}

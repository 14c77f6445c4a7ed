//! Bytes of which some are read at a time: a file's, or those in memory.

use std::io;
use std::sync::Arc;

use ::bytes::Bytes;

/// Reads so many bytes from an offset; fewer are an error.
type ReadAt = dyn Fn(u64, usize) -> io::Result<Bytes> + Send + Sync;

/// The bytes of a file.
#[derive(Clone)]
pub struct Source {
    length: u64,
    read: Arc<ReadAt>,
}

impl Source {
    /// Returns a source of `length` bytes; `read` returns so many of them from an offset, and is asked for none beyond the end.
    pub fn new(length: u64, read: impl Fn(u64, usize) -> io::Result<Bytes> + Send + Sync + 'static) -> Self {
        Self { length, read: Arc::new(read) }
    }

    /// Returns the number of bytes.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Reads `count` bytes from an offset.
    pub(super) fn read(&self, start: u64, count: usize) -> io::Result<Bytes> {
        match start.checked_add(count as u64) {
            Some(end) if end <= self.length => (self.read)(start, count),
            _ => {
                let said = format!("bytes {start} and {count} more are beyond its end at {}", self.length);
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, said))
            }
        }
    }
}

impl From<Bytes> for Source {
    /// Returns the bytes in memory as a source.
    fn from(bytes: Bytes) -> Self {
        let length = bytes.len() as u64;
        Self::new(length, move |start, count| Ok(bytes.slice(start as usize..start as usize + count)))
    }
}

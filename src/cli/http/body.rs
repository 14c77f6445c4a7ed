//! The body of an answer: of a length that its head gives, in chunks, or until the server closes the connection.

use std::io::{self, Read};

use super::connection::Connection;
use super::error::invalid;

/// Longest line between two chunks, in bytes.
const LINE: usize = 4096;
/// Most trailers after the last chunk.
const TRAILERS: usize = 128;

/// A body, with the bytes of it that arrived with the head.
pub(super) struct Body {
    connection: Connection,
    received: Vec<u8>,
    /// Number of bytes of `received` that were read.
    read: usize,
    frame: Frame,
}

enum Frame {
    /// `left` of `length` bytes are missing.
    Sized {
        length: u64,
        left: u64,
    },
    /// `left` bytes of the chunk are missing; `first` before the first one.
    Chunked {
        left: u64,
        first: bool,
    },
    UntilClosed,
    Finished,
}

impl Body {
    /// Returns a body of `length` bytes.
    pub(super) fn sized(connection: Connection, received: Vec<u8>, length: u64) -> Self {
        Self { connection, received, read: 0, frame: Frame::Sized { length, left: length } }
    }

    /// Returns a body in chunks.
    pub(super) fn chunked(connection: Connection, received: Vec<u8>) -> Self {
        Self { connection, received, read: 0, frame: Frame::Chunked { left: 0, first: true } }
    }

    /// Returns a body that ends with the connection.
    pub(super) fn until_closed(connection: Connection, received: Vec<u8>) -> Self {
        Self { connection, received, read: 0, frame: Frame::UntilClosed }
    }

    /// Returns the length that the head gave.
    pub(super) fn length(&self) -> Option<u64> {
        match self.frame {
            Frame::Sized { length, .. } => Some(length),
            _ => None,
        }
    }

    /// Returns whether only the end of the connection ends the body.
    pub(super) fn ends_with_the_connection(&self) -> bool {
        matches!(self.frame, Frame::UntilClosed)
    }

    /// Returns whether the whole body was read, so that the next answer follows.
    pub(super) fn is_finished(&self) -> bool {
        matches!(self.frame, Frame::Finished | Frame::Sized { left: 0, .. })
    }

    /// Returns the connection, unless the server sent more than was asked for.
    pub(super) fn into_connection(self) -> Option<Connection> {
        (self.read == self.received.len()).then_some(self.connection)
    }

    fn raw(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let waiting = &self.received[self.read..];
        if waiting.is_empty() {
            return self.connection.read(buffer);
        }
        let count = waiting.len().min(buffer.len());
        buffer[..count].copy_from_slice(&waiting[..count]);
        self.read += count;
        Ok(count)
    }

    fn raw_of(&mut self, buffer: &mut [u8], left: u64) -> io::Result<usize> {
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        match self.raw(&mut buffer[..wanted])? {
            0 if wanted > 0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the connection was cut")),
            count => Ok(count),
        }
    }

    /// Reads a line without its end.
    fn line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        let mut byte = [0];
        while line.len() < LINE {
            self.raw_of(&mut byte, 1)?;
            if byte[0] == b'\n' {
                return Ok(String::from_utf8_lossy(&line).trim().to_owned());
            }
            line.push(byte[0]);
        }
        Err(invalid("a line between two chunks does not end"))
    }

    /// Reads the head of the next chunk; after the last one, the trailers.
    fn next_chunk(&mut self, first: bool) -> io::Result<u64> {
        if !first {
            self.line()?;
        }
        let line = self.line()?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(size, 16).map_err(|_| invalid(format!("`{size}` is no size of a chunk")))?;
        if size > 0 {
            return Ok(size);
        }
        for _ in 0..TRAILERS {
            if self.line()?.is_empty() {
                return Ok(0);
            }
        }
        Err(invalid("the trailers of the answer do not end"))
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.frame {
            // Reading nothing from a socket would wait for the next answer.
            Frame::Finished | Frame::Sized { left: 0, .. } => Ok(0),
            _ if buffer.is_empty() => Ok(0),
            Frame::UntilClosed => self.raw(buffer),
            Frame::Sized { length, left } => {
                let count = self.raw_of(buffer, left)?;
                self.frame = Frame::Sized { length, left: left - count as u64 };
                Ok(count)
            }
            Frame::Chunked { left: 0, first } => {
                self.frame = match self.next_chunk(first)? {
                    0 => Frame::Finished,
                    left => Frame::Chunked { left, first: false },
                };
                self.read(buffer)
            }
            Frame::Chunked { left, first } => {
                let count = self.raw_of(buffer, left)?;
                self.frame = Frame::Chunked { left: left - count as u64, first };
                Ok(count)
            }
        }
    }
}

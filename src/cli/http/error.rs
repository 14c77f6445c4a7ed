//! The error of an answer that is no HTTP.

use std::io;

/// Returns the error of data that breaks the rules of HTTP.
pub(super) fn invalid(message: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message.into())
}

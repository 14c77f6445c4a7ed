//! The layouts of text that a table may have.

use super::text::Text;
use super::{encoding, ipac, mrt};
use crate::formats::error::ReadError;

/// Splits the bytes of a table into comments, names, units and rows. `file` is for errors.
///
/// # Errors
/// Bytes that are no text, rows that are too short, and tables without rows.
pub(super) fn split(file: &str, bytes: &[u8]) -> Result<Text, ReadError> {
    if encoding::is_binary(bytes) {
        let reason = "it is not text in UTF-8: save the table as CSV (UTF-8), or drop FITS files";
        return Err(ReadError::table(file, reason));
    }
    let content = encoding::decode(bytes);
    match &content {
        mrt if mrt::recognises(mrt) => mrt::parse(file, mrt),
        bars if ipac::recognises(bars) => ipac::parse(file, bars),
        other => Text::parse(file, other),
    }
}

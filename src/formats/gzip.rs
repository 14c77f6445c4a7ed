//! Unpacking gzip (RFC 1952): one or several members, each with its checksum and length.

use std::borrow::Cow;

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

use super::error::ReadError;

/// Extension of packed files.
pub(super) const ENDING: &str = "gz";

/// The two bytes that begin a packed file.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Largest size of an unpacked file, bytes: a small file can unpack to more than the memory of a machine.
#[cfg(not(target_arch = "wasm32"))]
const LARGEST: usize = 4 << 30;
/// Largest size in the page, whose memory is smaller.
#[cfg(target_arch = "wasm32")]
const LARGEST: usize = 1 << 30;

/// Returns the unpacked bytes of a file, those that it was given where they are not packed.
///
/// # Errors
/// A file that is damaged, cut short, or unpacks to more than a machine has memory for.
pub(super) fn unpacked<'a>(file: &str, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, ReadError> {
    if !bytes.starts_with(&MAGIC) {
        return Ok(Cow::Borrowed(bytes));
    }
    let refused = |reason: &str| ReadError::Gzip { file: file.to_owned(), reason: reason.to_owned() };
    let mut unpacked = Vec::new();
    let mut rest = bytes;
    // Zeros after the last member are padding.
    while rest.starts_with(&MAGIC) {
        rest = member(rest, &mut unpacked).map_err(refused)?;
    }
    if unpacked.is_empty() {
        return Err(refused("there is nothing in it, choose another file"));
    }
    Ok(Cow::Owned(unpacked))
}

/// Unpacks a member, appends it to `unpacked` and returns what follows it.
fn member<'a>(bytes: &'a [u8], unpacked: &mut Vec<u8>) -> Result<&'a [u8], &'static str> {
    const CUT: &str = "it is cut short, fetch it again";
    const DAMAGED: &str = "it is damaged, fetch it again";
    let mut rest = bytes.get(header_length(bytes).ok_or(CUT)?..).ok_or(CUT)?;
    let begin = unpacked.len();
    let mut state = InflateState::new_boxed(DataFormat::Raw);
    let mut buffer = vec![0; 64 << 10];
    loop {
        let step = inflate(&mut state, rest, &mut buffer, MZFlush::None);
        rest = &rest[step.bytes_consumed..];
        if unpacked.len() + step.bytes_written > LARGEST {
            return Err("it unpacks to more than fits into memory, unpack it and open a part of it");
        }
        unpacked.extend_from_slice(&buffer[..step.bytes_written]);
        match step.status {
            Ok(MZStatus::StreamEnd) => break,
            Ok(_) if step.bytes_written == 0 && rest.is_empty() => return Err(CUT),
            Ok(_) => {}
            Err(miniz_oxide::MZError::Buf) => return Err(CUT),
            Err(_) => return Err(DAMAGED),
        }
    }
    let (checksum, after) = rest.split_first_chunk::<4>().ok_or(CUT)?;
    let (length, after) = after.split_first_chunk::<4>().ok_or(CUT)?;
    let content = &unpacked[begin..];
    let whole = u32::from_le_bytes(*checksum) == crc32fast::hash(content)
        && u32::from_le_bytes(*length) == content.len() as u32;
    if whole { Ok(after) } else { Err(DAMAGED) }
}

/// Returns the length of a member's header, bytes; `None` where it is cut short.
fn header_length(bytes: &[u8]) -> Option<usize> {
    let flags = *bytes.get(3)?;
    let mut length = 10;
    if flags & 4 != 0 {
        let extra = bytes.get(length..length + 2)?;
        length += 2 + usize::from(u16::from_le_bytes([extra[0], extra[1]]));
    }
    // The name of the file, and a comment, each to a zero.
    for flag in [8, 16] {
        if flags & flag != 0 {
            length += bytes.get(length..)?.iter().position(|&byte| byte == 0)? + 1;
        }
    }
    Some(if flags & 2 != 0 { length + 2 } else { length })
}

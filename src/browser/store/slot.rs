//! A file in two slots, `name.a` and `name.b`, written in turn: the newer whole one is read.
//!
//! A slot is a header and the content. A write zeroes the header, writes the content, and writes the header last, so that a slot
//! that a crash left half-written has no header; checksums detect damage by a failing disk or a power cut.
//!
//! | bytes | header, little-endian |
//! |---|---|
//! | 0..8 | `SPSCAPE1` |
//! | 8..16 | sequence number: larger is newer |
//! | 16..24 | length of the content |
//! | 24..28 | CRC-32 of the content |
//! | 28..32 | CRC-32 of the 28 bytes before |

/// Length of a header, bytes.
pub const HEADER: usize = 32;
/// Header of a slot that is being written.
pub const STRUCK_OUT: [u8; HEADER] = [0; HEADER];

const MAGIC: [u8; 8] = *b"SPSCAPE1";

/// One of a file's two slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// `name.a`.
    A,
    /// `name.b`.
    B,
}

/// A whole header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Sequence number; the larger is newer.
    pub sequence: u64,
    /// Length of the content, bytes.
    pub length: u64,
    /// CRC-32 of the content.
    pub checksum: u32,
}

/// The state of a slot by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// No slot, or one whose write was never finished.
    Unfinished,
    /// A damaged header.
    Broken,
    /// A whole header; the content must still be checked.
    Header(Header),
}

impl Slot {
    /// Both slots.
    pub const BOTH: [Slot; 2] = [Slot::A, Slot::B];

    /// Returns the extension of the slot's file name.
    pub fn ending(self) -> &'static str {
        match self {
            Slot::A => ".a",
            Slot::B => ".b",
        }
    }

    /// Returns the other slot.
    pub fn other(self) -> Self {
        match self {
            Slot::A => Slot::B,
            Slot::B => Slot::A,
        }
    }
}

impl Header {
    /// Returns the header of `content`.
    pub fn of(sequence: u64, content: &[u8]) -> Self {
        Self { sequence, length: content.len() as u64, checksum: crc32fast::hash(content) }
    }

    /// Returns the header as it is written into the slot.
    pub fn to_bytes(self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..16].copy_from_slice(&self.sequence.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.length.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.checksum.to_le_bytes());
        let own = crc32fast::hash(&bytes[..28]);
        bytes[28..].copy_from_slice(&own.to_le_bytes());
        bytes
    }

    /// Returns the content in a slot's bytes; `None` where it is cut short or its checksum differs.
    pub fn content<'a>(&self, slot: &'a [u8]) -> Option<&'a [u8]> {
        let length = usize::try_from(self.length).ok()?;
        let content = slot.get(HEADER..)?.get(..length)?;
        (crc32fast::hash(content) == self.checksum).then_some(content)
    }
}

impl Beginning {
    /// Reads the first bytes of a slot; it may hold fewer than a header, or none.
    pub fn read(slot: &[u8]) -> Self {
        let Some(bytes) = slot.first_chunk::<HEADER>() else { return Self::Unfinished };
        if *bytes == STRUCK_OUT {
            return Self::Unfinished;
        }
        let number = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
        let check = |at: usize| u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
        if bytes[..8] != MAGIC || check(28) != crc32fast::hash(&bytes[..28]) {
            return Self::Broken;
        }
        Self::Header(Header { sequence: number(8), length: number(16), checksum: check(24) })
    }

    /// Returns the header; `None` where it is not whole.
    pub fn header(self) -> Option<Header> {
        match self {
            Self::Header(header) => Some(header),
            Self::Unfinished | Self::Broken => None,
        }
    }
}

/// Returns the slots with a whole header, the newer first. The first of them whose content is whole is the file.
pub fn newest_first(a: Beginning, b: Beginning) -> Vec<(Slot, Header)> {
    let mut slots: Vec<_> =
        Slot::BOTH.into_iter().zip([a, b]).filter_map(|(slot, beginning)| Some((slot, beginning.header()?))).collect();
    slots.sort_by_key(|(_, header)| std::cmp::Reverse(header.sequence));
    slots
}

/// Returns whether a version was ever stored: if no slot is whole then, the file is damaged; otherwise its first write was cut short.
pub fn was_stored(a: Beginning, b: Beginning) -> bool {
    [a, b].iter().any(|beginning| *beginning != Beginning::Unfinished)
}

/// Returns the slot of the next version, never that of the newest whole one, and its sequence number.
pub fn next(newest: Option<(Slot, Header)>) -> (Slot, u64) {
    newest.map_or((Slot::A, 1), |(slot, header)| (slot.other(), header.sequence.saturating_add(1)))
}

//! A file in two slots, `name.a` and `name.b`, written in turn: the newer whole one counts.
//!
//! A slot is a header and the content. A write strikes the header out, writes the content, and writes the header last, so
//! a slot that a crash left half-written has no header; checksums catch what a failing disk or a power cut leaves.
//!
//! | bytes | header, little-endian |
//! |---|---|
//! | 0..8 | `SPSCAPE1` |
//! | 8..16 | sequence number: larger is newer |
//! | 16..24 | length of the content |
//! | 24..28 | CRC-32 of the content |
//! | 28..32 | CRC-32 of the 28 bytes before |

/// Bytes of a header.
pub const HEADER: usize = 32;
/// What a slot begins with while it is being written.
pub const STRUCK_OUT: [u8; HEADER] = [0; HEADER];

const MAGIC: [u8; 8] = *b"SPSCAPE1";

/// One of a file's two slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// `name.a`
    A,
    /// `name.b`
    B,
}

/// What a whole header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Larger is newer.
    pub sequence: u64,
    /// Bytes of the content.
    pub length: u64,
    /// CRC-32 of the content.
    pub checksum: u32,
}

/// What the beginning of a slot tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// No slot, or one that was never finished.
    Unfinished,
    /// A header that was written and is not whole any more.
    Broken,
    /// A whole header; the content must still be checked.
    Header(Header),
}

impl Slot {
    /// Both.
    pub const BOTH: [Slot; 2] = [Slot::A, Slot::B];

    /// The end of its file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Slot::A => ".a",
            Slot::B => ".b",
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Slot::A => Slot::B,
            Slot::B => Slot::A,
        }
    }
}

impl Header {
    /// For a content.
    pub fn of(sequence: u64, content: &[u8]) -> Self {
        Self { sequence, length: content.len() as u64, checksum: crc32fast::hash(content) }
    }

    /// As it stands in the slot.
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

    /// The content in a slot's bytes; none where it is cut short or is not what the header was written for.
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

    /// The header, where it is whole.
    pub fn header(self) -> Option<Header> {
        match self {
            Self::Header(header) => Some(header),
            Self::Unfinished | Self::Broken => None,
        }
    }
}

/// The slots with a whole header, the newer one first: the first of them whose content is whole counts.
pub fn newest_first(a: Beginning, b: Beginning) -> Vec<(Slot, Header)> {
    let mut slots: Vec<_> =
        Slot::BOTH.into_iter().zip([a, b]).filter_map(|(slot, beginning)| Some((slot, beginning.header()?))).collect();
    slots.sort_by_key(|(_, header)| std::cmp::Reverse(header.sequence));
    slots
}

/// Whether something was stored here once: then that nothing is whole is damage, and not a first write cut short.
pub fn was_stored(a: Beginning, b: Beginning) -> bool {
    [a, b].iter().any(|beginning| *beginning != Beginning::Unfinished)
}

/// Where the next version goes, and its sequence number: never onto the newest whole version.
pub fn next(newest: Option<(Slot, Header)>) -> (Slot, u64) {
    newest.map_or((Slot::A, 1), |(slot, header)| (slot.other(), header.sequence.saturating_add(1)))
}

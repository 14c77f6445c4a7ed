//! Checks whether a file is what its list says.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::cli::address_list::Address;

/// Bytes of a FITS block.
const FITS_BLOCK: u64 = 2880;

/// A flaw of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Damaged on its way: another attempt may mend it.
    Damaged(String),
    /// A page of HTML where FITS should be: the server's way to say that there is no such file.
    Page,
}

/// Compares a file's length, hash and first bytes with what its list says and its name promises.
pub(super) fn flaw(path: &Path, address: &Address) -> io::Result<Option<Flaw>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut first = Vec::new();
    file.by_ref().take(6).read_to_end(&mut first)?;
    if let Some(flaw) = flaw_at_the_beginning(&first, &address.path) {
        return Ok(Some(flaw));
    }
    if let Some(bytes) = address.bytes.filter(|&bytes| bytes != length) {
        return Ok(Some(Flaw::Damaged(format!("it has {length} bytes, the list says {bytes}"))));
    }
    let Some(expected) = &address.sha256 else { return Ok(None) };
    let mut hash = Sha256::new();
    hash.update(&first);
    io::copy(&mut file, &mut hash)?;
    let found: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((found != *expected).then(|| Flaw::Damaged(format!("its SHA-256 is {found}, the list says {expected}"))))
}

/// Returns whether the length of a FITS file is one of whole blocks; true for other files.
pub(super) fn has_whole_blocks(path: &Path, address: &Address) -> bool {
    let length = std::fs::metadata(path).map_or(0, |data| data.len());
    !is_fits(&address.path.to_ascii_lowercase()) || length.is_multiple_of(FITS_BLOCK)
}

fn is_fits(name: &str) -> bool {
    [".fit", ".fits", ".fts"].iter().any(|ending| name.ends_with(ending))
}

/// Returns what is wrong with the first bytes of a file of this name.
fn flaw_at_the_beginning(first: &[u8], path: &str) -> Option<Flaw> {
    let path = path.to_ascii_lowercase();
    let packed = path.ends_with(".gz");
    let expected: &[u8] = match (packed, is_fits(&path)) {
        (true, _) => &[0x1f, 0x8b],
        (false, true) => b"SIMPLE",
        (false, false) => b"",
    };
    let is_page = first.trim_ascii_start().starts_with(b"<") || first.starts_with(b"\xef\xbb\xbf<");
    match first {
        [] => Some(Flaw::Damaged("it is empty".to_owned())),
        _ if first.starts_with(expected) => None,
        _ if is_page => Some(Flaw::Page),
        _ => Some(Flaw::Damaged(format!("it is no {}", if packed { "gzip file" } else { "FITS file" }))),
    }
}

#[cfg(test)]
mod tests {
    use crate::cli::download::check::{Flaw, flaw_at_the_beginning};

    #[test]
    fn pages_are_told_from_files() {
        assert_eq!(flaw_at_the_beginning(b"SIMPLE", "a/b.fits"), None);
        assert_eq!(flaw_at_the_beginning(b"\x1f\x8b\x08", "b.FITS.gz"), None);
        assert_eq!(flaw_at_the_beginning(b"<!DOCT", "b.fit"), Some(Flaw::Page));
        assert_eq!(flaw_at_the_beginning(b"\n <htm", "b.fits.gz"), Some(Flaw::Page));
        assert_eq!(flaw_at_the_beginning(b"<VOTAB", "b.xml"), None, "only FITS is no markup");
        assert!(matches!(flaw_at_the_beginning(b"", "b.csv"), Some(Flaw::Damaged(_))));
        assert!(matches!(flaw_at_the_beginning(b"\x1f\x8b", "b.fits"), Some(Flaw::Damaged(_))));
    }
}

//! What is kept on the browser's disk, without the disk: slots that are cut, struck or spoilt, and names of files.

use proptest::prelude::*;
use spectrascape::browser::store::slot::{self, Beginning, HEADER, Header, STRUCK_OUT, Slot};
use spectrascape::browser::store::{StoreError, name};

/// A slot as a finished write leaves it.
fn written(sequence: u64, content: &[u8]) -> Vec<u8> {
    [&Header::of(sequence, content).to_bytes(), content].concat()
}

/// What a reader gets from two slots, as the disk's reader does it.
fn read<'a>(a: &'a [u8], b: &'a [u8]) -> Option<(Slot, &'a [u8])> {
    slot::newest_first(Beginning::read(a), Beginning::read(b)).into_iter().find_map(|(slot, header)| {
        let bytes = if slot == Slot::A { a } else { b };
        Some((slot, header.content(bytes)?))
    })
}

#[test]
fn the_newer_whole_version_counts() {
    let (old, new) = (written(7, b"old"), written(8, b"newer"));
    assert_eq!(read(&old, &new), Some((Slot::B, &b"newer"[..])));
    assert_eq!(read(&new, &old), Some((Slot::A, &b"newer"[..])));
    assert_eq!(read(&[], &old), Some((Slot::B, &b"old"[..])));
    assert_eq!(read(&[], &[]), None);
    assert_eq!(read(&written(1, b""), &[]), Some((Slot::A, &b""[..])), "nothing can be saved too");
}

#[test]
fn the_next_version_never_goes_onto_the_newest() {
    assert_eq!(slot::next(None), (Slot::A, 1));
    let header = Header::of(41, b"x");
    assert_eq!(slot::next(Some((Slot::A, header))), (Slot::B, 42));
    assert_eq!(slot::next(Some((Slot::B, header))), (Slot::A, 42));
}

#[test]
fn cut_at_any_byte_the_older_version_is_read() {
    let old = written(1, b"the older version");
    let new = written(2, b"the newer one, which is longer than it");
    for end in 0..new.len() {
        assert_eq!(read(&old, &new[..end]), Some((Slot::A, &b"the older version"[..])), "cut at {end}");
        assert_eq!(read(&[], &new[..end]), None, "a first version cut at {end}");
    }
}

#[test]
fn a_write_stopped_at_any_byte_leaves_the_older_version() {
    let old = written(2, b"the older version");
    let (before, new) = (written(1, b"the version before that, longer than all"), written(3, b"new"));
    // What the disk does: strike the header out, write the content, cut what is left over, write the header.
    let mut steps = vec![(0, STRUCK_OUT.to_vec()), (HEADER, new[HEADER..].to_vec())];
    let mut slot = before.clone();
    for (at, bytes) in steps.drain(..) {
        for (i, byte) in bytes.iter().enumerate() {
            slot[at + i] = *byte;
            assert_eq!(read(&old, &slot), Some((Slot::A, &b"the older version"[..])), "stopped at {}", at + i);
        }
    }
    slot.truncate(new.len());
    for i in 0..HEADER {
        assert_eq!(read(&old, &slot), Some((Slot::A, &b"the older version"[..])), "stopped in the header at {i}");
        slot[i] = new[i];
    }
    assert_eq!(read(&old, &slot), Some((Slot::B, &b"new"[..])));
}

#[test]
fn a_flipped_bit_anywhere_is_seen() {
    let old = written(1, b"the older version");
    let new = written(2, b"the newer one");
    for bit in 0..new.len() * 8 {
        let mut spoilt = new.clone();
        spoilt[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(read(&old, &spoilt), Some((Slot::A, &b"the older version"[..])), "bit {bit}");
    }
}

#[test]
fn damage_is_told_from_a_first_write_cut_short() {
    let whole = written(1, b"content");
    let mut struck = whole.clone();
    struck[..HEADER].copy_from_slice(&STRUCK_OUT);
    let mut spoilt = whole.clone();
    spoilt[3] ^= 1;
    let stored = |a: &[u8], b: &[u8]| slot::was_stored(Beginning::read(a), Beginning::read(b));
    assert!(!stored(&[], &[]));
    assert!(!stored(&struck, &whole[..HEADER - 1]));
    assert!(stored(&struck, &spoilt));
    assert!(stored(&whole[..HEADER], &[]), "a header whose content is gone");
}

#[test]
fn the_header_is_the_one_that_is_documented() {
    // Python: struct.pack("<8sQQI", b"SPSCAPE1", 3, 9, zlib.crc32(b"123456789")) and the zlib.crc32 of that.
    let bytes = Header::of(3, b"123456789").to_bytes();
    let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hexadecimal, "5350534341504531030000000000000009000000000000002639f4cb731cb39b");
}

#[test]
fn exceptions_become_sentences() {
    let error = |name: &str| StoreError::from_exception("runs/mine", "saved", name, "No capacity available.");
    assert!(matches!(error("QuotaExceededError"), StoreError::Full { .. }));
    assert!(matches!(error("SecurityError"), StoreError::Unavailable { .. }));
    let other = error("InvalidStateError").to_string();
    assert_eq!(other, "runs/mine could not be saved in the browser's storage: No capacity available");
}

#[test]
fn a_browser_that_stores_nothing_is_told_of_in_plain_words() {
    let refused = StoreError::unavailable("SecurityError", "Security error when calling GetDirectory");
    let said = refused.to_string();
    assert!(
        said.contains("(a private window, or this site may store nothing)") && !said.contains("GetDirectory"),
        "{said}"
    );
    assert_eq!(
        StoreError::from_exception("runs/mine", "saved", "SecurityError", "The operation is insecure."),
        refused
    );
    let other = |name: &str, message: &str| StoreError::unavailable(name, message).to_string();
    assert!(other("UnknownError", "It has broken.").contains("(It has broken)"));
    assert!(other("UnknownError", "").contains("(UnknownError)"));
}

#[test]
fn names_that_no_disk_takes_are_refused() {
    assert!(name::encode("").is_err());
    assert!(name::encode(&"ä".repeat(60)).is_err());
    assert_eq!(name::encode("runs/First try").as_deref(), Ok("runs%2f%46irst%20try"));
    for strange in ["%", "%4", "%zz", "A", "%61", "a b", "%ff", "%é"] {
        assert_eq!(name::decode(strange), None, "{strange}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_harm(a in prop::collection::vec(any::<u8>(), 0..100), b in prop::collection::vec(any::<u8>(), 0..100)) {
        prop_assert_eq!(read(&a, &b), None);
    }

    #[test]
    fn a_name_leads_back_to_its_path(path in "\\PC{1,20}") {
        let name = name::encode(&path).unwrap();
        prop_assert!(name.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase() || b"-_.%".contains(&byte)));
        prop_assert_eq!(name::decode(&name), Some(path));
    }
}

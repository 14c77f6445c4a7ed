//! Libraries of sites: whatever is read is written and read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use spectrascape::formats::set::Library;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(library) = Library::from_json("library.json", bytes) {
        assert_eq!(Library::from_json("again", library.to_json().as_bytes()).as_ref(), Ok(&library));
    }
});

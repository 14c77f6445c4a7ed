//! Spectra in JSON, and lists in the fields of text tables.
#![no_main]

use libfuzzer_sys::fuzz_target;
use spectrascape::formats::read;

fuzz_target!(|bytes: &[u8]| {
    let _ = read("a.json", bytes);
});

//! VOTables, as spectra and as catalogues.
#![no_main]

use libfuzzer_sys::fuzz_target;
use spectrascape::formats::{read, table};

fuzz_target!(|bytes: &[u8]| {
    let _ = read("a.vot", bytes);
    let _ = table::plain("a.vot", bytes);
});

//! Parquet.
#![no_main]

use libfuzzer_sys::fuzz_target;
use spectrascape::formats::read;

fuzz_target!(|bytes: &[u8]| {
    let _ = read("a.parquet", bytes);
});

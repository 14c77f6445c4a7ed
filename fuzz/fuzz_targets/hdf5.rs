//! HDF5 files; other bytes have targets of their own.
#![no_main]

use libfuzzer_sys::fuzz_target;
use spectrascape::formats::{ReadOptions, read_with};

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"\x89HDF\r\n\x1a\n") {
        let _ = read_with("a.h5", bytes, &ReadOptions::default());
        let _ = read_with("a.h5", bytes, &ReadOptions { rows: Some(&[0, 3]), ..ReadOptions::default() });
    }
});

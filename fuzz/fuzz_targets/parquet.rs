//! Parquet files; other bytes have targets of their own.
#![no_main]

use libfuzzer_sys::fuzz_target;
use spectrascape::formats::{ReadOptions, read_with};

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"PAR1") {
        let _ = read_with("a.parquet", bytes, &ReadOptions::default());
        let _ = read_with("a.parquet", bytes, &ReadOptions { rows: Some(&[0, 3]), ..ReadOptions::default() });
    }
});

//! Text tables: CSV, ECSV, IPAC and columns of numbers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use spectrascape::formats::{Medium, ReadOptions, read_with};

fuzz_target!(|bytes: &[u8]| {
    let _ = read_with("a.csv", bytes, &ReadOptions::default());
    let _ = read_with("a.txt", bytes, &ReadOptions { medium: Some(Medium::Air), ..ReadOptions::default() });
});

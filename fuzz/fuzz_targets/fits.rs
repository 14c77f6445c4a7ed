//! Every FITS layout, at full length and with the first 12 bits of the input as a cut.
#![no_main]

use libfuzzer_sys::fuzz_target;
use spectrascape::formats::{ReadOptions, fits, read_with};

fuzz_target!(|bytes: &[u8]| {
    let options = ReadOptions { redrock: Some(("redrock.fits", bytes)), ..ReadOptions::default() };
    let _ = fits::read("a.fits", bytes, &options);
    let _ = read_with("a.fits", bytes, &ReadOptions { rows: Some(&[0, 3]), ..ReadOptions::default() });
});

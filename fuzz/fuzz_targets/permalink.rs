//! Links: whatever is read is written and read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use spectrascape::page::Permalink;

fuzz_target!(|text: &str| {
    let (link, _) = Permalink::parse(text);
    let written = link.to_string();
    assert_eq!(Permalink::parse(&written).0.to_string(), written);
});

//! Manifests.
#![no_main]

use libfuzzer_sys::fuzz_target;
use spectrascape::formats::set::Manifest;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(manifest) = Manifest::from_json("manifest.json", bytes) {
        let _ = manifest.locate(manifest.count);
        assert_eq!(Manifest::from_json("again", manifest.to_json().as_bytes()).as_ref(), Ok(&manifest));
    }
});

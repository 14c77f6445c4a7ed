//! The files of a set: shards, headers of shards, catalogues, latents and mean spectra.
#![no_main]

use libfuzzer_sys::fuzz_target;
use spectrascape::formats::set::writer::MeanSpectrum;
use spectrascape::formats::set::{Catalogue, LatentSet, Shard, ShardLayout};

fuzz_target!(|bytes: &[u8]| {
    let _ = Shard::from_bytes("a", bytes);
    let _ = ShardLayout::from_header("a", bytes);
    let _ = Catalogue::from_bytes("a", bytes);
    let _ = LatentSet::from_bytes("a", bytes);
    let _ = MeanSpectrum::from_bytes("a", bytes);
});

//! Damaged files: cut short, and with changed bytes.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Returns a thousand damaged copies of a file, always the same ones: some are cut short, half of the others are changed near the end,
/// where formats keep their indexes.
pub fn damaged(whole: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    (0..1000).map(move |number| {
        let mut bytes = whole.to_vec();
        if number % 10 == 0 {
            bytes.truncate(rng.random_range(1..whole.len()));
            return bytes;
        }
        let from = if number % 2 == 0 { 0 } else { whole.len().saturating_sub(2500) };
        for _ in 0..=rng.random_range(0..3) {
            let at = rng.random_range(from..whole.len());
            bytes[at] = if rng.random_bool(0.5) { rng.random() } else { bytes[at] ^ (1 << rng.random_range(0..8)) };
        }
        bytes
    })
}

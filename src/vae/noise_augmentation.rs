//! Noise that a lesson adds to the spectra before training.

use std::ops::Range;

use half::f16;
use rand::RngExt;
use rand_distr::StandardNormal;

use crate::vae::dataset::TrainingSet;
use crate::vae::random::{self, Purpose};

/// Adds white noise of `amount` standard deviations of each pixel to rows of a set, and lowers the inverse variance to
/// ivar / (1 + amount^2). A row's noise hangs on the seed and the row alone, whenever the row comes.
pub fn add(set: &mut TrainingSet, rows: Range<usize>, amount: f32, seed: u64) {
    if amount <= 0.0 {
        return;
    }
    let pixels = set.pixels();
    for row in rows {
        let mut generator =
            random::generator(seed ^ (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15), Purpose::AddedNoise);
        for at in row * pixels..(row + 1) * pixels {
            let draw: f32 = generator.sample(StandardNormal);
            let ivar = set.ivar[at].to_f32();
            if ivar > 0.0 && ivar.is_finite() {
                set.flux[at] = f16::from_f32(set.flux[at].to_f32() + amount * draw / ivar.sqrt());
                set.ivar[at] = f16::from_f32(ivar / (1.0 + amount * amount));
            }
        }
    }
}

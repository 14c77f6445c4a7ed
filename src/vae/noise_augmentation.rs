//! Noise that a lesson adds to the spectra before training.

use half::f16;
use rand::RngExt;
use rand_distr::StandardNormal;

use crate::vae::random::{self, Purpose};

/// Adds white noise of `amount` standard deviations of each pixel to a spectrum, flux and inverse variance `[pixels]`, and lowers the
/// inverse variance to ivar / (1 + amount^2). The noise depends on the seed and the spectrum's row in its set alone, whenever it comes.
pub fn add_to_row(flux: &mut [f16], ivar: &mut [f16], row: usize, amount: f32, seed: u64) {
    if amount <= 0.0 {
        return;
    }
    let mut generator = random::generator(seed ^ (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15), Purpose::AddedNoise);
    for (flux, certainty) in flux.iter_mut().zip(ivar) {
        let draw: f32 = generator.sample(StandardNormal);
        let ivar = certainty.to_f32();
        if ivar > 0.0 && ivar.is_finite() {
            *flux = f16::from_f32(flux.to_f32() + amount * draw / ivar.sqrt());
            *certainty = f16::from_f32(ivar / (1.0 + amount * amount));
        }
    }
}

//! Randomness, all of it from one seed: a purpose is a stream of one counter-based generator, so that drawing more for one
//! purpose changes nothing for another, and the numbers are the same natively and in wasm.

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// The purpose of random numbers; each has a stream of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// The weights before training.
    Weights = 1,
    /// Choice of the spectra held out.
    Split = 2,
    /// The order of the spectra in an epoch.
    Order = 3,
    /// The noise of the reparameterisation.
    Noise = 4,
    /// Draws of the prior for the MMD term.
    Prior = 5,
    /// The validation's one draw of the prior.
    ValidationPrior = 6,
    /// Choice of the training spectra with labels.
    Labels = 7,
    /// Noise that is added to spectra before training.
    AddedNoise = 9,
    /// A search's draws of hyperparameters.
    Search = 8,
}

/// The generator of a seed and a purpose.
pub fn generator(seed: u64, purpose: Purpose) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(purpose as u64);
    generator
}

/// `count` draws from the standard normal distribution.
pub fn normal(generator: &mut ChaCha8Rng, count: usize) -> Vec<f32> {
    (0..count).map(|_| generator.sample(StandardNormal)).collect()
}

/// Fills a buffer with `count` draws from the standard normal distribution; its memory is used again.
pub fn fill_normal(generator: &mut ChaCha8Rng, values: &mut Vec<f32>, count: usize) {
    values.clear();
    values.extend((0..count).map(|_| generator.sample::<f32, _>(StandardNormal)));
}

/// `count` draws, uniform in -bound..bound.
pub fn uniform(generator: &mut ChaCha8Rng, bound: f32, count: usize) -> Vec<f32> {
    (0..count).map(|_| bound * (2.0 * generator.random::<f32>() - 1.0)).collect()
}

/// The numbers 0..count, shuffled.
pub fn permutation(generator: &mut ChaCha8Rng, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(generator);
    order
}

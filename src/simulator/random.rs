//! Random numbers that follow from (seed, index, purpose), the same on every machine.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// The random numbers of one spectrum, or the median of each distribution in place of random numbers.
pub struct Rng(Option<ChaCha8Rng>);

/// The purpose of a generator; each has numbers of its own, so that a new parameter does not change the noise.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    /// Drawing parameters.
    Parameters,
    /// Drawing noise.
    Noise,
}

impl Rng {
    /// Returns the generator of spectrum `index` of the set with seed `seed`.
    pub fn new(seed: u64, index: u64, purpose: Purpose) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(2 * index + purpose as u64);
        Self(Some(generator))
    }

    /// Returns a generator without randomness: every number is the median of its distribution.
    pub fn typical() -> Self {
        Self(None)
    }

    /// Draws uniformly from 0 to 1.
    pub fn unit(&mut self) -> f32 {
        self.0.as_mut().map_or(0.5, |generator| generator.random())
    }

    /// Draws uniformly from `low` to `high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Draws uniformly in the logarithm from `low` to `high`.
    pub fn log_between(&mut self, low: f32, high: f32) -> f32 {
        low * (high / low).powf(self.unit())
    }

    /// Draws from the standard normal distribution.
    pub fn normal(&mut self) -> f32 {
        self.0.as_mut().map_or(0.0, |generator| generator.sample(StandardNormal))
    }

    /// Draws from a normal distribution.
    pub fn gauss(&mut self, mean: f32, sigma: f32) -> f32 {
        mean + sigma * self.normal()
    }

    /// Draws from a normal distribution, clamped to `low..=high`.
    pub fn gauss_within(&mut self, mean: f32, sigma: f32, low: f32, high: f32) -> f32 {
        self.gauss(mean, sigma).clamp(low, high)
    }

    /// Returns true with a probability.
    pub fn happens(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }
}

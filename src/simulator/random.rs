//! Rng: every number from (seed, index, purpose), the same on every machine.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// A generator for one spectrum; none where all is in the middle.
pub struct Rng(Option<ChaCha8Rng>);

/// What a generator is for; each purpose has numbers of its own, so that a new dial does not change the noise.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    /// Drawing dials.
    Dials,
    /// Drawing noise.
    Noise,
}

impl Rng {
    /// The generator of spectrum `index` of the set `seed`.
    pub fn new(seed: u64, index: u64, purpose: Purpose) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(2 * index + purpose as u64);
        Self(Some(generator))
    }

    /// No chance at all: every number is the median of what it might have been.
    pub fn typical() -> Self {
        Self(None)
    }

    /// Evenly from 0 to 1.
    pub fn unit(&mut self) -> f32 {
        self.0.as_mut().map_or(0.5, |generator| generator.random())
    }

    /// Evenly from `low` to `high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Evenly in the logarithm from `low` to `high`.
    pub fn log_between(&mut self, low: f32, high: f32) -> f32 {
        low * (high / low).powf(self.unit())
    }

    /// Standard normal.
    pub fn normal(&mut self) -> f32 {
        self.0.as_mut().map_or(0.0, |generator| generator.sample(StandardNormal))
    }

    /// Normal.
    pub fn gauss(&mut self, mean: f32, sigma: f32) -> f32 {
        mean + sigma * self.normal()
    }

    /// Normal, held inside `low..=high`.
    pub fn gauss_within(&mut self, mean: f32, sigma: f32, low: f32, high: f32) -> f32 {
        self.gauss(mean, sigma).clamp(low, high)
    }

    /// True with a probability.
    pub fn happens(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }
}

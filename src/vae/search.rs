//! The paper's random search of hyperparameters (section 3): lambda and the sizes of the two hidden layers.

use rand::RngExt;

use super::config::VaeConfig;
use super::random::{self, Purpose};

/// Draws of a search: 100 in the paper.
pub const DRAWS: usize = 100;
/// The range of lambda, log-uniform.
const LAMBDA: (f64, f64) = (1.0, 1e5);
/// Units of the first hidden layer at most: twice the pixels.
const WIDEST: f64 = 2000.0;

/// Draw `index` of the search that `seed` makes for a number of latents: lambda log-uniform in 1..1e5, h1 log-uniform in
/// d + 1..2000, h2 in d + 1..h1, rounded up as the published code does. A draw does not depend on the draws before it, so a
/// search can be split and taken up again. Its training's seed is the draw's number, from 1.
pub fn draw(base: &VaeConfig, seed: u64, index: usize) -> VaeConfig {
    let mut generator = random::generator(seed, Purpose::Search);
    // A draw takes three numbers, each a 64-bit word: the counter goes to the draw's own.
    generator.set_word_pos(index as u128 * 16);
    let mut log_uniform = |low: f64, high: f64| (low.ln() + (high / low).ln() * generator.random::<f64>()).exp();
    let least = base.latents as f64 + 1.0;
    let lambda = log_uniform(LAMBDA.0, LAMBDA.1) as f32;
    let hidden1 = log_uniform(least, WIDEST).ceil();
    let hidden2 = log_uniform(least, hidden1.max(least)).ceil();
    VaeConfig {
        lambda,
        hidden1: hidden1 as usize,
        hidden2: (hidden2 as usize).min(hidden1 as usize),
        seed: index as u64 + 1,
        ..base.clone()
    }
}

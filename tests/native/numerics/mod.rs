//! Linear models, statistics, and arithmetic to the bit.

mod linear_models;
mod statistics;
mod to_the_bit;

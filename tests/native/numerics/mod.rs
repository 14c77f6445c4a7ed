//! Linear models and arithmetic to the bit.

mod linear_models;
mod to_the_bit;

//! What pointers, wheel and keys ask of the plots.

mod corner;
mod scatter;
mod spectrum;

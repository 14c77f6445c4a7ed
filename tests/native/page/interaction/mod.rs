//! What pointers, wheel and keys ask of the plots.

mod corner;
mod list;
mod scatter;
mod spectrum;

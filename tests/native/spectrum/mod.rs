//! What a spectrum is.

mod lines;
mod names;

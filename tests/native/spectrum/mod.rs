//! What a spectrum is.

mod lines;

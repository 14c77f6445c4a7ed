//! Bytes to values and back: the files that spectra come in, and this program's own.

pub mod fits;
pub mod npz;
pub mod set;
pub mod table;

//! Bytes to values and back: the files that spectra are read from, and this program's own.

pub mod fits;
pub mod npz;
pub mod set;
pub mod table;

mod error;
mod observation;
mod read;

pub use error::ReadError;
pub use observation::Observation;
pub use read::{endings, read};

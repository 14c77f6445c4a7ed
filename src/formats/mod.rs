//! File formats, from bytes to values and back: the files that spectra are read from, and the files of this program.

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

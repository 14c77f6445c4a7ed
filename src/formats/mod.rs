//! File formats, from bytes to values and back: the files that spectra are read from, and the files of this program.

#[cfg(feature = "archives")]
mod archives;
pub mod fits;
// The page does without: unpacking archives would make its worker an eighth larger.
#[cfg(not(target_arch = "wasm32"))]
pub mod npz;
pub mod own_catalogue;
pub mod set;
pub mod table;

mod arrays;
mod error;
mod gzip;
mod observation;
mod options;
mod pixels;
mod read;
mod several;
mod unread;

#[cfg(feature = "archives")]
pub use archives::{Archive, Source, left_out_note};
pub use arrays::from_arrays;
pub use error::ReadError;
pub use observation::Observation;
pub use options::ReadOptions;
pub use pixels::{Medium, air_to_vacuum};
#[cfg(not(target_arch = "wasm32"))]
pub use read::may_hold_many;
pub use read::{endings, has_known_ending, read, read_with};
#[cfg(feature = "archives")]
pub use read::{has_archive_ending, read_rows};

//! Files on the browser's disk for training runs: after a crash each is whole, in its new version or the one before.
//!
//! - [`slot`]: how a file is kept in two slots, so that a crash in the middle of a write leaves the older one whole.
//! - [`name`](mod@name): paths as file names that every disk accepts.
//! - [`StoreError`]: why a file could not be kept or read.
//! - `Store` (feature `web`): the files, in the origin private file system, in the folder `spectrascape`.
//! - `locks` (feature `web`): which runs are in use, in this tab or another.
//!
//! Writing in place through a `FileSystemSyncAccessHandle` is what Chromium (since 102), Firefox (111) and Safari (15.2)
//! all have in workers; `createWritable` is missing in Safari before 26, and `move` is in no standard. So: two slots.

#[cfg(feature = "web")]
mod disk;
mod error;
#[cfg(feature = "web")]
pub mod locks;
pub mod name;
#[cfg(feature = "web")]
mod promises;
pub mod slot;

#[cfg(feature = "web")]
pub use disk::{Store, StoredFile, Usage, persist};
pub use error::StoreError;
#[cfg(feature = "web")]
pub(crate) use promises::error as exception;

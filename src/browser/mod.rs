//! The browser functions that page and workers share: fetching, messages, files on the disk, the user's own, and shards as they arrive.

#[cfg(feature = "web")]
mod caches;
#[cfg(feature = "web")]
pub mod fetch;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
pub mod messages;
#[cfg(feature = "web")]
pub mod own_files;
pub mod store;
pub mod stream;

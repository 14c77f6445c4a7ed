//! What page and workers share of the browser: fetching, messages, files on its disk, shards as they come.

#[cfg(feature = "web")]
pub mod fetch;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
pub mod messages;
pub mod store;
pub mod stream;

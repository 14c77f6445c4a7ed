//! Storage and streams without a browser.

mod store;
mod stream;

//! A training in a worker of its own, so that sliders never wait for it and a crash of one leaves the other.
//!
//! The training is [`crate::vae::session`]'s; here are messages, fetching, and what is kept in the browser's storage.

pub mod about;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
mod current;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
mod inbox;
pub mod measure;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
mod model_channel;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
mod report;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
mod start;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
mod storage;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
pub mod worker;

//! The trainer: a training in the page, in a worker of its own, so that sliders never wait for it and a crash of one leaves the other.
//!
//! [`lab`] is the whole of it without a browser and without arithmetic: it takes shards as they come, asks a [`backend`] for steps,
//! and says what came out of them. `worker` (feature `web`) is its rim: messages, fetching, and what is kept in the browser's storage.

mod ahead;
pub mod backend;
#[cfg(all(feature = "gpu", target_arch = "wasm32"))]
pub mod gpu;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
mod inbox;
pub mod lab;
pub mod measure;
pub mod noise;
pub mod opening;
mod placing;
mod rival;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
mod saved;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
pub mod worker;

pub use backend::{Backend, BackendError, Cpu};
pub use lab::{Lab, LabError};

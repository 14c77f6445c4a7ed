//! The engine: owns models, tensors and the training set; turns commands into events.
//!
//! [`session`] is the whole of it without a browser; `worker` (feature `web`) is its rim: messages, fetching, and a loop
//! that trains between messages.

pub mod session;
mod training;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
pub mod worker;

pub use session::Session;

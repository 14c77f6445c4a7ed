//! The engine: owns models, tensors and the training set; turns commands into events.
//!
//! [`session`] is the whole of it without a browser: what takes milliseconds is answered at once (`answers`), what takes longer
//! becomes a `job` that is done in pieces, as `training` is. `worker` (feature `web`) is its rim: messages, fetching, and a loop
//! that works between messages.

mod answers;
pub mod file;
mod job;
pub mod session;
mod training;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
pub mod worker;

pub use session::Session;

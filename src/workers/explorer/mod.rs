//! The engine: owns models and tensors; turns commands into events. Training is another worker's: `trainer`.
//!
//! [`session`] is the whole of it without a browser: what takes milliseconds is answered at once (`answers`), what takes longer
//! becomes a `job` that is done in pieces. `worker` (feature `web`) is its rim: messages, fetching, and a loop
//! that works between messages.

mod answers;
pub mod file;
mod job;
pub mod session;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
pub mod worker;

pub use session::Session;

//! The explorer: owns a model and its tensors, turns commands into events.
//!
//! [`session`] is all of it without a browser: it dispatches each command to the file named after it. What takes milliseconds is
//! answered at once, what takes longer becomes a [`reply::Job`] that is done in pieces. `worker` (feature `web`) is its rim:
//! messages, fetching, and a loop that works between messages.

mod band;
mod decode;
mod encode;
mod explain;
mod file;
mod model;
mod noise;
mod outliers;
mod pca;
mod redshift;
pub mod reply;
pub mod session;
mod simulate;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
pub mod worker;

pub use session::Session;

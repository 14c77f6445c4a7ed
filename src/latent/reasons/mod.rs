//! Why a spectrum is odd, in plain English, where its pixels show it.
//!
//! Each kind of oddity is measured on its own and divided by what is still ordinary: strength 1 is where a reason begins. The limits
//! were set on the simulator's planted oddities; `tests/native/latent/reasons.rs` states what they find and what they miss.
//!
//! `evidence` has the types and `find` the list; `calibration`, `gaps`, `lines`, `ratios` and `star` each look for one kind.

mod calibration;
mod evidence;
mod find;
mod gaps;
mod lines;
mod ratios;
mod star;

pub use evidence::{Evidence, Reason, ReasonKind, Reconstruct};
pub use find::{plain_reason, reasons};

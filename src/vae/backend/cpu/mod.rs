//! The fused training step of the paper's network on the CPU, its gradient derived by hand.
//!
//! The arithmetic is that of the Burn backend, arranged for speed. Nothing is allocated in a step. Activations are packed (`gemm`),
//! biases and activations are applied to a panel as soon as its product is complete, and the weights' gradient never reaches memory: a
//! strip of a few rows of it is a whole sum over the batch, which Adam uses at once.

mod backend;
mod gemm;
mod learner;
mod mmd;
mod reconstruction;
mod step;
mod threads;
mod weight_update;
mod workspace;

pub use crate::numerics::simd::Rounding;
pub use backend::Cpu;
pub use learner::Learner;

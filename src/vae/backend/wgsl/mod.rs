//! Training on the graphics processor, by WebGPU: own kernels, called from wasm.
//!
//! The modules of plain numbers ([`plan`], [`steps`], [`pace`], [`Probe`]) need no browser and are tested natively; the others call it.
//!
//! # Traps, and what is done about them
//!
//! - No backpressure: a queue takes any number of steps and the page stops answering. [`steps::MOST_STEPS`] fit in a submission,
//!   two submissions can be under way, then enqueuing fails with an error; [`pace`] keeps a submission near a tenth of a second.
//! - No synchronous read: results come by a promise. Nothing here waits without `await`.
//! - An adapter may lack any optional feature (`timestamp-query`, `shader-f16`) and have no more than the least limits: none is
//!   used, and only the size of a buffer is asked above its least, as high as the adapter goes.
//! - The device can be lost at any time: every later call says so and why, and nothing is read that was not written.
//! - Errors come late: memory and compilation are asked about before the first step, whatever goes wrong later is reported by the next read.
//! - Kernels are allowed to take it that there is no infinity and no NaN: half precision is read bit by bit, masked pixels are
//!   found before any arithmetic.

pub mod error;
pub mod pace;
pub mod plan;
pub mod probe;
pub mod sources;
pub mod steps;

#[cfg(feature = "wgpu")]
mod adapter;
#[cfg(all(feature = "wgpu", target_arch = "wasm32"))]
pub mod backend;
#[cfg(feature = "wgpu")]
pub mod device;
#[cfg(feature = "wgpu")]
mod kernels;
#[cfg(feature = "wgpu")]
pub mod learner;
#[cfg(feature = "wgpu")]
pub mod set;
#[cfg(feature = "wgpu")]
mod webgpu;

pub use error::GpuError;
pub use pace::Pace;
pub use probe::Probe;

#[cfg(feature = "wgpu")]
pub use adapter::probe;
#[cfg(feature = "wgpu")]
pub use device::GpuDevice;
#[cfg(feature = "wgpu")]
pub use learner::GpuLearner;
#[cfg(feature = "wgpu")]
pub use set::GpuSet;

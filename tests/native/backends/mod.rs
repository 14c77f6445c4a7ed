//! Every backend of the training step.

mod cpu;
mod cpu_batch;
pub mod double_precision;
#[cfg(feature = "engine")]
mod parity;
mod wgsl_plan;

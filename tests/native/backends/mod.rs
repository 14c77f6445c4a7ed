//! Every backend of the training step: one suite that all must pass, and what is special to each.

#[cfg(feature = "cli")]
pub mod burn_gpu;
mod conformance;
mod cpu;
mod cpu_batch;
pub mod inputs;
mod plain;
mod shapes;
mod wgsl_plan;

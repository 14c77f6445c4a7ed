//! Every backend of the training step: one suite that all must pass, and what is special to each.

mod conformance;
mod cpu;
mod cpu_batch;
pub mod inputs;
mod plain;
mod shapes;
mod wgsl_plan;

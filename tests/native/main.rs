//! The native tests: core, pipeline, formats, plot snapshots.

mod fits;
mod golden;
mod infill;
mod pipeline;
mod real;

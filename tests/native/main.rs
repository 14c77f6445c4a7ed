//! The native tests: core, pipeline, formats, plot snapshots.

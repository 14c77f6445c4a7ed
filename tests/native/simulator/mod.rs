//! The simulator.

mod dials;
mod gas;
mod physics;
mod set;
mod survey_file;

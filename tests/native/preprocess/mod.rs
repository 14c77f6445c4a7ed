//! From an observed spectrum to the model's input.

mod golden;
mod infill;
mod pipeline;
mod recipe;

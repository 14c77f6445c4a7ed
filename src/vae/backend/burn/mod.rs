//! The model in Burn, on whichever device it runs: what the other backends are held against.

pub mod adam;
pub mod head;
pub mod loss;
pub mod model;
pub mod training;

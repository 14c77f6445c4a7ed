//! The model in Burn, on whichever device it runs: every kind of model, and the definition that the fused backends are held against.

pub mod adam;
pub mod backend;
#[cfg(feature = "cli")]
pub mod gpu;
pub mod head;
pub mod loss;
pub mod model;
#[cfg(feature = "cli")]
pub mod ndarray;
mod resident;

pub use backend::Burn;

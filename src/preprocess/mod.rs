//! The steps from an observed spectrum to the input of a model, all pure functions; [`Recipe::prepare`] runs them.

pub mod infill;
pub mod mask;
pub mod normalize;
pub mod rebin;

mod recipe;

pub use infill::InfillBasis;
pub use normalize::Normalization;
pub use recipe::{REDSHIFT_RANGE, Recipe, RecipeMismatch, Steps, redshift_of};

//! Every step from an observed spectrum to the model's input. All steps are pure; [`Recipe::prepare`] is the only way through them.

pub mod infill;
pub mod mask;
pub mod normalize;
pub mod rebin;

mod recipe;

pub use infill::InfillBasis;
pub use normalize::Normalization;
pub use recipe::{Recipe, RecipeMismatch, Steps, redshift_of};

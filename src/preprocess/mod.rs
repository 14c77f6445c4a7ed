//! Every step from an observed spectrum to the model's input. All steps are pure.

pub mod infill;
pub mod mask;
pub mod normalize;
pub mod pipeline;
pub mod rebin;

pub use infill::InfillBasis;
pub use normalize::Normalization;
pub use pipeline::PipelineOptions;

//! What a spectrum is: its identifier, its class, its pixels, the grid that models work on, and the catalogue of lines.
//!
//! Nothing here reads files or changes pixels: see [`crate::formats`] and [`crate::preprocess`].
//!
//! - [`grid`]: the paper's 1000 wavelengths.
//! - `observed`: a spectrum as observed by a survey. `rest_frame`: the same on the grid, before and after normalisation.
//! - `id`, `object`, `class`: the survey's identifier, what the survey says of the object, and its kind.
//! - `id_text`, `sky_text`: identifiers and positions as people write them.
//! - [`lines`]: the one catalogue of spectral lines. [`classify`]: classes from measured lines.
//! - [`constants`]: physical constants. `error`: why a file or a spectrum cannot be used.

pub mod classify;
pub mod constants;
pub mod grid;
pub mod lines;

mod class;
mod error;
mod id;
mod id_text;
mod object;
mod observed;
mod rest_frame;
mod sky_text;

pub use class::Class;
pub use error::SpectrumError;
pub use grid::PIXELS;
pub use id::{SourceId, Survey};
pub use object::{ObjectFacts, SkyPosition};
pub use observed::ObservedSpectrum;
pub use rest_frame::{GridSpectrum, RestFrameSpectrum};
pub use sky_text::TypedPosition;

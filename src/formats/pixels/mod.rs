//! From the pixels of any file to an observed spectrum: units, air and vacuum, repeated pixels, estimated errors, and even log
//! wavelengths. Every reader whose pixels are not those of SDSS goes through here.

mod dimension;
mod medium;
mod medium_words;
mod noise;
mod resample;
mod samples;
mod units;

pub use medium::{Medium, air_to_vacuum};
pub(super) use medium::{MediumStatement, choose_medium};
pub(super) use medium_words::{medium_of_keyword, medium_of_name, medium_of_text};
pub(super) use noise::estimate as estimate_noise;
pub(super) use resample::even;
pub(super) use samples::Samples;
pub(super) use units::{FluxUnit, WavelengthUnit};

//! From the pixels of any file to an observed spectrum: units, air and vacuum, repeated pixels, estimated errors, even log
//! wavelengths, and artefacts. Every reader whose pixels are not those of SDSS goes through here.

mod artefact;
mod dimension;
mod medium;
mod medium_words;
mod noise;
mod resample;
mod samples;
mod unit_grammar;
mod units;

pub(super) use artefact::mask as mask_artefacts;
pub use medium::{Medium, air_to_vacuum};
pub(super) use medium::{MediumStatement, choose_medium};
pub(super) use medium_words::{medium_of_keyword, medium_of_name, medium_of_text};
pub(super) use noise::estimate as estimate_noise;
pub(super) use resample::{Resampler, even};
pub(super) use samples::Samples;
pub(super) use units::{FluxUnit, WavelengthUnit};

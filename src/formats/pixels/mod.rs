//! From the pixels of any file to an observed spectrum: units, air and vacuum, repeated pixels, estimated errors, even log
//! wavelengths, and artefacts. Every reader whose pixels are not those of SDSS goes through here.

mod artefact;
mod medium;
mod noise;
mod resample;
mod samples;
mod units;

pub(super) use artefact::mask as mask_artefacts;
pub use medium::{Medium, air_to_vacuum};
pub(super) use noise::estimate as estimate_noise;
pub(super) use resample::even;
pub(super) use samples::Samples;
pub(super) use units::{FluxUnit, WavelengthUnit};

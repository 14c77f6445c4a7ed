//! Encoding a spectrum.

use crate::vae::Model;
use crate::vae::encoding::{Encoding, EncodingMethod};

/// Encodes a spectrum `[pixels]` and decodes the mean.
///
/// # Errors
///
/// One sentence where it has another number of pixels than the model.
pub fn encode(model: &Model, flux: &[f32], ivar: &[f32], method: EncodingMethod) -> Result<Encoding, String> {
    let pixels = model.pixels();
    if flux.len() != pixels || ivar.len() != pixels {
        return Err(format!("A spectrum for this model has {pixels} pixels, this one has {}.", flux.len()));
    }
    Ok(model.encoding(flux, ivar, method))
}

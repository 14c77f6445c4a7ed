//! Encoding a spectrum.

use crate::protocol::Encoding;
use crate::vae::{Model, chi2};

/// Encodes a spectrum `[pixels]` and decodes the mean.
///
/// # Errors
///
/// One sentence where it has another number of pixels than the model.
pub fn encode(model: &Model, flux: &[f32], ivar: &[f32]) -> Result<Encoding, String> {
    let pixels = model.pixels();
    if flux.len() != pixels || ivar.len() != pixels {
        return Err(format!("A spectrum for this model has {pixels} pixels, this one has {}.", flux.len()));
    }
    let posterior = model.encode(flux, ivar);
    let reconstruction = model.decode(&posterior.mean);
    let chi2 = chi2(flux, ivar, &reconstruction);
    Ok(Encoding { posterior, reconstruction, chi2 })
}

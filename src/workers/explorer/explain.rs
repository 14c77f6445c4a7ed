//! Why a spectrum is odd.

use super::encode::encode;
use super::reply::{Answer, now};
use crate::latent::{self, reasons::Evidence};
use crate::protocol::ExploreEvent;
use crate::simulator::star;
use crate::vae::Model;
use crate::vae::encoding::EncodingMethod;

/// Finds out what is odd about a spectrum `[pixels]` that was shifted to rest with `redshift`.
pub fn explain(
    model: &Model,
    flux: &[f32],
    ivar: &[f32],
    redshift: f64,
    median_snr: f64,
    method: EncodingMethod,
) -> Answer {
    let encoding = encode(model, flux, ivar, method)?;
    let reconstruction = &encoding.reconstruction;
    let reconstruct = |flux: &[f32]| model.decode(&model.encode(flux, ivar).mean);
    let evidence = Evidence {
        flux,
        ivar,
        reconstruction,
        redshift,
        median_snr,
        stars: star::templates(),
        reconstruct: Some(&reconstruct),
    };
    let reasons = latent::reasons(&evidence).into_iter().map(|reason| reason.text).collect();
    now(ExploreEvent::Explained { reasons, encoding })
}

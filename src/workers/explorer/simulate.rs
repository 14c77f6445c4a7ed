//! Galaxies to the user's parameters.

use super::reply::{Answer, now};
use crate::protocol::ExploreEvent;
use crate::simulator::{self, GalaxyDials};
use crate::vae::Model;
use crate::vae::encoding::EncodingMethod;

/// Simulates a galaxy, prepares it as the model takes it, and encodes it.
pub fn simulate(model: &Model, dials: &GalaxyDials, seed: u64, method: EncodingMethod) -> Answer {
    let simulated = simulator::observe(dials.parameters(), seed, 0);
    let redshift = simulated.observed.redshift.unwrap_or(simulated.parameters.redshift);
    let (spectrum, encoding) = model
        .encode_observed(&simulated.observed, redshift, method)
        .map_err(|error| format!("This galaxy cannot be put on the model's grid: {error}; turn another dial."))?;
    now(ExploreEvent::GalaxySimulated {
        class: simulated.class,
        median_snr: simulated.observed.median_snr(),
        truths: simulated.truths.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        flux: spectrum.flux,
        ivar: spectrum.ivar,
        encoding,
    })
}

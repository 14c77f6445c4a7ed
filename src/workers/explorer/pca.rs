//! Principal components of some of a set's spectra.

use super::reply::{Answer, Job, later, progress};
use crate::numerics::pca::Settling;
use crate::protocol::{ExploreEvent, Progress};
use crate::spectrum::PIXELS;

/// Sweeps at most.
const SWEEPS: usize = 40;

/// Fits the `components` leading principal components of `flux` `[n * 1000]`; fewer where the spectra have fewer directions.
pub fn fit(flux: Vec<f32>, components: usize) -> Answer {
    if flux.len() < 2 * PIXELS || !flux.len().is_multiple_of(PIXELS) {
        return Err("The set has fewer than two spectra: it has no principal components.".to_owned());
    }
    let settling = Some(Settling::new(&flux, PIXELS, components));
    later(Fitting { flux, settling, sweeps: 0 })
}

/// A sweep over the spectra a piece.
struct Fitting {
    flux: Vec<f32>,
    settling: Option<Settling>,
    sweeps: usize,
}

impl Job for Fitting {
    fn advance(&mut self) -> Result<Option<ExploreEvent>, String> {
        let Some(settling) = &mut self.settling else { return Ok(None) };
        self.sweeps += 1;
        if !settling.sweep(&self.flux) && self.sweeps < SWEEPS {
            return Ok(None);
        }
        let pca = self.settling.take().map(Settling::finish);
        Ok(pca.map(|pca| ExploreEvent::PcaFitted {
            mean: pca.mean,
            components: pca.components,
            eigenvalues: pca.eigenvalues,
        }))
    }

    fn progress(&self) -> Progress {
        progress("Principal components", (self.sweeps, SWEEPS), "sweeps")
    }
}

//! Local outlier factors of a set's spectra.

use super::reply::{Answer, Job, later, progress, sentence};
use crate::latent::OutlierStudy;
use crate::latent::outlier::NEIGHBOURS;
use crate::numerics::k_d_tree::NeighbourTree;
use crate::protocol::{ExploreEvent, Progress};

/// Points a piece.
const PIECE: usize = 512;

/// Computes the local outlier factor of each row of `latents` `[n * dims]`.
pub fn factors(latents: &[f32], dims: usize) -> Answer {
    let tree = NeighbourTree::new(latents, dims).map_err(sentence)?;
    later(Factors(Some(OutlierStudy::new(tree, NEIGHBOURS).map_err(sentence)?)))
}

/// The study until it is finished.
struct Factors(Option<OutlierStudy>);

impl Job for Factors {
    fn advance(&mut self) -> Result<Option<ExploreEvent>, String> {
        let Some(study) = &mut self.0 else { return Ok(None) };
        study.advance(PIECE);
        let (done, all) = study.position();
        let finished = self.0.take_if(|_| done == all).map(OutlierStudy::finish);
        let single = |values: &[f64]| values.iter().map(|&value| value as f32).collect();
        Ok(finished.map(|study| ExploreEvent::OutlierFactors {
            factor: single(&study.scores),
            k_distance: single(study.k_distance()),
            density: single(study.density()),
        }))
    }

    fn progress(&self) -> Progress {
        progress("Outliers", self.0.as_ref().map_or((1, 1), OutlierStudy::position), "spectra")
    }
}

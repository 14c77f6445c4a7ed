//! The redshift of a file by trial.

use std::rc::Rc;

use super::file::OpenedFile;
use super::reply::{Answer, Job, ended, later, progress, sentence};
use crate::latent::redshift::TrialOptions;
use crate::latent::{RedshiftEstimate, RedshiftScan};
use crate::protocol::{ExploreEvent, Progress};
use crate::vae::Model;

/// Trial redshifts a piece.
const PIECE: usize = 16;
/// Trial redshifts a piece in the background: a slider that is moved meanwhile waits for one piece at most.
const BACKGROUND_PIECE: usize = 4;

/// Tries redshifts on a spectrum of an opened file.
pub fn scan(model: Rc<Model>, file: &OpenedFile, row: Option<usize>, background: bool) -> Answer {
    let (name, observation) = file.spectrum(row)?;
    let observed = observation.spectrum.clone();
    let (recipe, infill) = (model.card.recipe, model.infill.clone());
    let scan = RedshiftScan::new(observed, recipe, infill, TrialOptions::standard()).map_err(sentence)?;
    later(Scanning { name, scan, model, background })
}

struct Scanning {
    name: String,
    scan: RedshiftScan,
    model: Rc<Model>,
    background: bool,
}

impl Job for Scanning {
    fn advance(&mut self) -> Result<Option<ExploreEvent>, String> {
        let piece = if self.background { BACKGROUND_PIECE } else { PIECE };
        let estimate = self.scan.advance(piece, |flux| reconstruct(&self.model, flux));
        let estimate = estimate.map_err(|error| ended(&format!("{}: {error}", self.name)))?;
        Ok(estimate.map(|estimate| scanned(self.name.clone(), &estimate, self.scan.position().0)))
    }

    fn progress(&self) -> Progress {
        progress(format!("Redshift of {}", self.name), self.scan.position(), "redshifts")
    }

    fn is_background(&self) -> bool {
        self.background
    }
}

fn scanned(name: String, estimate: &RedshiftEstimate, tried: usize) -> ExploreEvent {
    ExploreEvent::RedshiftScanned {
        name,
        redshift: estimate.curve.iter().map(|trial| trial.redshift as f32).collect(),
        score: estimate.curve.iter().map(|trial| trial.score as f32).collect(),
        best: estimate.best.redshift,
        error: estimate.error,
        chi2: estimate.best.chi2,
        confidence: estimate.confidence(),
        tried,
    }
}

/// Reconstructs rows of flux with equal weights.
fn reconstruct(model: &Model, flux: &[f32]) -> Vec<f32> {
    model.decode(&model.encode(flux, &vec![1.0; flux.len()]).mean)
}

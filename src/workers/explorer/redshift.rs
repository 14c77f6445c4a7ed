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

/// Tries redshifts on the spectrum in an opened file.
pub fn scan(model: Rc<Model>, file: &OpenedFile) -> Answer {
    let observed = file.observation()?.spectrum.clone();
    let (recipe, infill) = (model.card.recipe, model.infill.clone());
    let scan = RedshiftScan::new(observed, recipe, infill, TrialOptions::standard()).map_err(sentence)?;
    later(Scanning { name: file.name.clone(), scan, model })
}

struct Scanning {
    name: String,
    scan: RedshiftScan,
    model: Rc<Model>,
}

impl Job for Scanning {
    fn advance(&mut self) -> Result<Option<ExploreEvent>, String> {
        let estimate = self.scan.advance(PIECE, |flux| reconstruct(&self.model, flux));
        let estimate = estimate.map_err(|error| ended(&format!("{}: {error}", self.name)))?;
        Ok(estimate.map(|estimate| scanned(self.name.clone(), &estimate, self.scan.position().0)))
    }

    fn progress(&self) -> Progress {
        progress(format!("Redshift of {}", self.name), self.scan.position(), "redshifts")
    }
}

fn scanned(name: String, estimate: &RedshiftEstimate, tried: usize) -> ExploreEvent {
    ExploreEvent::RedshiftScanned {
        name,
        redshift: estimate.curve.iter().map(|trial| trial.redshift as f32).collect(),
        score: estimate.curve.iter().map(|trial| trial.score as f32).collect(),
        best: estimate.best.redshift,
        chi2: estimate.best.chi2,
        confidence: estimate.confidence(),
        tried,
    }
}

/// Reconstructs rows of flux with equal weights.
fn reconstruct(model: &Model, flux: &[f32]) -> Vec<f32> {
    model.decode(&model.encode(flux, &vec![1.0; flux.len()]).mean)
}

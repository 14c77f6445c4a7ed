//! Work that takes long, in pieces short enough to answer sliders between.

use std::rc::Rc;

use super::answers::{self, ended, in_words};
use super::file;
use crate::latent::outlier::NEIGHBOURS;
use crate::latent::redshift::TrialOptions;
use crate::latent::{NoiseCurve, NoiseOptions, NoiseStudy, OutlierStudy, RedshiftEstimate, RedshiftScan};
use crate::numerics::k_d_tree::NeighbourTree;
use crate::protocol::{Command, Event, MAX_LATENTS};
use crate::vae::Model;

/// Trial redshifts a piece.
const TRIALS: usize = 16;
/// Points a piece.
const POINTS: usize = 512;
/// Places decoded a piece; no more are decoded at once.
const PLACES: usize = 128;

/// What a piece of a job leaves.
pub enum Step {
    /// More pieces.
    More(Job),
    /// The answer.
    Done(Box<Event>),
}

impl Step {
    fn done(event: Event) -> Self {
        Self::Done(Box::new(event))
    }
}

/// One job, with the model that was in use when it was asked for.
pub enum Job {
    /// [`Command::DecodeMany`], with the flux so far.
    Places { latents: Vec<f32>, flux: Vec<f32>, model: Rc<Model> },
    /// [`Command::ScanRedshift`].
    Redshift { name: String, scan: Box<RedshiftScan>, model: Rc<Model> },
    /// [`Command::NoiseCurve`].
    Noise { study: Box<NoiseStudy>, levels: usize, model: Rc<Model> },
    /// [`Command::OutlierFactors`].
    Outliers(Box<OutlierStudy>),
}

impl Job {
    /// Whether a command is one that takes long.
    pub fn is_long(command: &Command) -> bool {
        use Command::{DecodeMany, NoiseCurve, OutlierFactors, ScanRedshift};
        matches!(command, DecodeMany { .. } | ScanRedshift { .. } | NoiseCurve { .. } | OutlierFactors { .. })
    }

    /// Begins a long command; one sentence where it cannot be done. `model` gives the one in use, or says that there is none.
    pub fn new(command: Command, model: impl FnOnce() -> Result<Rc<Model>, String>) -> Result<Self, String> {
        match command {
            Command::DecodeMany { latents } => {
                let model = model()?;
                answers::check_latents(&model, &latents, MAX_LATENTS)?;
                Ok(Self::Places { latents, flux: Vec::new(), model })
            }
            Command::ScanRedshift { name, bytes } => {
                let model = model()?;
                let observed = file::read_observed(&name, &bytes)?.spectrum;
                let (recipe, infill) = (model.card.recipe, model.infill.clone());
                let scan = RedshiftScan::new(observed, recipe, infill, TrialOptions::standard()).map_err(in_words)?;
                Ok(Self::Redshift { name, scan: Box::new(scan), model })
            }
            Command::NoiseCurve { flux, ivar, seed } => {
                let model = model()?;
                answers::encode(&model, &flux, &ivar)?;
                let options = NoiseOptions::paper(seed);
                let study = NoiseStudy::new(&flux, &ivar, &options, |flux, ivar| encode(&model, flux, ivar));
                Ok(Self::Noise { study: Box::new(study.map_err(in_words)?), levels: options.levels, model })
            }
            Command::OutlierFactors { latents, dims } => {
                let tree = NeighbourTree::new(&latents, dims).map_err(in_words)?;
                Ok(Self::Outliers(Box::new(OutlierStudy::new(tree, NEIGHBOURS).map_err(in_words)?)))
            }
            _ => Err("This engine cannot fetch files here.".to_owned()),
        }
    }

    /// Does one piece, some tens of milliseconds.
    pub fn advance(self) -> Result<Step, String> {
        Ok(match self {
            Self::Places { latents, mut flux, model } => {
                let (done, dims) = (flux.len() / model.pixels(), model.latents());
                let end = latents.len().min((done + PLACES) * dims);
                flux.append(&mut model.decode(&latents[done * dims..end]));
                match end == latents.len() {
                    true => Step::done(Event::DecodedMany { flux }),
                    false => Step::More(Self::Places { latents, flux, model }),
                }
            }
            Self::Redshift { name, mut scan, model } => {
                let estimate = scan.advance(TRIALS, |flux| reconstruct(&model, flux));
                match estimate.map_err(|error| ended(&format!("{name}: {error}")))? {
                    Some(estimate) => Step::done(scanned(name, &estimate, scan.position().0)),
                    None => Step::More(Self::Redshift { name, scan, model }),
                }
            }
            Self::Noise { mut study, levels, model } => {
                study.level(|flux, ivar| encode(&model, flux, ivar)).map_err(in_words)?;
                match study.is_finished() {
                    true => Step::done(noise_curve(study.curve())),
                    false => Step::More(Self::Noise { study, levels, model }),
                }
            }
            Self::Outliers(mut study) => {
                study.advance(POINTS);
                let (done, all) = study.position();
                match done == all {
                    true => Step::done(Event::OutlierFactors { factor: single(&study.finish().scores) }),
                    false => Step::More(Self::Outliers(study)),
                }
            }
        })
    }

    /// Does all that is left.
    pub fn finish(mut self) -> Result<Event, String> {
        loop {
            match self.advance()? {
                Step::More(job) => self = job,
                Step::Done(event) => return Ok(*event),
            }
        }
    }

    /// How far it is.
    pub fn progress(&self) -> Event {
        let (what, (done, total), unit) = match self {
            Self::Places { latents, flux, model } => {
                ("Decoding".to_owned(), (flux.len() / model.pixels(), latents.len() / model.latents()), "spectra")
            }
            Self::Redshift { name, scan, .. } => (format!("Redshift of {name}"), scan.position(), "redshifts"),
            Self::Noise { study, levels, .. } => ("Noise".to_owned(), (study.curve().levels.len(), *levels), "levels"),
            Self::Outliers(study) => ("Outliers".to_owned(), study.position(), "spectra"),
        };
        Event::Progress { what, done: done as u64, total: total as u64, unit: unit.to_owned() }
    }
}

fn scanned(name: String, estimate: &RedshiftEstimate, tried: usize) -> Event {
    Event::RedshiftScanned {
        name,
        redshift: estimate.curve.iter().map(|trial| trial.redshift as f32).collect(),
        score: estimate.curve.iter().map(|trial| trial.score as f32).collect(),
        best: estimate.best.redshift,
        chi2: estimate.best.chi2,
        confidence: estimate.confidence(),
        tried,
    }
}

fn noise_curve(curve: &NoiseCurve) -> Event {
    let levels = &curve.levels;
    Event::NoiseCurve {
        snr: levels.iter().map(|level| level.snr as f32).collect(),
        variance_ratio: levels.iter().flat_map(|level| single(&level.variance_ratio)).collect(),
        bias_ratio: levels.iter().flat_map(|level| single(&level.bias)).collect(),
    }
}

fn single(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&value| value as f32).collect()
}

/// What a model makes of rows of flux, none of which says how sure it is of a pixel.
fn reconstruct(model: &Model, flux: &[f32]) -> Vec<f32> {
    model.decode(&model.encode(flux, &vec![1.0; flux.len()]).mean)
}

fn encode(model: &Model, flux: &[f32], ivar: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let encoded = model.encode(flux, ivar);
    (encoded.mean, encoded.log_var)
}

//! Latents drawn from the prior, and how like a galaxy each decodes.

use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::asked::Asked;
use super::explorer::Explorer;
use crate::page::view::sample_pca::Sample;
use crate::protocol::ExploreCommand;
use crate::spectrum::PIXELS;

/// Latents in a draw.
pub const DRAWN: usize = 64;
/// A decoded spectrum that differs by less than this part of its light from the nearest spectrum of the sample is like a galaxy. Of
/// the set's own spectra as vae6 decodes them, 95 in 100 are.
pub const ALIKE: f32 = 0.1;

/// The draws from the prior.
#[derive(Debug, Clone, Default)]
pub struct Draws {
    wanted: bool,
    rounds: u64,
    newest: Vec<Draw>,
    shown: String,
}

/// One draw under one model.
#[derive(Debug, Clone, PartialEq)]
pub struct Draw {
    /// Name of the model.
    pub model: String,
    /// Which of the model's draws, from 1: the seed. The first of every model with as many latents has the same latents.
    pub round: u64,
    /// `[64][d]` the latents.
    pub latents: Arc<Vec<Vec<f32>>>,
    /// `[64][1000]` the spectra decoded there.
    pub decoded: Arc<Vec<Vec<f32>>>,
    /// `[64]` difference from the nearest spectrum of the sample; none until that is there.
    pub distances: Option<Vec<f32>>,
}

impl Draw {
    /// Returns how many decode to something like a galaxy.
    pub fn alike(&self) -> Option<usize> {
        Some(self.distances.as_ref()?.iter().filter(|distance| **distance <= ALIKE).count())
    }

    /// Returns how many have negative flux.
    pub fn negative(&self) -> usize {
        self.decoded.iter().filter(|flux| flux.iter().any(|value| *value < 0.0)).count()
    }
}

impl Draws {
    /// Returns whether the tab was opened.
    pub fn wanted(&self) -> bool {
        self.wanted
    }

    /// Returns how many draws were decoded so far.
    pub fn rounds(&self) -> u64 {
        self.rounds
    }

    /// Returns the newest draw of each model.
    pub fn newest(&self) -> &[Draw] {
        &self.newest
    }

    /// Returns the model of the newest draw of all.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Returns the newest draw of a model.
    pub fn of(&self, model: &str) -> Option<&Draw> {
        self.newest.iter().find(|draw| draw.model == model)
    }

    /// Opens the tab, or gives it up.
    pub fn want(&mut self, wanted: bool) {
        self.wanted = wanted;
    }

    /// Draws latents and asks for their spectra: the same latents for every model of as many, others when one model is asked again.
    pub fn ask(&mut self, model: &str, dims: usize, explorer: &mut Explorer) {
        self.wanted = true;
        let round = self.of(model).map_or(1, |draw| draw.round + 1);
        let mut random = ChaCha8Rng::seed_from_u64(round);
        let latents: Vec<f32> = StandardNormal.sample_iter(&mut random).take(DRAWN * dims).collect();
        explorer.ask(ExploreCommand::DecodeMany { latents: latents.clone() }, Asked::Draws { round, latents });
    }

    /// Takes in the spectra `[64 * 1000]` of drawn latents `[64 * d]`.
    pub fn on_decoded(&mut self, model: String, round: u64, latents: &[f32], flux: &[f32], sample: Option<&Sample>) {
        let dims = latents.len() / DRAWN;
        if dims == 0 || flux.len() != DRAWN * PIXELS {
            return;
        }
        let draw = Draw {
            model: model.clone(),
            round,
            latents: Arc::new(latents.chunks_exact(dims).map(<[f32]>::to_vec).collect()),
            decoded: Arc::new(flux.chunks_exact(PIXELS).map(<[f32]>::to_vec).collect()),
            distances: None,
        };
        self.newest.retain(|other| other.model != model);
        self.newest.push(draw);
        self.shown = model;
        self.rounds += 1;
        self.compare(sample);
    }

    /// Compares the draws with the sample, once that is there.
    pub fn compare(&mut self, sample: Option<&Sample>) {
        let Some(sample) = sample else { return };
        for draw in self.newest.iter_mut().filter(|draw| draw.distances.is_none()) {
            draw.distances = Some(draw.decoded.iter().map(|flux| sample.distance(flux)).collect());
        }
    }
}

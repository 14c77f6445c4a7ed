//! Latents drawn at random, from the prior and from a Gaussian fitted to the model's own latents, and how like a galaxy each decodes.

use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::asked::Asked;
use super::explorer::Explorer;
use crate::latent::LatentAxes;
use crate::page::view::sample_pca::Sample;
use crate::protocol::ExploreCommand;
use crate::spectrum::PIXELS;

/// Latents in a draw, of each kind.
pub const DRAWN: usize = 64;
/// A decoded spectrum that differs by less than this part of its light from the nearest spectrum of the sample is like a galaxy. Of
/// the set's own spectra as vae6 decodes them, 95 in 100 are.
pub const ALIKE: f32 = 0.1;

/// The distribution that latents are drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrawnFrom {
    /// N(0, I): the prior of a variational autoencoder. A plain one was never asked to put its galaxies there.
    Prior,
    /// The Gaussian with the mean and the covariance of the model's own latents of the set.
    Fitted,
}

/// The random draws.
#[derive(Debug, Clone, Default)]
pub struct Draws {
    wanted: bool,
    rounds: u64,
    newest: Vec<Draw>,
    shown: String,
}

impl DrawnFrom {
    /// Both, in the order of the page.
    pub const ALL: [Self; 2] = [Self::Prior, Self::Fitted];

    /// Returns its name, as in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prior => "N(0, 1)",
            Self::Fitted => "a Gaussian fitted to its own latents",
        }
    }
}

/// One draw under one model.
#[derive(Debug, Clone, PartialEq)]
pub struct Draw {
    /// Name of the model.
    pub model: String,
    /// What its latents are drawn from.
    pub from: DrawnFrom,
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

    /// Returns the newest draws of each model, of either kind.
    pub fn newest(&self) -> &[Draw] {
        &self.newest
    }

    /// Returns the model of the newest draw of all.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Returns the newest draw of a model, of a kind.
    pub fn of(&self, model: &str, from: DrawnFrom) -> Option<&Draw> {
        self.newest.iter().find(|draw| draw.model == model && draw.from == from)
    }

    /// Opens the tab, or gives it up.
    pub fn want(&mut self, wanted: bool) {
        self.wanted = wanted;
    }

    /// Draws latents in both ways and asks for their spectra. The random numbers are the same for both and for every model of as many
    /// latents, and others when one model is asked again.
    pub fn ask(&mut self, model: &str, own: &LatentAxes, explorer: &mut Explorer) {
        self.wanted = true;
        let round = self.of(model, DrawnFrom::Prior).map_or(1, |draw| draw.round + 1);
        let mut random = ChaCha8Rng::seed_from_u64(round);
        let mut latents: Vec<f32> = StandardNormal.sample_iter(&mut random).take(DRAWN * own.dims).collect();
        latents.extend(own.gaussian(&latents));
        explorer.ask(ExploreCommand::DecodeMany { latents: latents.clone() }, Asked::Draws { round, latents });
    }

    /// Takes in the spectra `[2 * 64 * 1000]` of drawn latents `[2 * 64 * d]`, of both kinds.
    pub fn on_decoded(&mut self, model: String, round: u64, latents: &[f32], flux: &[f32], sample: Option<&Sample>) {
        let dims = latents.len() / (2 * DRAWN);
        if dims == 0 || flux.len() != 2 * DRAWN * PIXELS {
            return;
        }
        self.newest.retain(|other| other.model != model);
        let parts = latents.chunks_exact(DRAWN * dims).zip(flux.chunks_exact(DRAWN * PIXELS));
        self.newest.extend(DrawnFrom::ALL.into_iter().zip(parts).map(|(from, (latents, flux))| Draw {
            model: model.clone(),
            from,
            round,
            latents: Arc::new(latents.chunks_exact(dims).map(<[f32]>::to_vec).collect()),
            decoded: Arc::new(flux.chunks_exact(PIXELS).map(<[f32]>::to_vec).collect()),
            distances: None,
        }));
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

//! Places drawn at random from a bell curve in every latent, and how like a galaxy each decodes.

use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::{AppState, Asked};
use crate::protocol::ExploreCommand;
use crate::spectrum::PIXELS;

/// Places in a draw.
pub const DRAWN: usize = 64;
/// A decoded place that differs by less than this part of its light from the nearest spectrum of the sample is like a galaxy. Of
/// the set's own spectra as vae6 decodes them, 95 in 100 are.
pub const ALIKE: f32 = 0.1;

/// Draws of random places.
#[derive(Debug, Clone, Default)]
pub struct Draws {
    /// Whether the tab was opened.
    pub wanted: bool,
    /// Draws decoded so far.
    pub rounds: u64,
    /// The newest of each model.
    pub newest: Vec<Draw>,
    /// The newest of all, by its model.
    pub shown: String,
}

/// One draw under one model.
#[derive(Debug, Clone, PartialEq)]
pub struct Draw {
    /// Name of the model.
    pub model: String,
    /// Which of the model's draws, from 1: the seed. The first of every model with as many latents has the same places.
    pub round: u64,
    /// `[64][d]` the places.
    pub places: Arc<Vec<Vec<f32>>>,
    /// `[64][1000]` what is decoded there.
    pub decoded: Arc<Vec<Vec<f32>>>,
    /// `[64]` difference from the nearest spectrum of the sample; none until that is there.
    pub distances: Option<Vec<f32>>,
}

impl Draw {
    /// Places that decode to something like a galaxy.
    pub fn alike(&self) -> Option<usize> {
        Some(self.distances.as_ref()?.iter().filter(|distance| **distance <= ALIKE).count())
    }

    /// Places where some light is less than none.
    pub fn negative(&self) -> usize {
        self.decoded.iter().filter(|flux| flux.iter().any(|value| *value < 0.0)).count()
    }
}

impl Draws {
    /// The newest draw of a model.
    pub fn of(&self, model: &str) -> Option<&Draw> {
        self.newest.iter().find(|draw| draw.model == model)
    }
}

impl AppState {
    /// The tab is open.
    pub fn open_draws(&mut self) {
        self.draws.wanted = true;
    }

    /// Draws places and has them decoded: the same ones for every model of as many latents, others when one model is asked again.
    pub fn draw_places(&mut self) {
        let Some(dims) = self.cloud.as_ref().map(|cloud| cloud.dims) else { return };
        let under_way = self.asked.values().any(|asked| matches!(asked, Asked::Draws { .. }));
        if under_way || !self.engine_is_there("Places cannot be decoded") || !self.can_ask() {
            return;
        }
        self.draws.wanted = true;
        let round = self.draws.of(&self.model_name()).map_or(1, |draw| draw.round + 1);
        let mut random = ChaCha8Rng::seed_from_u64(round);
        let latents: Vec<f32> = StandardNormal.sample_iter(&mut random).take(DRAWN * dims).collect();
        self.ask_for(ExploreCommand::DecodeMany { latents: latents.clone() }, Asked::Draws { round, latents });
    }

    /// Moves the sliders to drawn latents, unless another model than the one they were drawn for is on screen by now.
    pub fn go_to_drawn(&mut self, model: &str, latent: Vec<f32>) {
        if self.model_name() == model {
            self.pause_path();
            self.move_to(latent);
        }
    }

    /// Whether places are being decoded.
    pub fn draws_under_way(&self) -> bool {
        self.asked.values().any(|asked| matches!(asked, Asked::Draws { .. }))
    }

    pub(super) fn on_draws_decoded(&mut self, round: u64, latents: &[f32], flux: &[f32]) {
        let dims = latents.len() / DRAWN;
        if dims == 0 || flux.len() != DRAWN * PIXELS {
            return;
        }
        let model = self.model_name();
        let draw = Draw {
            model: model.clone(),
            round,
            places: Arc::new(latents.chunks_exact(dims).map(<[f32]>::to_vec).collect()),
            decoded: Arc::new(flux.chunks_exact(PIXELS).map(<[f32]>::to_vec).collect()),
            distances: None,
        };
        self.draws.newest.retain(|other| other.model != model);
        self.draws.newest.push(draw);
        self.draws.shown = model;
        self.draws.rounds += 1;
        self.judge_draws();
    }

    /// Holds draws against the sample, once that is there.
    pub(super) fn judge_draws(&mut self) {
        let Some(sample) = self.pca.sample.clone() else { return };
        for draw in self.draws.newest.iter_mut().filter(|draw| draw.distances.is_none()) {
            draw.distances = Some(draw.decoded.iter().map(|flux| sample.distance(flux)).collect());
        }
    }
}

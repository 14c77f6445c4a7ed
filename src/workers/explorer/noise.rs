//! The effect of noise on a spectrum's latents.

use std::rc::Rc;

use super::encode::encode;
use super::reply::{Answer, Job, later, now, progress, sentence};
use crate::latent::{self, NoiseCurve, NoiseOptions, NoiseStudy, noise};
use crate::protocol::{ExploreEvent, Progress};
use crate::vae::Model;
use crate::vae::encoding::EncodingMethod;

/// Adds white noise to a spectrum `[pixels]` until its median signal-to-noise is `snr`, and encodes it.
pub fn degrade(model: &Model, flux: &[f32], ivar: &[f32], snr: f32, seed: u64, method: EncodingMethod) -> Answer {
    let (flux, ivar) = latent::degraded(flux, ivar, f64::from(snr), seed).map_err(sentence)?;
    let encoding = encode(model, &flux, &ivar, method)?;
    let snr = noise::median_snr(&flux, &ivar, 0.0) as f32;
    now(ExploreEvent::Degraded { snr, flux, ivar, encoding })
}

/// Measures bias and variance of the encoder's latent means of a spectrum `[pixels]`, noise level by noise level, as in the paper.
pub fn curve(model: Rc<Model>, flux: &[f32], ivar: &[f32], seed: u64) -> Answer {
    encode(&model, flux, ivar, EncodingMethod::Plain)?;
    let options = NoiseOptions::paper(seed);
    let study = NoiseStudy::new(flux, ivar, &options, |flux, ivar| mean_and_log_var(&model, flux, ivar));
    later(Studying { study: study.map_err(sentence)?, levels: options.levels, model })
}

struct Studying {
    study: NoiseStudy,
    levels: usize,
    model: Rc<Model>,
}

impl Job for Studying {
    fn advance(&mut self) -> Result<Option<ExploreEvent>, String> {
        self.study.level(|flux, ivar| mean_and_log_var(&self.model, flux, ivar)).map_err(sentence)?;
        Ok(self.study.is_finished().then(|| event(self.study.curve())))
    }

    fn progress(&self) -> Progress {
        progress("Noise", (self.study.curve().levels.len(), self.levels), "levels")
    }
}

fn event(curve: &NoiseCurve) -> ExploreEvent {
    let single = |values: &[f64]| -> Vec<f32> { values.iter().map(|&value| value as f32).collect() };
    let levels = &curve.levels;
    ExploreEvent::NoiseCurve {
        snr: levels.iter().map(|level| level.snr as f32).collect(),
        variance_ratio: levels.iter().flat_map(|level| single(&level.variance_ratio)).collect(),
        bias_ratio: levels.iter().flat_map(|level| single(&level.bias)).collect(),
    }
}

fn mean_and_log_var(model: &Model, flux: &[f32], ivar: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let encoded = model.encode(flux, ivar);
    (encoded.mean, encoded.log_var)
}

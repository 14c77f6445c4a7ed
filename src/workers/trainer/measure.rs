//! Measures the duration of a training step on a backend, with random spectra, to choose between CPU and GPU.

use half::f16;

use crate::formats::set::writer::MeanSpectrum;
use crate::preprocess::{InfillBasis, Recipe};
use crate::vae::backend::{Backend, BackendError};
use crate::vae::config::VaeConfig;
use crate::vae::dataset::TrainingSet;
use crate::vae::objective::MmdTerm;
use crate::vae::random::{self, Purpose};
use crate::vae::training::BatchPlan;

/// Steps after the first.
const STEPS: usize = 10;

/// Returns one batch of noise with the sizes of a configuration.
pub fn random_set(config: &VaeConfig) -> TrainingSet {
    let values = config.batch * config.pixels;
    let flux = random::normal(&mut random::generator(1, Purpose::Noise), values);
    let zeros = vec![0.0; config.pixels];
    let infill = InfillBasis { mean: zeros.clone(), components: Vec::new(), eigenvalues: Vec::new() };
    TrainingSet {
        name: "random".to_owned(),
        manifest_sha256: String::new(),
        recipe: Recipe::standard(),
        simulated: true,
        split_seed: 1,
        mean: MeanSpectrum { mean: zeros, infill },
        flux: flux.into_iter().map(f16::from_f32).collect(),
        ivar: vec![f16::from_f32(100.0); values],
        stored: None,
        labels: None,
    }
}

/// Returns the milliseconds of a step, and those from `start` to the end of the first one. `now` is a clock in milliseconds.
pub async fn steps<B: Backend>(
    backend: &mut B,
    set: &TrainingSet,
    config: &VaeConfig,
    start: f64,
    now: impl Fn() -> f64,
) -> Result<(f64, f64), BackendError> {
    let rows: Vec<usize> = (0..set.len()).collect();
    let noise = random::normal(&mut random::generator(2, Purpose::Noise), rows.len() * config.latents);
    let draws = MmdTerm::new(config, rows.len()).draws * config.latents;
    let prior = random::normal(&mut random::generator(3, Purpose::Prior), draws);
    let work = BatchPlan { rows: &rows, noise: Some(&noise), prior: &prior, learning_rate: config.learning_rate };
    backend.enqueue(set, work).await?;
    backend.losses().await?;
    let first = now();
    for done in 0..STEPS {
        backend.enqueue(set, work).await?;
        if (done + 1) % backend.max_in_flight() == 0 || done + 1 == STEPS {
            backend.losses().await?;
        }
    }
    Ok(((now() - first) / STEPS as f64, first - start))
}

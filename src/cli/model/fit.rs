//! Training a model to its end, with progress.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};

use super::dataset::Dataset;
use super::latents;
use crate::cli::{files, progress};
use crate::vae::VaeConfig;
use crate::vae::backend::burn::training::{Step, Trainer};
use crate::vae::dataset::TrainingSet;
use crate::vae::inference::{self, Model};
use crate::vae::model_bytes::{self, Precision};
use crate::vae::model_card::EpochReport;

/// Trains from scratch, without a bar: for several at once. `epoch` hears of every epoch, and whether it is the best.
pub(super) fn fit_quietly(
    name: &str,
    config: &VaeConfig,
    set: TrainingSet,
    mut epoch: impl FnMut(&EpochReport, bool),
) -> Result<Model> {
    let mut trainer = Trainer::new(name, config, set, &inference::device()).with_context(|| name.to_owned())?;
    loop {
        match trainer.step().with_context(|| name.to_owned())? {
            Step::Batch(_) => {}
            Step::Epoch { report, best } => epoch(&report, best),
            Step::Finished => return Ok(trainer.best()),
        }
    }
}

/// How long an epoch took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Took {
    seconds: f64,
    /// A training step's mean, without validation, and the threads that it had.
    step: Option<(f64, usize)>,
}

impl Took {
    /// Since a training of several began.
    pub(super) fn since(started: Instant) -> Self {
        Self { seconds: started.elapsed().as_secs_f64(), step: None }
    }
}

/// Trains from scratch. `epoch` hears of every epoch (and whether it is the best) and how long it took.
pub(super) fn fit(
    name: &str,
    config: &VaeConfig,
    set: TrainingSet,
    mut epoch: impl FnMut(&EpochReport, bool, Took),
) -> Result<Model> {
    let mut trainer = Trainer::new(name, config, set, &inference::device())?;
    let bar = progress::bar(&format!("{name}: epoch 1"), trainer.position().steps);
    let mut started = Instant::now();
    let mut trained = 0.0;
    loop {
        let at = trainer.position();
        match trainer.step()? {
            Step::Batch(_) => {
                bar.set_position(trainer.position().step as u64);
                if at.step < at.steps {
                    trained = started.elapsed().as_secs_f64();
                }
            }
            Step::Epoch { report, best } => {
                let ms_per_step = 1e3 * trained / at.steps.max(1) as f64;
                let step = Some((ms_per_step, rayon::current_num_threads()));
                let took = Took { seconds: started.elapsed().as_secs_f64(), step };
                bar.suspend(|| epoch(&report, best, took));
                bar.set_message(format!("{name}: epoch {}", report.epoch + 1));
                started = Instant::now();
            }
            Step::Finished => break,
        }
    }
    bar.finish_and_clear();
    Ok(trainer.best())
}

/// Writes a model and, beside it in `<name>.latents.safetensors`, its latents of a set. The latents are those of the stored
/// weights, rounded or not, so that a page that encodes gets the same. `mapped` says whether a map by UMAP goes with them.
pub(super) fn write(path: &Path, model: &Model, precision: Precision, set: &Dataset, mapped: bool) -> Result<()> {
    let bytes = model_bytes::to_bytes(model, precision);
    files::write(path, &bytes)?;
    let stored = model_bytes::from_bytes(&path.display().to_string(), &bytes, &inference::device())?;
    files::write(&path.with_extension("latents.safetensors"), &latents::file(set, &stored, mapped, false)?)
}

/// What an epoch came to, in a line.
pub(super) fn epoch_line(report: &EpochReport, best: bool, took: Took) -> String {
    let Took { seconds, step } = took;
    let step = step.map_or_else(String::new, |(ms, threads)| {
        format!("  {ms:.1} ms a step on {threads} thread{}", if threads == 1 { "" } else { "s" })
    });
    format!(
        "epoch {:3}  train {:9.3}  valid {:9.3}{}  learning rate {:.0e}  {seconds:.1} s{step}",
        report.epoch,
        report.train.total,
        report.valid.total,
        if best { " *" } else { "  " },
        report.learning_rate,
    )
}

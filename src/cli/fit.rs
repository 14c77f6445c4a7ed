//! Training a model to its end, with progress.

use std::path::Path;
use std::time::Instant;

use super::{dataset::Dataset, files, latents, progress};
use crate::vae::VaeConfig;
use crate::vae::batch::TrainingSet;
use crate::vae::card::EpochReport;
use crate::vae::inference::{self, Model};
use crate::vae::training::{Step, TrainError, Trainer};
use crate::vae::weights::{self, Precision};

/// Trains from scratch, without a bar: for several at once. `epoch` hears of every epoch, and whether it is the best.
pub(super) fn fit_quietly(
    name: &str,
    config: &VaeConfig,
    set: TrainingSet,
    mut epoch: impl FnMut(&EpochReport, bool),
) -> Result<Model, String> {
    let named = |error: TrainError| format!("{name}: {error}");
    let mut trainer = Trainer::new(name, config, set, &inference::device()).map_err(named)?;
    loop {
        match trainer.step().map_err(named)? {
            Step::Batch(_) => {}
            Step::Epoch { report, best } => epoch(&report, best),
            Step::Finished => return Ok(trainer.best()),
        }
    }
}

/// Trains from scratch. `epoch` hears of every epoch (and whether it is the best) with the seconds it took.
pub(super) fn fit(
    name: &str,
    config: &VaeConfig,
    set: TrainingSet,
    mut epoch: impl FnMut(&EpochReport, bool, f64),
) -> Result<Model, String> {
    let mut trainer = Trainer::new(name, config, set, &inference::device()).map_err(|error| error.to_string())?;
    let bar = progress::bar(&format!("{name}: epoch 1"), trainer.position().steps);
    let mut started = Instant::now();
    loop {
        match trainer.step().map_err(|error| error.to_string())? {
            Step::Batch(_) => bar.set_position(trainer.position().step as u64),
            Step::Epoch { report, best } => {
                bar.suspend(|| epoch(&report, best, started.elapsed().as_secs_f64()));
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
pub(super) fn write(
    path: &Path,
    model: &Model,
    precision: Precision,
    set: &Dataset,
    mapped: bool,
) -> Result<(), String> {
    let bytes = weights::to_bytes(model, precision);
    files::write(path, &bytes)?;
    let stored = weights::from_bytes(&path.display().to_string(), &bytes, &inference::device())
        .map_err(|error| error.to_string())?;
    files::write(&path.with_extension("latents.safetensors"), &latents::file(set, &stored, mapped, false)?)
}

/// What an epoch came to, in a line.
pub(super) fn epoch_line(report: &EpochReport, best: bool, seconds: f64) -> String {
    format!(
        "epoch {:3}  train {:9.3}  valid {:9.3}{}  learning rate {:.0e}  {seconds:.1} s",
        report.epoch,
        report.train.total,
        report.valid.total,
        if best { " *" } else { "  " },
        report.learning_rate,
    )
}

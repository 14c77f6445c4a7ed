//! Trains a model to its end, with progress, and goes on where an earlier run was killed.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use super::checkpoint_file::CheckpointFile;
use super::dataset::Dataset;
use super::device::ModelDevice;
use super::latents;
use crate::cli::{files, progress};
use crate::vae::VaeConfig;
use crate::vae::backend::any_cpu::AnyCpu;
use crate::vae::backend::burn::Burn;
use crate::vae::backend::{Backend, BackendError, block_on};
use crate::vae::dataset::TrainingSet;
use crate::vae::encoding::EncodingMethod;
use crate::vae::inference::{self, Model};
use crate::vae::learner_state::LearnerState;
use crate::vae::model_card::EpochReport;
use crate::vae::model_file::Precision;
use crate::vae::session::{SessionEvent, TrainingJob, TrainingSession, TrainingState};
use crate::vae::training::Position;

/// Longest time between checkpoints: one is written after every epoch, and within an epoch after this time.
const BETWEEN_CHECKPOINTS: Duration = Duration::from_secs(30);

/// The events of a training.
pub(super) enum Seen<'a> {
    /// A step is done.
    Step(Position),
    /// An epoch is over.
    Epoch {
        /// Losses of the epoch.
        report: &'a EpochReport,
        /// Whether it is the best so far.
        best: bool,
        /// Duration of the epoch, seconds.
        seconds: f64,
        /// Milliseconds a training step, without validation; 0 where all steps were done before the program was started.
        ms_per_step: f64,
    },
}

/// A training that is over.
pub(super) struct Fitted {
    /// Model with the lowest validation loss.
    pub model: Model,
    /// Reason for an early end, if there was one.
    pub failure: Option<String>,
}

impl Fitted {
    /// Returns the model, or the reason for an early end as an error.
    pub(super) fn whole(self) -> Result<Model> {
        match self.failure {
            None => Ok(self.model),
            Some(failure) => Err(anyhow!("{}: {failure}", self.model.card.name)),
        }
    }
}

/// Trains a model on a set, from scratch or from the checkpoint. The caller removes the checkpoint's file once the model is written.
pub(super) fn fit(
    name: &str,
    config: &VaeConfig,
    set: TrainingSet,
    checkpoint: &CheckpointFile,
    device: ModelDevice,
    seen: impl FnMut(Seen),
) -> Result<Fitted> {
    config.validate().with_context(|| format!("{name}: the model cannot be trained"))?;
    let job = TrainingJob::whole(name, set);
    match device {
        ModelDevice::Gpu(gpu) => drive(config, job, checkpoint, |state| Burn::on_gpu(config, &state, gpu), seen),
        ModelDevice::Cpu => {
            let threads = rayon::current_num_threads();
            drive(config, job, checkpoint, |state| AnyCpu::new(config, state, threads), seen)
        }
    }
}

/// Trains as [`fit`] does, with a progress bar and a line per epoch on stderr.
pub(super) fn fit_with_bar(
    name: &str,
    config: &VaeConfig,
    set: TrainingSet,
    checkpoint: &CheckpointFile,
    device: ModelDevice,
) -> Result<Model> {
    let bar = progress::bar(&format!("{name}: epoch 1"), 0);
    let fitted = fit(name, config, set, checkpoint, device, |seen| match seen {
        Seen::Step(position) => {
            bar.set_length(position.steps as u64);
            bar.set_position(position.step as u64);
        }
        Seen::Epoch { report, best, seconds, ms_per_step } => {
            let line = epoch_line(report, best, seconds);
            bar.suspend(|| eprintln!("{line}  {ms_per_step:.1} ms a step on {}", device.short_name()));
            bar.set_message(format!("{name}: epoch {}", report.epoch + 1));
        }
    });
    bar.finish_and_clear();
    fitted?.whole()
}

fn drive<B: Backend>(
    config: &VaeConfig,
    job: TrainingJob,
    checkpoint: &CheckpointFile,
    open: impl FnOnce(LearnerState) -> Result<B, BackendError>,
    mut seen: impl FnMut(Seen),
) -> Result<Fitted> {
    let name = job.name.clone();
    let mut session = match checkpoint.read(config, &job.set)? {
        Some(saved) => {
            let backend = open(saved.state.clone()).with_context(|| name.clone())?;
            TrainingSession::resume(saved, job, backend)
        }
        None => TrainingSession::new(config, job, open(LearnerState::new(config)).with_context(|| name.clone())?),
    }
    .with_context(|| name.clone())?;
    if session.history().len() + session.progress().position.step > 0 {
        let position = session.progress().position;
        let epoch = session.history().len();
        eprintln!("{name}: going on from epoch {epoch}, step {} of {} of the next", position.step, position.steps);
    }
    let start = Instant::now();
    let now = || 1e3 * start.elapsed().as_secs_f64();
    let (mut epoch_started, mut written) = (start, start);
    let mut failure = None;
    session.run();
    while session.state() == TrainingState::Running {
        let advanced = block_on(session.advance(now));
        if let Some(reason) = session.unread() {
            bail!("{name}: {reason}");
        }
        let events = match advanced {
            Ok(events) => events,
            Err(error) => {
                failure = Some(error.to_string());
                break;
            }
        };
        seen(Seen::Step(session.progress().position));
        for event in events {
            if let SessionEvent::Epoch { report, best, ms_per_step } = event {
                let seconds = epoch_started.elapsed().as_secs_f64();
                seen(Seen::Epoch { report: &report, best, seconds, ms_per_step });
                epoch_started = Instant::now();
            }
        }
        if session.is_due() || written.elapsed() >= BETWEEN_CHECKPOINTS {
            checkpoint.write(&block_on(session.checkpoint()).with_context(|| name.clone())?)?;
            written = Instant::now();
        }
    }
    if failure.is_some() {
        // Going on from it would end in the same way.
        checkpoint.remove()?;
    }
    let file = block_on(session.model(true)).with_context(|| name.clone())?;
    let mut model = Model::from_file(file, &inference::device());
    // There is no best epoch before the first one ends.
    model.card.epoch = session.best();
    Ok(Fitted { model, failure })
}

/// Writes a model and, next to it in `<name>.latents.safetensors`, its latents of a set. The latents are those of the stored
/// weights, rounded or not, so that a page that encodes gets the same ones. `mapped` says whether the file contains a UMAP of
/// them.
pub(super) fn write(path: &Path, model: &Model, precision: Precision, set: &Dataset, mapped: bool) -> Result<()> {
    let bytes = model.to_bytes(precision);
    files::write(path, &bytes)?;
    let stored = Model::from_bytes(&path.display().to_string(), &bytes, &inference::device())?;
    files::write(
        &path.with_extension("latents.safetensors"),
        &latents::file(set, &stored, EncodingMethod::default(), mapped, false)?,
    )
}

/// Returns the line that reports an epoch.
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

//! `train --verify`: trains again what a link or a model's file promises, and compares the weights to the last bit.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use half::f16;

use super::dataset::Dataset;
use crate::cli::{files, progress};
use crate::page::Permalink;
use crate::vae::VaeConfig;
use crate::vae::backend::block_on;
use crate::vae::backend::cpu::{Cpu, Rounding};
use crate::vae::learner_state::LearnerState;
use crate::vae::model_card::EpochReport;
use crate::vae::model_file::ModelFile;
use crate::vae::parameters::is_plain;
use crate::vae::session::{SessionEvent, TrainingJob, TrainingSession, TrainingState};
use crate::vae::weights_hash::WeightsHash;

/// A training, and what came of it.
struct Promise {
    config: VaeConfig,
    weights: WeightsHash,
    /// The first epoch, which tells how products were rounded; `None` in a link, whose products are rounded as the page does.
    first: Option<EpochReport>,
}

/// Trains again what a link or a model's file promises; prints that the weights are the same.
///
/// # Errors
/// A link without a training or a hash, a file that is no such model, a model of another set, and other weights.
pub(super) fn verify(what: &str, set: &Dataset) -> Result<()> {
    let promise = if Path::new(what).is_file() { of_model(what, set)? } else { of_link(what)? };
    if !is_plain(&promise.config) {
        bail!(
            "{what}: only plain models are trained to the same bits everywhere, and this one has a head or weights as input"
        );
    }
    let roundings = [Rounding::Portable, Rounding::Fastest];
    let mut ended = None;
    for rounding in roundings.into_iter().take(if promise.first.is_some() { 2 } else { 1 }) {
        let weights = train(&promise, rounding, set)?;
        ended = weights.or(ended);
        if ended == Some(promise.weights) {
            let how = if rounding.is_fused() { ", products fused with sums" } else { "" };
            println!("reproduced, bit for bit{how}: {}", promise.weights);
            return Ok(());
        }
    }
    let other = ended.map_or("its first epoch is another already".to_owned(), |ended| format!("it ends with {ended}"));
    Err(anyhow!(
        "not reproduced: {what} promises {}, and {other}; is {} the same set?",
        promise.weights,
        set.manifest.name
    ))
}

fn of_link(link: &str) -> Result<Promise> {
    let fragment = link.split_once('#').map_or(link, |(_, fragment)| fragment);
    let (link, problems) = Permalink::parse(fragment);
    if let Some(problem) = problems.first() {
        bail!("{problem}");
    }
    let (Some(config), Some(weights)) = (link.plan, link.ends) else {
        bail!(
            "neither a file nor a link with train=... and ends=..., the hash of its weights: copy the link once the training is over"
        );
    };
    Ok(Promise { config, weights, first: None })
}

fn of_model(name: &str, set: &Dataset) -> Result<Promise> {
    let file = ModelFile::from_bytes(name, &files::read(Path::new(name))?)?;
    let is_half = |value: &f32| f16::from_f32(*value).to_f32() == *value;
    if file.layers.iter().all(|(_, weight, _)| weight.iter().all(is_half)) {
        bail!(
            "{name}: its weights are stored in half precision, so the bits of the training are gone: save them whole"
        );
    }
    let trained_on = &file.card.trained_on;
    if !trained_on.is_empty() && trained_on != "CPU" {
        bail!("{name}: it was trained on {trained_on}, and only the CPU trains to the same bits twice");
    }
    if file.card.training_set_sha256 != set.sha256 {
        let (of, is) = (&file.card.training_set, &set.manifest.name);
        bail!("{name}: it was trained on {of} with another manifest than that of {is}: name its own set by --data");
    }
    Ok(Promise {
        weights: WeightsHash::of(&file.layers),
        first: file.card.history.first().copied(),
        config: file.card.config,
    })
}

/// Trains; returns the hash of the best weights, or `None` as soon as the first epoch is another than promised.
fn train(promise: &Promise, rounding: Rounding, set: &Dataset) -> Result<Option<WeightsHash>> {
    let config = &promise.config;
    config.validate()?;
    let backend = Cpu::new(config, LearnerState::new(config))?.with_rounding(rounding);
    let backend = backend.with_threads(rayon::current_num_threads());
    let job = TrainingJob::whole("verified", set.training_set(config)?);
    let mut session = TrainingSession::new(config, job, backend)?;
    let bar = progress::bar("verify: epoch 1", 0);
    session.run();
    while session.state() == TrainingState::Running {
        for event in block_on(session.advance(|| 0.0)).context("the training did not go on")? {
            let SessionEvent::Epoch { report, .. } = event else { continue };
            bar.set_message(format!("verify: epoch {}", report.epoch + 1));
            if promise.first.is_some_and(|first| report.epoch == 1 && first != report) {
                bar.finish_and_clear();
                return Ok(None);
            }
        }
        let position = session.progress().position;
        bar.set_length(position.steps as u64);
        bar.set_position(position.step as u64);
    }
    bar.finish_and_clear();
    Ok(Some(WeightsHash::of(&block_on(session.model(true))?.layers)))
}

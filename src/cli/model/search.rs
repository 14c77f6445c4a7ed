//! `search`: the paper's random search of hyperparameters, resumable, several draws at once.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use clap::Args;
use serde::{Deserialize, Serialize};

use super::checkpoint_file::CheckpointFile;
use super::dataset::Dataset;
use super::device::{DeviceChoice, ModelDevice};
use super::fit;
use crate::cli::outcome::Outcome;
use crate::cli::survey::Part;
use crate::cli::{files, parallel, progress};
use crate::vae::inference::Model;
use crate::vae::model_file::Precision;
use crate::vae::objective::LossTerms;
use crate::vae::{VaeConfig, search};

#[derive(Debug, Args)]
pub(in crate::cli) struct Search {
    /// The set's folder, with its manifest.json.
    #[arg(long)]
    data: PathBuf,
    /// Folder for the results: a file a draw, results.csv, and the best model. Started again, the search goes on there.
    #[arg(long)]
    out: PathBuf,
    /// Latents.
    #[arg(long, default_value_t = 6)]
    latents: usize,
    /// Draws.
    #[arg(long, default_value_t = search::DRAWS)]
    draws: usize,
    /// Seed of the draws.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Epochs at most, for each draw.
    #[arg(long)]
    epochs: Option<usize>,
    /// Do only part I of N, as in 2/8: run every part somewhere, with the same folder, and the table is whole.
    #[arg(long)]
    part: Option<Part>,
    #[command(flatten)]
    device: DeviceChoice,
    /// Draws that train at once; where nothing is said, one a core, and on a graphics processor one.
    #[arg(long)]
    jobs: Option<usize>,
    /// JSON in place of CSV.
    #[arg(long)]
    json: bool,
}

/// The result of a draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Trial {
    draw: usize,
    config: VaeConfig,
    training_set_sha256: String,
    epoch: usize,
    epochs: usize,
    valid: LossTerms,
    /// Reason for an early end, if there was one.
    failure: Option<String>,
}

impl Search {
    pub(super) fn run(&self) -> Result<Outcome> {
        let set = Dataset::load(&self.data)?;
        let mut base = VaeConfig::paper(self.latents);
        base.max_epochs = self.epochs.unwrap_or(base.max_epochs);
        let mine = self.part.unwrap_or(Part::WHOLE).share(self.draws);
        let mut left = Vec::new();
        for draw in mine {
            match self.read(draw)? {
                Some(trial) => self.check(&trial, &search::draw(&base, self.seed, draw), &set)?,
                None => left.push(draw),
            }
        }
        let device = match left.is_empty() {
            true => ModelDevice::Cpu,
            false => self.device.to_train(&base, &set.spectra)?,
        };
        let bar = progress::bar("Searching", left.len());
        let outcomes = parallel::map_models(
            device.jobs(self.jobs),
            left.len(),
            |at| self.try_one(left[at], &search::draw(&base, self.seed, left[at]), &set, device),
            |done| bar.set_position(done as u64),
        );
        bar.finish_and_clear();
        outcomes.into_iter().collect::<Result<Vec<()>>>()?;
        let mut trials =
            (0..self.draws).filter_map(|draw| self.read(draw).transpose()).collect::<Result<Vec<_>, _>>()?;
        trials.sort_by(|a, b| rank(a).total_cmp(&rank(b)).then(a.draw.cmp(&b.draw)));
        let table = csv(&trials);
        files::write(&self.out.join("results.csv"), table.as_bytes())?;
        match self.json {
            true => println!("{}", serde_json::to_string(&trials).expect("plain data always serialises")),
            false => print!("{table}"),
        }
        if trials.len() < self.draws {
            eprintln!("{} of {} draws are done: run the other parts too", trials.len(), self.draws);
        }
        Ok(Outcome::Done)
    }

    /// Trains one draw without output, since several run at once.
    fn try_one(&self, draw: usize, config: &VaeConfig, set: &Dataset, device: ModelDevice) -> Result<()> {
        let name = format!("draw-{draw:03}");
        let checkpoint = CheckpointFile::of_model(&self.model_path(draw));
        // A draw that diverges is a result like any other.
        let fit::Fitted { model, failure } =
            fit::fit(&name, config, set.training_set(config)?, &checkpoint, device, |_| {})?;
        let history = &model.card.history;
        let best = history.get(model.card.epoch.wrapping_sub(1)).map(|report| report.valid);
        let trial = Trial {
            draw,
            config: config.clone(),
            training_set_sha256: set.sha256.clone(),
            epoch: model.card.epoch,
            epochs: history.len(),
            valid: best.unwrap_or_default(),
            failure,
        };
        let json = serde_json::to_string_pretty(&trial).expect("plain data always serialises");
        self.keep_model(draw, &model, &trial)?;
        // The trial's file is written last: a draw with a file is done.
        files::write(&self.trial_path(draw), json.as_bytes())?;
        checkpoint.remove()
    }

    fn keep_model(&self, draw: usize, model: &Model, trial: &Trial) -> Result<()> {
        if trial.failure.is_some() || trial.epoch == 0 {
            return Ok(());
        }
        files::write(&self.model_path(draw), &model.to_bytes(Precision::F16))
    }

    fn model_path(&self, draw: usize) -> PathBuf {
        self.out.join(format!("draw-{draw:03}.safetensors"))
    }

    fn trial_path(&self, draw: usize) -> PathBuf {
        self.out.join(format!("draw-{draw:03}.json"))
    }

    fn read(&self, draw: usize) -> Result<Option<Trial>> {
        let path = self.trial_path(draw);
        if !Path::new(&path).is_file() {
            return Ok(None);
        }
        let trial = serde_json::from_slice(&files::read(&path)?);
        trial.map(Some).map_err(|error| anyhow!("{} is damaged ({error}): delete it and search again", path.display()))
    }

    /// Refuses a folder that holds another search.
    fn check(&self, trial: &Trial, config: &VaeConfig, set: &Dataset) -> Result<()> {
        match trial.config == *config && trial.training_set_sha256 == set.sha256 {
            true => Ok(()),
            false => Err(anyhow!(
                "{} holds another search (other set, seed, latents or epochs): choose another --out",
                self.out.display()
            )),
        }
    }
}

/// Returns the key that trials are ranked by: the validation reconstruction error, as in the paper. Failures come last.
fn rank(trial: &Trial) -> f64 {
    if trial.failure.is_some() || trial.epoch == 0 { f64::INFINITY } else { trial.valid.reconstruction }
}

fn csv(trials: &[Trial]) -> String {
    let mut table = "rank,draw,hidden1,hidden2,lambda,epoch,epochs,total,reconstruction,kl,mmd,failure\n".to_owned();
    for (at, trial) in trials.iter().enumerate() {
        let Trial { draw, config, epoch, epochs, valid, failure, .. } = trial;
        table += &format!(
            "{},{draw},{},{},{:.4},{epoch},{epochs},{:.4},{:.4},{:.4},{:.6},{}\n",
            at + 1,
            config.hidden1,
            config.hidden2,
            config.lambda,
            valid.total,
            valid.reconstruction,
            valid.kl,
            valid.mmd,
            failure.as_deref().unwrap_or_default().replace(',', ";")
        );
    }
    table
}

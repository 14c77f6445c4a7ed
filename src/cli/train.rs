//! `train`: a model from a set, with the paper's regimen.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::{Outcome, files, progress};
use crate::shard::set::MeanSpectrum;
use crate::shard::{Latents, Manifest, Shard};
use crate::vae::VaeConfig;
use crate::vae::batch::TrainingSet;
use crate::vae::inference::{self, Model};
use crate::vae::training::{Step, Trainer};
use crate::vae::weights::{self, Precision};

#[derive(Debug, Args)]
pub(super) struct Train {
    /// The set's folder, with its manifest.json.
    #[arg(long)]
    data: PathBuf,
    /// File for the model; its latents go beside it, in <name>.latents.safetensors.
    #[arg(long)]
    out: PathBuf,
    /// The model's name; the file's where none is given.
    #[arg(long)]
    name: Option<String>,
    /// Latents: the paper shows 2, 4, 6 and 10, and Table 1 has the hidden sizes and lambda that go with each.
    #[arg(long, default_value_t = 6)]
    latents: usize,
    /// Seed of weights, order and noise.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Do as the paper's published code does where it differs from the paper's text.
    #[arg(long)]
    published_code: bool,
    /// Units of the hidden layer next to the spectrum.
    #[arg(long)]
    hidden1: Option<usize>,
    /// Units of the hidden layer next to the code.
    #[arg(long)]
    hidden2: Option<usize>,
    /// InfoVAE's lambda.
    #[arg(long)]
    lambda: Option<f32>,
    /// InfoVAE's alpha.
    #[arg(long)]
    alpha: Option<f32>,
    /// Train a plain autoencoder: no sampling, no KL, no MMD.
    #[arg(long)]
    autoencoder: bool,
    /// Epochs at most.
    #[arg(long)]
    epochs: Option<usize>,
    /// Spectra a step.
    #[arg(long)]
    batch: Option<usize>,
    /// Store weights in half precision, half the bytes.
    #[arg(long)]
    half: bool,
}

impl Train {
    pub(super) fn run(&self) -> Result<Outcome, String> {
        let (manifest, sha256) = files::manifest(&self.data)?;
        let mean = mean_spectrum(&self.data, &manifest)?;
        let shards = files::shards(&self.data, &manifest)?;
        let mut set = TrainingSet::new(&manifest, &sha256, mean);
        shards.iter().for_each(|shard| set.push(shard));
        let model = self.train(set)?;
        let precision = if self.half { Precision::F16 } else { Precision::F32 };
        let bytes = weights::to_bytes(&model, precision);
        files::write(&self.out, &bytes)?;
        // The latents are those of the stored weights, rounded or not, so that a page that encodes gets the same.
        let stored = weights::from_bytes(&self.out.display().to_string(), &bytes, &inference::device())
            .map_err(|error| error.to_string())?;
        let latents = latents(&stored, &manifest, &shards);
        files::write(&self.out.with_extension("latents.safetensors"), &latents.to_bytes())?;
        let best = &model.card.history[model.card.epoch - 1];
        eprintln!(
            "{}: best epoch {} of {}, validation loss {:.3} (reconstruction {:.3}, KL {:.3}, MMD {:.4})",
            self.out.display(),
            model.card.epoch,
            model.card.history.len(),
            best.valid.total,
            best.valid.reconstruction,
            best.valid.kl,
            best.valid.mmd
        );
        Ok(Outcome::Done)
    }

    fn train(&self, set: TrainingSet) -> Result<Model, String> {
        let mut trainer = Trainer::new(&self.model_name(), &self.config(), set, &inference::device())
            .map_err(|error| error.to_string())?;
        let bar = progress::bar("Epoch 1", trainer.position().steps);
        let mut started = Instant::now();
        loop {
            match trainer.step().map_err(|error| error.to_string())? {
                Step::Batch(_) => bar.set_position(trainer.position().step as u64),
                Step::Epoch { report, best } => {
                    let line = format!(
                        "epoch {:3}  train {:9.3}  valid {:9.3}{}  learning rate {:.0e}  {:.1} s",
                        report.epoch,
                        report.train.total,
                        report.valid.total,
                        if best { " *" } else { "  " },
                        report.learning_rate,
                        started.elapsed().as_secs_f64()
                    );
                    bar.suspend(|| eprintln!("{line}"));
                    bar.set_message(format!("Epoch {}", report.epoch + 1));
                    started = Instant::now();
                }
                Step::Finished => break,
            }
        }
        bar.finish_and_clear();
        Ok(trainer.best())
    }

    fn config(&self) -> VaeConfig {
        let base = if self.published_code { VaeConfig::published_code } else { VaeConfig::paper }(self.latents);
        VaeConfig {
            hidden1: self.hidden1.unwrap_or(base.hidden1),
            hidden2: self.hidden2.unwrap_or(base.hidden2),
            lambda: self.lambda.unwrap_or(base.lambda),
            alpha: self.alpha.unwrap_or(base.alpha),
            variational: !self.autoencoder,
            max_epochs: self.epochs.unwrap_or(base.max_epochs),
            batch: self.batch.unwrap_or(base.batch),
            seed: self.seed,
            ..base
        }
    }

    fn model_name(&self) -> String {
        let stem = self.out.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        self.name.clone().or(stem).unwrap_or_else(|| "model".to_owned())
    }
}

fn mean_spectrum(folder: &Path, manifest: &Manifest) -> Result<MeanSpectrum, String> {
    let path = folder.join(&manifest.mean_spectrum);
    MeanSpectrum::from_bytes(&path.display().to_string(), &files::read(&path)?).map_err(|error| error.to_string())
}

/// Where the model puts every spectrum of the set.
fn latents(model: &Model, manifest: &Manifest, shards: &[Shard]) -> Latents {
    let mut latents = Latents {
        dims: model.latents(),
        mean: Vec::new(),
        log_var: Vec::new(),
        class: Vec::new(),
        model: model.card.name.clone(),
        set: manifest.name.clone(),
    };
    for shard in shards {
        let encoded =
            model.encode_all(shard.len(), |start, end| (start..end).flat_map(|row| shard.row(row).0).collect());
        latents.mean.extend(encoded.mean);
        latents.log_var.extend(encoded.log_var);
        let unknown = vec![crate::spectrum::Class::Unknown.code(); shard.len()];
        let classes = shard.catalogue.integers("class").unwrap_or(&unknown);
        latents.class.extend(classes.iter().map(|&code| code as u8));
    }
    latents
}

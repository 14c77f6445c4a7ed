//! `train`: a model from a set, trained as in the paper; killed at any moment, it goes on where it was.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::checkpoint_file::CheckpointFile;
use super::dataset::Dataset;
use super::device::{DeviceChoice, ModelDevice};
use super::fit;
use super::verify::verify;
use crate::cli::outcome::Outcome;
use crate::cli::parallel;
use crate::vae::config::{EncoderInput, HeadConfig};
use crate::vae::model_file::Precision;
use crate::vae::{Model, VaeConfig, inference};

#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Train {
    /// The set's folder, with its manifest.json.
    #[arg(long)]
    data: PathBuf,
    /// File for the model (with --all: folder for them); its latents go into the same folder, in <name>.latents.safetensors.
    #[arg(long, required_unless_present = "verify")]
    out: Option<PathBuf>,
    /// Write nothing: train again what a link copied from the page or a model's file promises, and compare the weights bit for bit.
    #[arg(long, value_name = "LINK-OR-MODEL", conflicts_with_all = ["out", "all"])]
    verify: Option<String>,
    /// Train all the models that the page ships: VAE-2, -4, -6 and -10 of the paper's Table 1, and the autoencoder with six
    /// latents. Those that are there, trained in the same way on the same set, are left.
    #[arg(long, conflicts_with_all = ["name", "latents", "autoencoder"])]
    all: bool,
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
    /// Units of the hidden layer next to the latents.
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
    /// What enters the encoder: the flux, or with it the weight of every pixel.
    #[arg(long, value_enum, default_value_t = Input::Flux)]
    input: Input,
    /// Also predict the four classes from the latents.
    #[arg(long)]
    predict_class: bool,
    /// Also predict this catalogue column from the latents, as in --predict truth_ssfr. Give it again for more columns.
    #[arg(long = "predict")]
    measurements: Vec<String>,
    /// What the loss of these predictions is multiplied by.
    #[arg(long, default_value_t = 10.0)]
    head_weight: f32,
    /// Share of the training spectra that have labels.
    #[arg(long, default_value_t = 1.0)]
    labelled_fraction: f64,
    /// Epochs at most.
    #[arg(long)]
    epochs: Option<usize>,
    /// Spectra a step.
    #[arg(long)]
    batch: Option<usize>,
    #[command(flatten)]
    device: DeviceChoice,
    /// Read every spectrum from its file when a batch needs it, as of a set of more than 65,536: little memory, the same model.
    #[arg(long)]
    from_disk: bool,
    /// Store weights in half precision, half the bytes.
    #[arg(long)]
    half: bool,
    /// Start again, even where an unfinished training of this model is saved in <out>.checkpoint; without this it goes on.
    #[arg(long)]
    restart: bool,
    /// Leave out the map by UMAP that goes with the latents.
    #[arg(long)]
    no_umap: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Input {
    Flux,
    FluxAndWeight,
}

impl Train {
    pub(super) fn run(&self) -> Result<Outcome> {
        let set = match self.from_disk {
            true => Dataset::load_up_to(&self.data, 0)?,
            false => Dataset::load(&self.data)?,
        };
        if let Some(what) = &self.verify {
            return verify(what, &set).map(|()| Outcome::Done);
        }
        if self.all {
            return self.train_all(&set);
        }
        let config = self.config();
        let checkpoint = self.checkpoint(self.out())?;
        let spectra = set.training_set(&config)?;
        // A saved training of other settings is refused before devices are timed.
        checkpoint.read(&config, &spectra)?;
        let device = self.device.to_train(&config, &spectra)?;
        let model = fit::fit_with_bar(&self.model_name(), &config, spectra, &checkpoint, device)?;
        fit::write(self.out(), &model, self.precision(), &set, !self.no_umap)?;
        checkpoint.remove()?;
        let best = &model.card.history[model.card.epoch - 1];
        eprintln!(
            "{}: best epoch {} of {}, validation loss {:.3} (reconstruction {:.3}, KL {:.3}, MMD {:.4}{})",
            self.out().display(),
            model.card.epoch,
            model.card.history.len(),
            best.valid.total,
            best.valid.reconstruction,
            best.valid.kl,
            best.valid.mmd,
            if config.head.is_some() { format!(", head {:.4}", best.valid.head) } else { String::new() }
        );
        Ok(Outcome::Done)
    }

    /// Trains the shipped models, several at once.
    fn train_all(&self, set: &Dataset) -> Result<Outcome> {
        let base = |latents: usize| Self { latents, ..self.clone() }.config();
        let mut wanted: Vec<(String, VaeConfig)> = [2, 4, 6, 10].map(|d| (format!("vae{d}"), base(d))).to_vec();
        wanted.push(("ae6".to_owned(), VaeConfig { variational: false, ..base(6) }));
        let left: Vec<&(String, VaeConfig)> =
            wanted.iter().filter(|(name, config)| !self.is_there(name, config, set)).collect();
        let device = match left.first() {
            Some((_, config)) => self.device.to_train(config, &set.spectra)?,
            None => ModelDevice::Cpu,
        };
        let one = |at: usize| {
            let (name, config) = left[at];
            let path = self.out().join(format!("{name}.safetensors"));
            let checkpoint = self.checkpoint(&path)?;
            let model = fit::fit(name, config, set.training_set(config)?, &checkpoint, device, |seen| {
                if let fit::Seen::Epoch { report, best, seconds, .. } = seen {
                    eprintln!("{name}: {}", fit::epoch_line(report, best, seconds));
                }
            })?
            .whole()?;
            fit::write(&path, &model, self.precision(), set, !self.no_umap)?;
            checkpoint.remove()
        };
        let outcomes = parallel::map_models(device.jobs(None), left.len(), one, |_| {});
        outcomes.into_iter().collect::<Result<Vec<()>>>()?;
        eprintln!("{} models trained, {} were there: {}", left.len(), wanted.len() - left.len(), self.out().display());
        Ok(Outcome::Done)
    }

    fn is_there(&self, name: &str, config: &VaeConfig, set: &Dataset) -> bool {
        let path = self.out().join(format!("{name}.safetensors"));
        let Ok(bytes) = std::fs::read(&path) else { return false };
        Model::from_bytes(name, &bytes, &inference::device())
            .is_ok_and(|model| model.card.config == *config && model.card.training_set_sha256 == set.sha256)
    }

    /// Returns the checkpoint file of a model, ignoring a saved training of other settings where the training is to start
    /// again.
    fn checkpoint(&self, model: &Path) -> Result<CheckpointFile> {
        let checkpoint = CheckpointFile::of_model(model);
        if self.restart {
            checkpoint.remove()?;
        }
        Ok(checkpoint)
    }

    /// Returns the path that every training but a verification has.
    fn out(&self) -> &Path {
        self.out.as_deref().unwrap_or(Path::new(""))
    }

    fn precision(&self) -> Precision {
        if self.half { Precision::F16 } else { Precision::F32 }
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
            input: match self.input {
                Input::Flux => EncoderInput::Flux,
                Input::FluxAndWeight => EncoderInput::FluxAndWeight,
            },
            head: (self.predict_class || !self.measurements.is_empty()).then(|| HeadConfig {
                classes: if self.predict_class { 4 } else { 0 },
                measurements: self.measurements.clone(),
                weight: self.head_weight,
                labelled_fraction: self.labelled_fraction,
            }),
            ..base
        }
    }

    fn model_name(&self) -> String {
        let stem = self.out().file_stem().map(|stem| stem.to_string_lossy().into_owned());
        self.name.clone().or(stem).unwrap_or_else(|| "model".to_owned())
    }
}

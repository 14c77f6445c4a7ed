//! The models of the report: trained once, then read.

use std::path::PathBuf;
use std::sync::Mutex;

use anyhow::{Context, Result};

use super::workspace::Workspace;
use crate::cli::model::checkpoint_file::CheckpointFile;
use crate::cli::model::dataset::Dataset;
use crate::cli::model::device::DeviceChoice;
use crate::cli::model::fit;
use crate::cli::{files, parallel};
use crate::vae::config::{EncoderInput, HeadConfig};
use crate::vae::dataset::TrainingSet;
use crate::vae::inference::{self, Model};
use crate::vae::model_file::Precision;
use crate::vae::{VaeConfig, infill};

/// Numbers of latents of the paper's models.
pub(super) const SIZES: [usize; 4] = [2, 4, 6, 10];

/// The kind of a model in the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The paper's InfoVAE.
    Vae,
    /// An autoencoder with the VAE's layers and no sampling, trained with the weights of the VAE.
    Autoencoder,
    /// An autoencoder trained with a weight of 1 for every pixel, as the paper's was.
    UnweightedAutoencoder,
    /// A VAE-6 whose encoder takes each pixel's weight as well as its flux.
    WeightInput,
    /// A VAE-6 trained again on a set whose masked pixels an earlier VAE-6 filled.
    Refilled,
    /// A VAE-6 that also predicts class and star-formation rate, from labels of a tenth of the spectra.
    SemiSupervised,
    /// A VAE-6 that also predicts broad-band colours.
    Colours,
}

/// A model to train.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    /// Kind of the model.
    pub kind: Kind,
    /// Number of latents.
    pub latents: usize,
    /// Seed of the training.
    pub seed: u64,
}

/// Column that the semi-supervised model predicts, where the set has it.
pub(super) const STAR_FORMATION: &str = "truth_ssfr";
/// Columns that the model with colours predicts, where the set has them.
pub(super) const COLOURS: [&str; 3] = ["truth_u_g", "truth_g_r", "truth_r_i"];

impl Order {
    /// Returns the stem of the model's file, such as `vae6-seed1`.
    pub(super) fn name(&self) -> String {
        let kind = match self.kind {
            Kind::Vae => "vae",
            Kind::Autoencoder => "ae",
            Kind::UnweightedAutoencoder => "ae-unweighted-",
            Kind::WeightInput => "vae-weight-input-",
            Kind::Refilled => "vae-refilled-",
            Kind::SemiSupervised => "vae-semi-supervised-",
            Kind::Colours => "vae-colours-",
        };
        format!("{kind}{}-seed{}", self.latents, self.seed)
    }

    /// Returns the training configuration, with `epochs` as the maximum where given.
    pub(super) fn config(&self, epochs: Option<usize>) -> VaeConfig {
        let base = VaeConfig::paper(self.latents);
        let max_epochs = epochs.unwrap_or(base.max_epochs);
        let config = VaeConfig { seed: self.seed, max_epochs, ..base };
        match self.kind {
            Kind::Vae | Kind::Refilled => config,
            Kind::Autoencoder => VaeConfig { variational: false, ..config },
            Kind::UnweightedAutoencoder => VaeConfig { variational: false, unweighted: true, ..config },
            Kind::WeightInput => VaeConfig { input: EncoderInput::FluxAndWeight, ..config },
            Kind::SemiSupervised => VaeConfig {
                head: Some(HeadConfig {
                    classes: 4,
                    measurements: vec![STAR_FORMATION.to_owned()],
                    weight: 10.0,
                    labelled_fraction: 0.1,
                }),
                ..config
            },
            Kind::Colours => VaeConfig {
                head: Some(HeadConfig {
                    classes: 0,
                    measurements: COLOURS.map(str::to_owned).to_vec(),
                    weight: 10.0,
                    labelled_fraction: 1.0,
                }),
                ..config
            },
        }
    }

    fn path(&self, workspace: &Workspace) -> PathBuf {
        workspace.path(&format!("models/{}.safetensors", self.name()))
    }

    /// Returns the path that a shipped model of this kind has in the models' folder, such as `vae6.safetensors`.
    fn shipped(&self, workspace: &Workspace) -> Option<PathBuf> {
        let kind = match self.kind {
            Kind::Vae => "vae",
            Kind::Autoencoder => "ae",
            _ => return None,
        };
        Some(workspace.models.as_ref()?.join(format!("{kind}{}.safetensors", self.latents)))
    }

    /// Reads the trained model; `None` where it is missing, or was trained with other settings or on another set.
    pub(super) fn load(&self, workspace: &Workspace, set: &Dataset, epochs: Option<usize>) -> Option<Model> {
        let fits =
            |model: &Model| model.card.config == self.config(epochs) && model.card.training_set_sha256 == set.sha256;
        let read = |path: PathBuf| {
            let bytes = files::read(&path).ok()?;
            Model::from_bytes(&path.display().to_string(), &bytes, &inference::device()).ok().filter(fits)
        };
        self.shipped(workspace).and_then(read).or_else(|| read(self.path(workspace)))
    }

    /// Refuses a shipped model of this kind whose recipe differs from the set's. Otherwise all models would be trained again
    /// without notice.
    pub(super) fn check(&self, workspace: &Workspace, set: &Dataset) -> Result<()> {
        let Some(path) = self.shipped(workspace).filter(|path| path.is_file()) else { return Ok(()) };
        let model = Model::from_bytes(&path.display().to_string(), &files::read(&path)?, &inference::device())?;
        set.check(&model)
    }

    fn training_set(&self, workspace: &Workspace, set: &Dataset, epochs: Option<usize>) -> Result<TrainingSet> {
        let mut spectra = set.training_set(&self.config(epochs))?;
        if self.kind == Kind::Refilled {
            let first = Order { kind: Kind::Vae, ..*self };
            let model = first.load(workspace, set, epochs).context("the VAE that fills the gaps is not trained yet")?;
            infill::fill_set(&mut spectra, &model);
        }
        Ok(spectra)
    }
}

/// Trains those of `orders` that have no model yet, `jobs` at a time, and writes each as soon as it is trained.
pub(super) fn train(
    workspace: &Workspace,
    set: &Dataset,
    orders: &[Order],
    epochs: Option<usize>,
    (device, jobs): (DeviceChoice, Option<usize>),
) -> Result<()> {
    for order in orders {
        order.check(workspace, set)?;
    }
    let left: Vec<&Order> = orders.iter().filter(|order| order.load(workspace, set, epochs).is_none()).collect();
    let Some(first) = left.first() else { return Ok(()) };
    let config = first.config(epochs);
    let device = device.to_train(&config, &set.training_set(&config)?)?;
    let lines = Mutex::new(());
    let print = |line: &str| {
        let _one_at_a_time = lines.lock();
        eprintln!("{line}");
    };
    print(&format!("training {} models ({} are there)", left.len(), orders.len() - left.len()));
    let one = |order: &Order| -> Result<()> {
        let name = order.name();
        let config = order.config(epochs);
        let spectra = order.training_set(workspace, set, epochs)?;
        let started = std::time::Instant::now();
        // A checkpoint of a run with other options is of no use to this one.
        let checkpoint = CheckpointFile::of_model(&order.path(workspace)).or_restart();
        let model = fit::fit(&name, &config, spectra, &checkpoint, device, |seen| {
            if let fit::Seen::Epoch { report, .. } = seen
                && report.epoch % 10 == 0
            {
                print(&format!("{name}: epoch {}, validation loss {:.2}", report.epoch, report.valid.total));
            }
        })?
        .whole()?;
        files::write(&order.path(workspace), &model.to_bytes(Precision::F32))?;
        checkpoint.remove()?;
        let epochs = model.card.history.len();
        let best = model.card.history[model.card.epoch.max(1) - 1].valid.total;
        print(&format!(
            "{name}: done, {epochs} epochs in {:.0} s, validation loss {best:.2}",
            started.elapsed().as_secs_f64()
        ));
        Ok(())
    };
    let outcomes = parallel::map_models(device.jobs(jobs), left.len(), |at| one(left[at]), |_| {});
    outcomes.into_iter().collect()
}

//! A set as a model encodes it: what `evaluate`, `outliers`, `tracks`, `noise` and `umap` start from.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::choice::ModelChoice;
use super::dataset::Dataset;
use crate::latent::LatentAxes;
use crate::vae::Model;
use crate::vae::encoding::EncodingMethod;
use crate::vae::posterior::Posterior;

/// The arguments that name a set and a model, and the form of the output.
#[derive(Debug, Args)]
pub(super) struct SetAndModel {
    /// The set's folder, with its manifest.json.
    #[arg(long)]
    data: PathBuf,
    #[command(flatten)]
    model: ModelChoice,
    /// Print JSON in place of CSV.
    #[arg(long)]
    pub json: bool,
}

/// A set, a model, and the latents of every spectrum.
pub(super) struct EncodedSet {
    /// Set.
    pub set: Dataset,
    /// Model.
    pub model: Model,
    /// Posterior of every spectrum, `[n * d]` each.
    pub encoded: Posterior,
}

/// One spectrum of the set and its reconstruction, `[1000]` each.
pub(super) struct Reconstructed {
    /// Normalised flux.
    pub flux: Vec<f32>,
    /// Inverse variance.
    pub ivar: Vec<f32>,
    /// Decoded flux.
    pub reconstruction: Vec<f32>,
}

impl SetAndModel {
    /// Reads the set and the model, and encodes every spectrum by the encoder alone, as in the paper.
    ///
    /// # Errors
    /// Fails as [`SetAndModel::encode_by`] does.
    pub(super) fn encode(&self) -> Result<EncodedSet> {
        self.encode_by(EncodingMethod::Plain)
    }

    /// Reads the set and the model, and encodes every spectrum by a method.
    ///
    /// # Errors
    /// A set or model that cannot be read, or a model that does not fit the set.
    pub(super) fn encode_by(&self, method: EncodingMethod) -> Result<EncodedSet> {
        let set = Dataset::load(&self.data)?;
        let model = self.model.load()?;
        set.check(&model)?;
        let encoded = set.encode(&model, method);
        set.check_read()?;
        Ok(EncodedSet { set, model, encoded })
    }
}

impl EncodedSet {
    /// Returns the number of latents d.
    pub(super) fn dims(&self) -> usize {
        self.model.latents()
    }

    /// Returns the principal axes of the training spectra's latent means, with the paper's signs.
    pub(super) fn axes(&self) -> LatentAxes {
        let training: Vec<f32> =
            self.set.split().train.iter().flat_map(|&row| self.latent_mean(row)).copied().collect();
        let classes: Vec<i32> = self.set.classes().into_iter().map(i32::from).collect();
        LatentAxes::fit(&training, self.dims()).turned_as_in_the_paper(&self.encoded.mean, &classes)
    }

    /// Decodes the latent mean of a spectrum.
    pub(super) fn reconstruct(&self, row: usize) -> Reconstructed {
        let (flux, ivar) = self.set.spectra.rows(row, row + 1);
        Reconstructed { flux, ivar, reconstruction: self.model.decode(self.latent_mean(row)) }
    }

    fn latent_mean(&self, row: usize) -> &[f32] {
        let dims = self.dims();
        &self.encoded.mean[row * dims..(row + 1) * dims]
    }
}

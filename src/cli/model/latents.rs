//! `latents`: the latents of every spectrum of a set, as the page reads them.

use std::ops::ControlFlow;
use std::path::PathBuf;

use anyhow::{Error, Result};
use clap::Args;

use super::choice::ModelChoice;
use super::dataset::Dataset;
use super::device::DeviceChoice;
use super::method::MethodChoice;
use crate::cli::outcome::Outcome;
use crate::cli::{files, progress};
use crate::latent::umap::{UmapConfig, UmapProgress, umap};
use crate::vae::Model;
use crate::vae::encoding::EncodingMethod;

/// Seed of the maps in latents files.
const MAP_SEED: u64 = 1;

#[derive(Debug, Args)]
pub(in crate::cli) struct Latents {
    /// The set's folder, with its manifest.json.
    #[arg(long)]
    data: PathBuf,
    #[command(flatten)]
    model: ModelChoice,
    /// The file to write; the page looks for <name>.latents.safetensors beside <name>.safetensors.
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    method: MethodChoice,
    #[command(flatten)]
    device: DeviceChoice,
    /// Leave out the map by UMAP, which takes minutes for sets of many ten thousand spectra.
    #[arg(long)]
    no_umap: bool,
}

impl Latents {
    pub(super) fn run(&self) -> Result<Outcome> {
        let set = Dataset::load(&self.data)?;
        let model = self.model.load()?;
        set.check(&model)?;
        let model = self.device.to_encode(model, set.len())?;
        files::write(&self.out, &file(&set, &model, self.method.method(), !self.no_umap, true)?)?;
        Ok(Outcome::Done)
    }
}

/// Returns the bytes of a model's latents file of a set, with a UMAP of the latents where `mapped`; `bar` shows its progress.
pub(super) fn file(set: &Dataset, model: &Model, method: EncodingMethod, mapped: bool, bar: bool) -> Result<Vec<u8>> {
    let mut latents = set.latents(model, method);
    set.check_read()?;
    if mapped {
        let config = UmapConfig { seed: MAP_SEED, ..UmapConfig::default() };
        latents.umap = Some(map(&latents.mean, latents.dims, &config, bar)?);
    }
    Ok(latents.to_bytes())
}

/// Computes the map `[n * 2]` of latents `[n * dims]`.
pub(super) fn map(latents: &[f32], dims: usize, config: &UmapConfig, bar: bool) -> Result<Vec<f32>> {
    let bar = bar.then(|| progress::bar("UMAP", 1));
    let positions = umap(latents, dims, config, |progress| {
        let (UmapProgress::Neighbours { done, of } | UmapProgress::Descent { done, of }) = progress;
        if let Some(bar) = &bar {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        }
        ControlFlow::Continue(())
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    positions.map_err(Error::from)
}

//! The sets and models to publish, and which of them go together.

use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, bail};

use super::folder::SiteFolder;
use crate::cli::files;
use crate::cli::library::latents_path;
use crate::cli::model::dataset::Dataset;
use crate::cli::model::latents;
use crate::formats::set::names::{is_link_name, to_link_name};
use crate::formats::set::{Catalogue, LatentSet};
use crate::vae::encoding::EncodingMethod;
use crate::vae::inference::{self, Model};

/// Spectra that are encoded again, to see whether latents are those of the model and set at hand.
const SAMPLE: usize = 8;

/// Sets and models to publish.
pub(super) struct Collection {
    sets: Vec<(String, PathBuf)>,
    models: Vec<Named>,
    /// Set and model by their numbers.
    pairs: Vec<(usize, usize)>,
}

/// A model, under the name that it is published by.
struct Named {
    name: String,
    path: PathBuf,
    bytes: Vec<u8>,
    model: Model,
}

impl Collection {
    /// Reads manifests and models, and finds which go together.
    ///
    /// # Errors
    /// A file that cannot be used, a name that two share, and a set or model that goes with none of the others.
    pub(super) fn read(data: &[String], model: &[String]) -> Result<Self> {
        let (mut sets, mut manifests) = (Vec::new(), Vec::new());
        for argument in data {
            let (name, folder) = named(argument);
            let (manifest, _) = files::manifest(&folder)?;
            sets.push((published_name(name.unwrap_or(&manifest.name), argument)?, folder));
            manifests.push(manifest);
        }
        let mut models = Vec::new();
        for argument in model {
            let (name, path) = named(argument);
            let bytes = files::read(&path)?;
            let model = Model::from_bytes(&path.display().to_string(), &bytes, &inference::device())?;
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            models.push(Named { name: published_name(name.unwrap_or(&stem), argument)?, path, bytes, model });
        }
        no_name_twice("sets", sets.iter().map(|(name, _)| name))?;
        no_name_twice("models", models.iter().map(|model| &model.name))?;

        let mut pairs = Vec::new();
        let mut refusals = Vec::new();
        for (set, manifest) in manifests.iter().enumerate() {
            for (number, named) in models.iter().enumerate() {
                match named.model.card.check_recipe(&manifest.name, manifest.recipe) {
                    Ok(()) => pairs.push((set, number)),
                    Err(error) => refusals.push((set, number, Error::from(error))),
                }
            }
        }
        let lonely = |set: usize, model: usize| {
            !pairs.iter().any(|pair| pair.0 == set) || !pairs.iter().any(|pair| pair.1 == model)
        };
        match refusals.into_iter().find(|(set, model, _)| lonely(*set, *model)) {
            Some((_, _, error)) => Err(error),
            None => Ok(Self { sets, models, pairs }),
        }
    }

    /// Returns the names of the sets, in the order given.
    pub(super) fn set_names(&self) -> Vec<String> {
        self.sets.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Returns the names of the models, in the order given.
    pub(super) fn model_names(&self) -> Vec<String> {
        self.models.iter().map(|model| model.name.clone()).collect()
    }

    /// Writes sets, latents and models, one set in memory at a time; latents that are missing or of something else are made.
    pub(super) fn write(&self, folder: &mut SiteFolder, mapped: bool) -> Result<()> {
        for (number, (name, source)) in self.sets.iter().enumerate() {
            let set = Dataset::load(source)?;
            for &(_, model) in self.pairs.iter().filter(|pair| pair.0 == number) {
                let named = &self.models[model];
                set.check(&named.model)?;
                let path = latents_path(name, &named.name);
                let latents = match reusable(&set, named, &folder.path(&path), mapped) {
                    Some(bytes) => bytes,
                    None => {
                        eprintln!("encoding {name} with {}", named.name);
                        latents::file(&set, &named.model, EncodingMethod::default(), mapped, true)?
                    }
                };
                folder.write(&path, &latents)?;
            }
            write_set(&set, name, folder)?;
        }
        for named in &self.models {
            folder.write(&format!("models/{}.safetensors", named.name), &named.bytes)?;
        }
        Ok(())
    }
}

/// Copies the files of a set, its manifest last.
fn write_set(set: &Dataset, name: &str, folder: &mut SiteFolder) -> Result<()> {
    let manifest = &set.manifest;
    let path = set.folder.join(&manifest.catalogue);
    let catalogue = Catalogue::from_bytes(&path.display().to_string(), &files::read(&path)?)?;
    if catalogue.len() != manifest.count {
        let (found, want) = (catalogue.len(), manifest.count);
        bail!("{} describes {found} spectra, the manifest names {want}: make the set again", path.display());
    }
    let shards = manifest.shards.iter().map(|shard| &shard.name);
    let manifest_file = "manifest.json".to_owned();
    for file in shards.chain([&manifest.mean_spectrum, &manifest.catalogue, &manifest_file]) {
        folder.write(&format!("data/{name}/{file}"), &files::read(&set.folder.join(file))?)?;
    }
    Ok(())
}

/// Returns latents that were made before, beside the model or by an earlier publication, where they are those of this set under this
/// model.
fn reusable(set: &Dataset, named: &Named, published: &Path, mapped: bool) -> Option<Vec<u8>> {
    let beside = named.path.with_extension("latents.safetensors");
    [beside.as_path(), published].into_iter().find_map(|path| {
        let bytes = std::fs::read(path).ok()?;
        let latents = LatentSet::from_bytes(&path.display().to_string(), &bytes).ok()?;
        (latents.umap.is_some() == mapped && are_of(&latents, set, &named.model)).then_some(bytes)
    })
}

fn are_of(latents: &LatentSet, set: &Dataset, model: &Model) -> bool {
    let same_set = latents.set == set.manifest.name && latents.len() == set.len() && latents.class == set.classes();
    if !same_set || latents.dims != model.latents() {
        return false;
    }
    let count = SAMPLE.min(set.len());
    let sample = model.encode_all(count, latents.encoding, |start, end| set.spectra.rows(start, end));
    // Files hold half precision.
    sample.mean.iter().zip(&latents.mean).all(|(now, then)| (now - then).abs() <= 0.01 + 0.01 * now.abs())
}

/// Splits NAME=PATH; a path that is there may hold a `=` itself.
fn named(argument: &str) -> (Option<&str>, PathBuf) {
    match argument.split_once('=') {
        Some((name, path)) if is_link_name(name) && !Path::new(argument).exists() => (Some(name), path.into()),
        _ => (None, argument.into()),
    }
}

fn published_name(name: &str, argument: &str) -> Result<String> {
    to_link_name(name).with_context(|| format!("{argument} has no name for links: give it one, as in NAME={argument}"))
}

fn no_name_twice<'a>(what: &str, names: impl Iterator<Item = &'a String>) -> Result<()> {
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            bail!("two {what} are called {name}: give one of them another name, as in OTHER=PATH");
        }
    }
    Ok(())
}

//! `library`: the `library.json` of a folder that holds sets and models as a site does.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;

use super::files;
use super::outcome::Outcome;
use crate::formats::set::names::is_link_name;
use crate::formats::set::{LatentSet, Library, Manifest, ModelEntry, Opening, Pair, SetEntry, sha256_hex};
use crate::vae::ModelCard;
use crate::vae::model_file::ModelFile;

#[derive(Debug, Args)]
pub(super) struct LibraryOf {
    /// The folder: sets in data/NAME/, models and latents as models/NAME.safetensors and models/NAME.latents.safetensors.
    folder: PathBuf,
    #[command(flatten)]
    site: Site,
}

/// The description of a site.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Site {
    /// Title of the site, in its header and in the browser's tab.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub title: String,
    /// Licence of the site, at its foot; each set's own is there too.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub license: String,
    /// Set and model that open first.
    #[arg(long, value_name = "SET[/MODEL]")]
    pub open: Option<String>,
}

impl LibraryOf {
    pub(super) fn run(&self) -> Result<Outcome> {
        let sets = names(&self.folder.join("data"), |path| {
            path.join("manifest.json").is_file().then(|| path.file_name()?.to_str().map(str::to_owned)).flatten()
        })?;
        let models = names(&self.folder.join("models"), |path| {
            let stem = path.file_name()?.to_str()?.strip_suffix(".safetensors")?;
            (!stem.ends_with(".latents")).then(|| stem.to_owned())
        })?;
        let library = describe(&self.folder, &sets, &models, &self.site)?;
        files::write(&self.folder.join("library.json"), library.to_json().as_bytes())?;
        let (sets, models) = (library.sets.len(), library.models.len());
        eprintln!("{sets} sets, {models} models: {}", self.folder.join("library.json").display());
        Ok(Outcome::Done)
    }
}

/// Describes sets and models of a site's folder, in the order given; which go together is what its latents say.
pub(super) fn describe(folder: &Path, sets: &[String], models: &[String], site: &Site) -> Result<Library> {
    let (mut set_entries, mut manifests) = (Vec::new(), Vec::new());
    for name in sets {
        let (entry, manifest) = set_entry(folder, name)?;
        set_entries.push(entry);
        manifests.push(manifest);
    }
    let (mut model_entries, mut cards) = (Vec::new(), Vec::new());
    for name in models {
        let (entry, card) = model_entry(folder, name)?;
        model_entries.push(entry);
        cards.push(card);
    }
    let mut pairs = Vec::new();
    for (set, manifest) in sets.iter().zip(&manifests) {
        for (model, card) in models.iter().zip(&cards) {
            if card.check_recipe(&manifest.name, manifest.recipe).is_ok() {
                pairs.extend(pair(folder, (set, manifest), model, card.config.latents)?);
            }
        }
    }
    let opens = opening(site.open.as_deref(), &pairs)
        .with_context(|| format!("{} has no set with latents of a model", folder.display()))?;
    let (title, license) = (site.title.clone(), site.license.clone());
    let (sets, models) = (set_entries, model_entries);
    let library = Library { format: Library::FORMAT, title, license, opens, sets, models, pairs };
    // What the page would refuse is not written.
    Ok(Library::from_json("library.json", library.to_json().as_bytes())?)
}

fn set_entry(folder: &Path, name: &str) -> Result<(SetEntry, Manifest)> {
    let set = folder.join("data").join(name);
    let path = set.join("manifest.json");
    let bytes = files::read(&path)?;
    let manifest = Manifest::from_json(&path.display().to_string(), &bytes)?;
    let size = |name: &str| {
        let path = set.join(name);
        fs::metadata(&path).map(|found| found.len()).with_context(|| format!("{} cannot be read", path.display()))
    };
    let shards = manifest.shards.iter().map(|shard| shard.bytes as u64).sum::<u64>();
    let entry = SetEntry {
        name: name.to_owned(),
        title: manifest.title.clone(),
        license: manifest.license.clone(),
        simulated: manifest.simulated,
        count: manifest.count,
        bytes: shards + bytes.len() as u64 + size(&manifest.mean_spectrum)? + size(&manifest.catalogue)?,
        sha256: sha256_hex(&bytes),
    };
    Ok((entry, manifest))
}

fn model_entry(folder: &Path, name: &str) -> Result<(ModelEntry, ModelCard)> {
    let path = folder.join("models").join(format!("{name}.safetensors"));
    let bytes = files::read(&path)?;
    let card = ModelFile::from_bytes(&path.display().to_string(), &bytes)?.card;
    let latents = card.config.latents;
    let kind = if card.config.variational { "VAE" } else { "autoencoder" };
    let entry = ModelEntry {
        name: name.to_owned(),
        title: format!("{name}: {kind}, {latents} latents"),
        latents,
        bytes: bytes.len() as u64,
        sha256: sha256_hex(&bytes),
    };
    Ok((entry, card))
}

/// Returns the pair of a set and a model, where the folder has the latents of the one under the other.
fn pair(folder: &Path, (set, manifest): (&str, &Manifest), model: &str, dims: usize) -> Result<Option<Pair>> {
    for latents in [latents_path(set, model), format!("models/{model}.latents.safetensors")] {
        let path = folder.join(&latents);
        if !path.is_file() {
            continue;
        }
        let bytes = files::read(&path)?;
        let found = LatentSet::from_bytes(&path.display().to_string(), &bytes)?;
        if found.set == manifest.name && found.len() == manifest.count && found.dims == dims {
            let (set, model) = (set.to_owned(), model.to_owned());
            let (bytes, sha256) = (bytes.len() as u64, sha256_hex(&bytes));
            return Ok(Some(Pair { set, model, latents, bytes, sha256 }));
        }
    }
    Ok(None)
}

/// Returns where a site has the latents of a set under a model, below its folder.
pub(super) fn latents_path(set: &str, model: &str) -> String {
    format!("data/{set}/{model}.latents.safetensors")
}

/// Returns the pair that opens first: the first, or the first that `wanted` (SET or SET/MODEL) names.
fn opening(wanted: Option<&str>, pairs: &[Pair]) -> Result<Opening> {
    let (set, model) = match wanted {
        Some(wanted) => wanted.split_once('/').map_or((Some(wanted), None), |(set, model)| (Some(set), Some(model))),
        None => (None, None),
    };
    let fits = |pair: &&Pair| set.is_none_or(|set| pair.set == set) && model.is_none_or(|model| pair.model == model);
    match (pairs.iter().find(fits), wanted) {
        (Some(pair), _) => Ok(Opening { set: pair.set.clone(), model: pair.model.clone() }),
        (None, Some(wanted)) if !pairs.is_empty() => {
            let all: Vec<String> = pairs.iter().map(|pair| format!("{}/{}", pair.set, pair.model)).collect();
            Err(anyhow!("`--open {wanted}` names none of {}", all.join(", ")))
        }
        (None, _) => Err(anyhow!("make them with `spectrascape latents` first")),
    }
}

/// Returns the names that `name` finds in a folder's entries, shorter ones first, so that vae4 stands before vae10.
fn names(folder: &Path, name: impl Fn(&Path) -> Option<String>) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut found: Vec<String> = entries.flatten().filter_map(|entry| name(&entry.path())).collect();
    found.sort_by_key(|name| (name.len(), name.clone()));
    match found.iter().find(|name| !is_link_name(name)) {
        Some(name) => bail!("{} holds `{name}`: a name has letters, digits, _ and - only", folder.display()),
        None => Ok(found),
    }
}

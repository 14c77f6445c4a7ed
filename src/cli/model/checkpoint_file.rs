//! The checkpoint of a training next to the model that it produces: `<model>.checkpoint`, in the page's own format.

use std::path::{Path, PathBuf};

use anyhow::{Error, Result, anyhow};
use serde_json::{Map, Value};

use crate::cli::files;
use crate::vae::VaeConfig;
use crate::vae::checkpoint::Checkpoint;
use crate::vae::dataset::TrainingSet;

/// The path of a training's checkpoint, and whether another training saved under it is refused.
#[derive(Debug, Clone)]
pub(super) struct CheckpointFile {
    path: PathBuf,
    restart: bool,
}

impl CheckpointFile {
    /// Returns the checkpoint file of the model at `model`. Another training saved under it is refused.
    pub(super) fn of_model(model: &Path) -> Self {
        let mut path = model.as_os_str().to_owned();
        path.push(".checkpoint");
        Self { path: path.into(), restart: false }
    }

    /// Ignores a saved training of other settings.
    pub(super) fn or_restart(self) -> Self {
        Self { restart: true, ..self }
    }

    /// Reads the saved training of a configuration on a set; `None` where nothing is saved.
    ///
    /// # Errors
    ///
    /// A damaged file, or a training of another set or configuration; the message names what differs.
    pub(super) fn read(&self, config: &VaeConfig, set: &TrainingSet) -> Result<Option<Checkpoint>> {
        if !self.path.is_file() {
            return Ok(None);
        }
        let name = self.path.display().to_string();
        let saved =
            files::read(&self.path).and_then(|bytes| Checkpoint::from_bytes(&name, &bytes).map_err(Error::from));
        let saved = match saved {
            Err(_) if self.restart => return Ok(None),
            saved => saved?,
        };
        let mut differences = differences(&saved.snapshot.config, config);
        if saved.set_sha256 != set.manifest_sha256 {
            differences.insert(0, format!("set (`{}`, now `{}`)", saved.set, set.name));
        }
        if saved.recipe != set.recipe {
            differences.insert(0, format!("recipe ({}, now {})", saved.recipe, set.recipe));
        }
        match (differences.is_empty(), self.restart) {
            (true, _) => Ok(Some(saved)),
            (false, true) => Ok(None),
            (false, false) => Err(anyhow!(
                "{name} is an unfinished training that differs in {}: give the same options, or start again (train --restart, or delete \
                 the file)",
                differences.join(", ")
            )),
        }
    }

    /// Writes a training, whole or not at all.
    pub(super) fn write(&self, checkpoint: &Checkpoint) -> Result<()> {
        files::write(&self.path, &checkpoint.to_bytes())
    }

    /// Removes the file if it exists.
    pub(super) fn remove(&self) -> Result<()> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(anyhow!("{} cannot be removed: {error}", self.path.display()))
            }
            _ => Ok(()),
        }
    }
}

/// Returns the settings in which two configurations differ, each with both values.
fn differences(saved: &VaeConfig, now: &VaeConfig) -> Vec<String> {
    // By way of text, which has as few digits as single precision needs.
    let fields = |config: &VaeConfig| -> Map<String, Value> {
        let text = serde_json::to_string(config).expect("plain data always serialises");
        serde_json::from_str(&text).expect("what was just written")
    };
    let (saved, now) = (fields(saved), fields(now));
    now.iter()
        .filter(|&(name, value)| saved.get(name) != Some(value))
        .map(|(name, value)| format!("{name} ({}, now {value})", saved.get(name).unwrap_or(&Value::Null)))
        .collect()
}

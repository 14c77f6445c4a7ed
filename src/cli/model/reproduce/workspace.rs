//! The report's folder. Results that are there already are read, so that a run that was stopped continues.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::cli::files;

/// A report's folder, and what its cached results depend on.
pub(super) struct Workspace {
    folder: PathBuf,
    /// Folder of models that were trained before.
    pub models: Option<PathBuf>,
    /// The set, the options and the program: a cached result with another fingerprint is computed again.
    fingerprint: String,
}

/// A figure or table of the report.
#[derive(Debug, Clone, Serialize, serde::Deserialize)]
pub(super) struct Exhibit {
    /// Stem of its files, as in `figure-03`.
    pub stem: String,
    /// Its number in the paper, as in "Figure 3".
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its caption, with the numbers that matter.
    pub caption: String,
    /// Whether there is an SVG beside the CSV.
    pub drawn: bool,
}

/// A result on disk.
#[derive(Serialize, serde::Deserialize)]
struct Cached<T> {
    fingerprint: String,
    value: T,
}

impl Workspace {
    pub(super) fn new(folder: &Path, models: Option<PathBuf>, fingerprint: String) -> Self {
        Self { folder: folder.to_owned(), models, fingerprint }
    }

    /// Returns the path of a file in the folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Returns the result called `name`: read if it is there with the same fingerprint, else computed and written.
    ///
    /// # Errors
    /// Those of `compute`, and a file that cannot be written.
    pub(super) fn cached<T: Serialize + DeserializeOwned>(
        &self,
        name: &str,
        compute: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let path = self.path(&format!("work/{name}.json"));
        // A file that is missing, truncated or of another run is computed again.
        if let Ok(bytes) = std::fs::read(&path)
            && let Ok(cached) = serde_json::from_slice::<Cached<T>>(&bytes)
            && cached.fingerprint == self.fingerprint
        {
            return Ok(cached.value);
        }
        let cached = Cached { fingerprint: self.fingerprint.clone(), value: compute()? };
        let json = serde_json::to_vec(&cached).expect("plain data always serialises");
        files::write(&path, &json)?;
        Ok(cached.value)
    }

    /// Writes the files of a figure or table.
    pub(super) fn write(&self, exhibit: &Exhibit, svg: Option<&str>, csv: &str) -> Result<()> {
        if let Some(svg) = svg {
            files::write(&self.path(&format!("{}.svg", exhibit.stem)), svg.as_bytes())?;
        }
        files::write(&self.path(&format!("{}.csv", exhibit.stem)), csv.as_bytes())
    }
}

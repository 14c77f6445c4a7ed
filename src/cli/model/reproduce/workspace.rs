//! The report's folder. Results that exist already are read, so that a run that was stopped continues.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::cli::files;

/// A report's folder, and what its cached results depend on.
pub(super) struct Workspace {
    folder: PathBuf,
    /// Folder of models from earlier training.
    pub models: Option<PathBuf>,
    /// Fingerprint of the set, the options and the program: a cached result with another one is computed again.
    fingerprint: String,
}

/// A figure or table of the report.
#[derive(Debug, Clone, Serialize, serde::Deserialize)]
pub(super) struct Exhibit {
    /// Stem of the file names, such as `figure-03`.
    pub stem: String,
    /// Number in the paper, such as "Figure 3".
    pub number: String,
    /// Title.
    pub title: String,
    /// Caption, with the numbers that matter.
    pub caption: String,
    /// Whether there is an SVG as well as the CSV.
    pub drawn: bool,
}

/// A result on disk.
#[derive(Serialize, serde::Deserialize)]
struct Cached<T> {
    fingerprint: String,
    value: T,
}

impl Workspace {
    /// Returns the workspace in a folder, which it does not create.
    pub(super) fn new(folder: &Path, models: Option<PathBuf>, fingerprint: String) -> Self {
        Self { folder: folder.to_owned(), models, fingerprint }
    }

    /// Returns the path of a file in the folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Returns the result called `name`: read where it exists with the same fingerprint, else computed and written.
    ///
    /// # Errors
    /// An error of `compute`, or a file that cannot be written.
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

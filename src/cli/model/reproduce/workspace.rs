//! The report's folder: what is there already is not made again, so a run that was stopped goes on where it was.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::cli::files;

/// Where a report is made.
pub(super) struct Workspace {
    folder: PathBuf,
    /// Where models lie that need not be trained again.
    pub models: Option<PathBuf>,
    /// What every cached result depends on: the set, the options, the program.
    fingerprint: String,
}

/// A figure or table of the report, as it stands in the page.
#[derive(Debug, Clone, Serialize, serde::Deserialize)]
pub(super) struct Exhibit {
    /// `figure-03`: the stem of its files.
    pub stem: String,
    /// "Figure 3", "Table 2".
    pub number: String,
    /// Its title.
    pub title: String,
    /// What is seen in it, in plain words, with the numbers that matter.
    pub caption: String,
    /// Whether there is an SVG beside the CSV.
    pub drawn: bool,
}

/// A result on disk with what it was made from.
#[derive(Serialize, serde::Deserialize)]
struct Kept<T> {
    fingerprint: String,
    value: T,
}

impl Workspace {
    pub(super) fn new(folder: &Path, models: Option<PathBuf>, fingerprint: String) -> Self {
        Self { folder: folder.to_owned(), models, fingerprint }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The result called `name`: read if it is there and was made from the same things, else made and written.
    pub(super) fn kept<T: Serialize + DeserializeOwned>(
        &self,
        name: &str,
        make: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let path = self.path(&format!("work/{name}.json"));
        // A file that is missing, cut or of another run is made again.
        if let Ok(bytes) = std::fs::read(&path)
            && let Ok(kept) = serde_json::from_slice::<Kept<T>>(&bytes)
            && kept.fingerprint == self.fingerprint
        {
            return Ok(kept.value);
        }
        let kept = Kept { fingerprint: self.fingerprint.clone(), value: make()? };
        let json = serde_json::to_vec(&kept).expect("plain data always serialises");
        files::write(&path, &json)?;
        Ok(kept.value)
    }

    /// Writes an exhibit's files.
    pub(super) fn write(&self, exhibit: &Exhibit, svg: Option<&str>, csv: &str) -> Result<()> {
        if let Some(svg) = svg {
            files::write(&self.path(&format!("{}.svg", exhibit.stem)), svg.as_bytes())?;
        }
        files::write(&self.path(&format!("{}.csv", exhibit.stem)), csv.as_bytes())
    }
}

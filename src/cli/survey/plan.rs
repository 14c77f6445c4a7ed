//! The plan of a run: the list of files and the options. It is kept in `OUT/.work/plan.json`, so that no run continues with
//! other ones, and so that `merge` needs no arguments.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::pieces::{self, Piece};
use super::work;
use crate::cli::{files, parallel};
use crate::formats;
use crate::formats::set::sha256_hex;
use crate::preprocess::{Normalization, Recipe, Steps};

/// The files, in the set's order, and their division into chunks.
pub(in crate::cli) struct Inputs {
    /// Paths of the files.
    pub paths: Vec<PathBuf>,
    chunks: Vec<Share>,
}

/// The share of a chunk.
struct Share {
    /// Files in the list.
    files: Range<usize>,
    /// The part of the file, where it is one that is read in pieces.
    piece: Option<Piece>,
}

/// Everything that determines the set's bytes except the files' contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct Plan {
    /// Program and version: another one may preprocess differently.
    pub program: String,
    /// Version of the set's format: chunks of another one have other columns.
    #[serde(default = "first_format")]
    pub format: u32,
    /// Number of files in the list.
    pub files: usize,
    /// SHA-256 of the list's paths.
    pub list: String,
    /// Files per chunk.
    pub chunk: usize,
    /// Number of chunks.
    pub chunks: usize,
    /// Steps that put spectra on the grid.
    pub steps: Steps,
    /// Quantity that flux is divided by.
    pub norm: Normalization,
    /// The set's name, as in links.
    pub name: String,
    /// States that no real object is in the set.
    #[serde(default)]
    pub simulated: bool,
    /// Title in one line; by default the number of spectra.
    pub title: Option<String>,
    /// Licence of the spectra.
    pub license: String,
    /// Origin of the spectra.
    pub provenance: String,
}

impl Inputs {
    /// Divides files into chunks of `size`. A file that can hold any number of spectra ends its chunk, and one that is read in pieces has a
    /// chunk for each.
    pub(in crate::cli) fn new(paths: Vec<PathBuf>, size: usize) -> Self {
        let pieces = parallel::map(paths.len(), |index| pieces::of(&paths[index]), |_| {});
        let mut chunks = Vec::new();
        let mut start = 0;
        for (index, pieces) in pieces.into_iter().enumerate() {
            let end = if pieces.is_some() { index } else { index + 1 };
            let is_full = end - start >= size || holds_many(&paths[index]) || index + 1 == paths.len();
            if end > start && (is_full || pieces.is_some()) {
                chunks.push(Share { files: start..end, piece: None });
                start = end;
            }
            if let Some(pieces) = pieces {
                chunks.extend(pieces.into_iter().map(|piece| Share { files: index..index + 1, piece: Some(piece) }));
                start = index + 1;
            }
        }
        Self { paths, chunks }
    }

    /// Returns the number of chunks.
    pub(in crate::cli) fn chunks(&self) -> usize {
        self.chunks.len()
    }

    /// Returns the files of a chunk.
    pub(super) fn of(&self, chunk: usize) -> &[PathBuf] {
        &self.paths[self.chunks[chunk].files.clone()]
    }

    /// Returns the piece of its file that a chunk holds; `None` where it holds whole files.
    pub(super) fn piece(&self, chunk: usize) -> Option<&Piece> {
        self.chunks[chunk].piece.as_ref()
    }

    /// Returns the number of files in a chunk, where a piece of a file counts as one.
    pub(super) fn units(&self, chunk: usize) -> usize {
        self.chunks[chunk].files.len()
    }

    /// Returns what [`Inputs::units`] counts, for a message.
    pub(super) fn unit_name(&self) -> &'static str {
        let has_pieces = self.chunks.iter().any(|share| share.piece.is_some());
        if has_pieces { "files and pieces of files" } else { "files" }
    }

    /// Computes the SHA-256 of all paths, and of the division into pieces.
    pub(in crate::cli) fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for path in &self.paths {
            hash.update(path.as_os_str().as_encoded_bytes());
            hash.update(b"\n");
        }
        for share in &self.chunks {
            if let Some(Piece { group, rows }) = &share.piece {
                hash.update(format!("{} {group} {} {}\n", share.files.start, rows.start, rows.end));
            }
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Plan {
    /// Returns the SHA-256 of the plan, which every chunk records.
    pub(super) fn id(&self) -> String {
        sha256_hex(self.json().as_bytes())
    }

    /// Continues the work in a folder, or begins it.
    ///
    /// # Errors
    /// A folder with work of another plan; the message names what differs.
    pub(in crate::cli) fn begin(&self, work: &Path) -> Result<()> {
        work::sweep(work)?;
        if !work.join("plan.json").exists() {
            files::write_shared(&work.join("plan.json"), self.json().as_bytes())?;
        }
        // Read back even when just written: of two array jobs with different arguments, one must be refused.
        let saved = Self::load(work)?;
        let differing = saved.differences(self);
        if differing.is_empty() {
            return Ok(());
        }
        Err(anyhow!(
            "{} holds work begun with another {}: go on with the same files and options as then, or remove that folder \
             to begin again",
            work.display(),
            differing.join(", ")
        ))
    }

    /// Reads the plan of the work in a folder.
    pub(in crate::cli) fn load(work: &Path) -> Result<Self> {
        let path = work.join("plan.json");
        let bytes = files::read(&path)?;
        serde_json::from_slice(&bytes).map_err(|error| {
            anyhow!(
                "{} is no plan of this program's ({error}): remove {} to begin again",
                path.display(),
                work.display()
            )
        })
    }

    /// Returns the recipe of the spectra.
    pub(super) fn recipe(&self) -> Recipe {
        Recipe { steps: self.steps, normalization: self.norm }
    }

    /// Returns the settings that differ, as the user's options name them.
    fn differences(&self, now: &Self) -> Vec<String> {
        let mut differing = Vec::new();
        let mut compare = |what: &str, then: &str, now: &str| {
            if then != now {
                differing.push(format!("{what} ({then} then, {now} now)"));
            }
        };
        compare("program version", &self.program, &now.program);
        compare("format of the set", &self.format.to_string(), &now.format.to_string());
        compare("number of files", &self.files.to_string(), &now.files.to_string());
        compare("--chunk", &self.chunk.to_string(), &now.chunk.to_string());
        compare("--steps", self.steps.name(), now.steps.name());
        compare("--norm", self.norm.name(), now.norm.name());
        compare("--name", &self.name, &now.name);
        compare("--simulated", &self.simulated.to_string(), &now.simulated.to_string());
        let title = |plan: &Self| plan.title.clone().unwrap_or_else(|| "none".to_owned());
        compare("--title", &title(self), &title(now));
        compare("--license", &self.license, &now.license);
        compare("--provenance", &self.provenance, &now.provenance);
        if differing.is_empty() && self != now {
            differing.push("list of files (as many, but other paths, another order, or other rows in them)".to_owned());
        }
        differing
    }

    fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a plan always serialises") + "\n"
    }
}

/// Returns the format of the plans that name none.
fn first_format() -> u32 {
    1
}

/// Returns whether a file can hold many spectra, by its name: coadds of DESI, plates of SDSS, and kinds of files that may.
fn holds_many(path: &Path) -> bool {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()) else { return false };
    let begins = ["coadd-", "spectra-", "spplate-"].iter().any(|start| name.starts_with(start));
    begins || formats::may_hold_many(&name)
}

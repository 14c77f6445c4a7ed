//! The folder in which chunks wait for the merge.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Returns the work folder of a set's folder.
pub(in crate::cli) fn folder(out: &Path) -> PathBuf {
    out.join(".work")
}

/// Removes the work folder in two steps, so that a process killed in between leaves nothing that looks like work.
pub(super) fn remove(work: &Path) -> Result<()> {
    fs::rename(work, done_folder(work)).with_context(|| format!("{} cannot be moved", work.display()))?;
    sweep(work)
}

/// Removes what an interrupted removal left behind.
pub(super) fn sweep(work: &Path) -> Result<()> {
    let done = done_folder(work);
    match fs::remove_dir_all(&done) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        removed => removed.with_context(|| format!("{} cannot be removed", done.display())),
    }
}

fn done_folder(work: &Path) -> PathBuf {
    work.with_extension("done")
}

//! The folder of a site: files written whole, what is in it, and what an earlier publication left.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::built_page::listed;
use crate::cli::files;
use crate::formats::set::names::is_file_path;
use crate::formats::set::sha256_hex;

/// The folder of a site.
pub(super) struct SiteFolder {
    path: PathBuf,
    /// Size of each file written, bytes.
    sizes: BTreeMap<String, u64>,
    /// SHA-256 of each of them.
    hashes: BTreeMap<String, String>,
    /// The files of the site that was here before.
    before: Vec<String>,
}

impl SiteFolder {
    /// Opens a folder that is new, holds a site of this program's, or holds no page at all.
    ///
    /// # Errors
    /// A folder with another page, which is not overwritten.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let before = fs::read_to_string(path.join("sw.js")).ok().and_then(|worker| listed(&worker));
        if path.is_file() || (before.is_none() && path.join("index.html").exists()) {
            bail!("{} holds something else than a published site: choose another folder", path.display());
        }
        let (sizes, hashes) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { path: path.to_owned(), sizes, hashes, before: before.unwrap_or_default() })
    }

    /// Returns where a file of the site is.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Writes a file whole or not at all; one that is there already is left alone.
    pub(super) fn write(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path(name);
        let same = fs::metadata(&path).is_ok_and(|found| found.len() == bytes.len() as u64)
            && fs::read(&path).is_ok_and(|found| found == bytes);
        if !same {
            files::write(&path, bytes)?;
        }
        self.sizes.insert(name.to_owned(), bytes.len() as u64);
        self.hashes.insert(name.to_owned(), sha256_hex(bytes));
        Ok(())
    }

    /// Removes the files of the site before that this one does not have, and folders that are empty then.
    pub(super) fn remove_stale(&self) {
        for name in self.before.iter().filter(|name| is_file_path(name) && !self.sizes.contains_key(*name)) {
            let path = self.path(name);
            let _ = fs::remove_file(&path);
            for folder in path.ancestors().skip(1).take_while(|folder| *folder != self.path) {
                let _ = fs::remove_dir(folder);
            }
        }
    }

    /// Returns the size of each file, bytes.
    pub(super) fn sizes(&self) -> &BTreeMap<String, u64> {
        &self.sizes
    }

    /// Returns the SHA-256 of each file.
    pub(super) fn hashes(&self) -> &BTreeMap<String, String> {
        &self.hashes
    }
}

//! Reading and writing, with errors that name the file.

use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};

#[cfg(feature = "cli")]
use anyhow::{Context, Result};

use crate::formats::set::Manifest;

/// A file's bytes.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Writes a file whole or not at all: beside its place first, then moved there.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    write_beside(path, ".partial", bytes)
}

/// As [`write`], where other processes may be writing the same file: each has its own place beside it.
pub(super) fn write_shared(path: &Path, bytes: &[u8]) -> Result<()> {
    let unique = RandomState::new().build_hasher().finish();
    write_beside(path, &format!(".partial-{unique:016x}"), bytes)
}

fn write_beside(path: &Path, ending: &str, bytes: &[u8]) -> Result<()> {
    let failed = || format!("{} cannot be written", path.display());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(failed)?;
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(ending);
    let partial = PathBuf::from(partial);
    fs::write(&partial, bytes).and_then(|()| fs::rename(&partial, path)).with_context(failed)
}

/// Every file that the arguments name; folders are searched, to any depth, for the given endings.
pub(super) fn expand(arguments: &[PathBuf], endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for argument in arguments {
        // Asking costs a look at the disk, and a survey's list has a million files.
        if !has_ending(argument, endings) && argument.is_dir() {
            search(argument, endings, &mut found)?;
        } else {
            found.push(argument.clone());
        }
    }
    Ok(found)
}

/// A set's manifest, with the SHA-256 of its bytes.
#[cfg(feature = "cli")]
pub(super) fn manifest(folder: &Path) -> Result<(Manifest, String)> {
    let path = folder.join("manifest.json");
    let bytes = read(&path)?;
    let manifest = Manifest::from_json(&path.display().to_string(), &bytes)?;
    Ok((manifest, crate::formats::set::sha256_hex(&bytes)))
}

fn search(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) -> Result<()> {
    let failed = || format!("{} cannot be read", folder.display());
    let mut entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).with_context(failed)?;
    entries.sort_by_key(fs::DirEntry::path);
    for path in entries.iter().map(fs::DirEntry::path) {
        if has_ending(&path, endings) {
            found.push(path);
        } else if path.is_dir() {
            search(&path, endings, found)?;
        }
    }
    Ok(())
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

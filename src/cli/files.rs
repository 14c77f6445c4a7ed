//! Reading and writing, with errors that name the file.

use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

#[cfg(feature = "archives")]
use super::archive_file;
use super::hats;
use crate::formats;
#[cfg(feature = "archives")]
use crate::formats::ReadError;
#[cfg(feature = "cli")]
use crate::formats::set::Manifest;

/// Reads a file's bytes.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Returns a file's size in bytes; `None` where it cannot be had.
pub(super) fn size(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|data| data.len())
}

/// Writes a file whole or not at all: under another name first, then moved.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    write_under(path, ".partial", bytes)
}

/// Writes as [`write`] does, through a temporary file of this process's own, since other processes may write the same file.
pub(super) fn write_shared(path: &Path, bytes: &[u8]) -> Result<()> {
    let unique = RandomState::new().build_hasher().finish();
    write_under(path, &format!(".partial-{unique:016x}"), bytes)
}

fn write_under(path: &Path, ending: &str, bytes: &[u8]) -> Result<()> {
    let failed = || format!("{} cannot be written", path.display());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(failed)?;
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(ending);
    let partial = PathBuf::from(partial);
    fs::write(&partial, bytes).and_then(|()| fs::rename(&partial, path)).with_context(failed)
}

/// Returns every file that the arguments name; folders are searched, to any depth, for the endings that [`formats::read`] knows. Of HATS
/// catalogues the data are taken and not their metadata; Parquet files in folders that hold no spectra are passed over, and that is said.
pub(super) fn expand(arguments: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for argument in arguments {
        // Asking costs a look at the disk, and a survey's list has a million files.
        if !has_known_ending(argument) && argument.is_dir() {
            search_in(argument, hats::data_of(argument), &mut found)?;
        } else {
            found.push(argument.clone());
        }
    }
    Ok(found)
}

/// Reads a set's manifest, with the SHA-256 of its bytes.
#[cfg(feature = "cli")]
pub(super) fn manifest(folder: &Path) -> Result<(Manifest, String)> {
    let path = folder.join("manifest.json");
    let bytes = read(&path)?;
    let manifest = Manifest::from_json(&path.display().to_string(), &bytes)?;
    Ok((manifest, crate::formats::set::sha256_hex(&bytes)))
}

/// Searches some folders in place of `folder` where they are given.
fn search_in(folder: &Path, data: Option<Vec<PathBuf>>, found: &mut Vec<PathBuf>) -> Result<()> {
    match data {
        Some(folders) => folders.iter().try_for_each(|folder| search(folder, found)),
        None => search(folder, found),
    }
}

fn search(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let failed = || format!("{} cannot be read", folder.display());
    let mut entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).with_context(failed)?;
    entries.sort_by_key(fs::DirEntry::path);
    for path in entries.iter().map(fs::DirEntry::path) {
        if has_known_ending(&path) {
            if !is_redrock(&path) && !is_without_spectra(&path) {
                found.push(path);
            }
        } else if path.is_dir() {
            if hats::is_support(&path) {
                eprintln!("{}: it repeats or indexes the rows of a HATS catalogue and was passed over", path.display());
            } else {
                search_in(&path, hats::data_of(&path), found)?;
            }
        }
    }
    Ok(())
}

/// Returns whether a file that was found in a folder is one of rows without spectra, and says so.
#[cfg(feature = "archives")]
fn is_without_spectra(path: &Path) -> bool {
    if !archive_file::has_ending(path) {
        return false;
    }
    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['_', '.']));
    let said = match archive_file::open(path) {
        _ if hidden => format!("{} holds metadata", path.display()),
        Some(Err(error @ ReadError::NoSpectra { .. })) => error.to_string(),
        _ => return false,
    };
    eprintln!("{said}; it was passed over");
    true
}

#[cfg(not(feature = "archives"))]
fn is_without_spectra(_: &Path) -> bool {
    false
}

fn has_known_ending(path: &Path) -> bool {
    path.file_name().is_some_and(|name| formats::has_known_ending(&name.to_string_lossy()))
}

/// Returns whether a file is one of redshifts by DESI's redrock, which are read with the spectra beside them.
fn is_redrock(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("redrock-"))
}

/// Reads the file of redshifts beside a DESI file of spectra: `redrock-*` beside `coadd-*` or `spectra-*`. Returns its path and its bytes;
/// `None` for other files, and where there is none.
pub(super) fn redrock_beside(path: &Path) -> Option<(String, Vec<u8>)> {
    let name = path.file_name()?.to_str()?;
    let rest = name.strip_prefix("coadd-").or_else(|| name.strip_prefix("spectra-"))?;
    let stem = rest.strip_suffix(".gz").unwrap_or(rest);
    [stem.to_owned(), format!("{stem}.gz")].into_iter().find_map(|ending| {
        let beside = path.with_file_name(format!("redrock-{ending}"));
        let bytes = fs::read(&beside).ok()?;
        Some((beside.display().to_string(), bytes))
    })
}

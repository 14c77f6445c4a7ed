//! Where the real spectra are, and what is said when they are not.

use std::path::{Path, PathBuf};

/// The folder of real spectra: `SPECTRASCAPE_DATA`, else `../shared/data` beside the project. Where it is absent, says
/// loudly which test is skipped; where the variable names a folder that is not there, fails.
pub fn folder(test: &str) -> Option<PathBuf> {
    let named = std::env::var_os("SPECTRASCAPE_DATA").map(PathBuf::from);
    let folder = named.clone().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"));
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(named.is_none(), "SPECTRASCAPE_DATA names {}, which is not there", folder.display());
    println!("SKIPPED: {test}: there are no real spectra at {}", folder.display());
    None
}

/// The files of a folder, sorted; panics when there are none, so that an empty folder passes nothing.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files
}

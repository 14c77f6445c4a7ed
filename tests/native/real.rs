//! Where the real spectra are, which tests read and the project never holds.

use std::path::PathBuf;

/// A file or folder of the real data: under the environment's SPECTRASCAPE_DATA, else beside the checkout. Where it is
/// absent, a line that cannot be overlooked says so, and the test that asked stops.
pub fn path(name: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let path = std::env::var_os("SPECTRASCAPE_DATA").map_or_else(beside, PathBuf::from).join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not there; set SPECTRASCAPE_DATA to the folder of real spectra", path.display());
    None
}

/// The files of a folder of the real data, by name, with their bytes.
pub fn files(folder: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let mut files: Vec<_> = std::fs::read_dir(path(folder)?)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder} is empty");
    Some(files)
}

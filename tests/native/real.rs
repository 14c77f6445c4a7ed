//! Real spectra by name.

use std::path::PathBuf;

use crate::data;

/// A file or folder of the real data, which must be there if the data is; none (and a loud line) where there is no data.
pub fn path(name: &str) -> Option<PathBuf> {
    let path = data::folder(name)?.join(name);
    assert!(path.exists(), "{} is missing from the real data", path.display());
    Some(path)
}

/// The files of a folder of the real data, by name, with their bytes.
pub fn files(folder: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let with_bytes = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read(path).unwrap())
    };
    Some(data::files(&path(folder)?).into_iter().map(with_bytes).collect())
}

//! Real spectra by name.

use std::path::PathBuf;

use spectrascape::formats::{ReadError, ReadOptions, fits, npz};
use spectrascape::spectrum::ObservedSpectrum;

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

/// The only spectrum of a FITS file.
pub fn fits_spectrum(name: &str, bytes: &[u8]) -> Result<ObservedSpectrum, ReadError> {
    let mut observations = fits::read(name, bytes, &ReadOptions::default())?;
    assert_eq!(observations.len(), 1, "{name}");
    Ok(observations.remove(0).spectrum)
}

/// The spectra of an archive, without their notes.
pub fn npz_spectra(name: &str, bytes: &[u8]) -> Result<Vec<ObservedSpectrum>, ReadError> {
    Ok(npz::read(name, bytes, &ReadOptions::default())?.into_iter().map(|one| one.spectrum).collect())
}

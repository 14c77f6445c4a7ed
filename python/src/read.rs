//! Files of spectra.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use spectrascape::formats::{self, Medium, ReadOptions};

use crate::errors;
use crate::observation::Observation;

/// Reads the spectra of a file, given by its path or by its bytes; `name` is the file's, for errors and for its extension. Reads what
/// the page and the command line read. What had to be assumed is in `Observation.notes`.
///
/// `medium`, "vacuum" or "air", is that of the wavelengths, where one knows better than the file; `rows`, counted from 0, are those to
/// read of a file with several spectra; `redrock` is the path of the redrock file of a DESI coadd.
///
/// Raises OSError for a file that cannot be read, and ValueError for one that is not understood, with what to do.
#[pyfunction]
#[pyo3(signature = (path_or_bytes, name = None, *, medium = None, rows = None, redrock = None))]
pub fn read(
    py: Python<'_>,
    path_or_bytes: &Bound<'_, PyAny>,
    name: Option<String>,
    medium: Option<&str>,
    rows: Option<Vec<usize>>,
    redrock: Option<PathBuf>,
) -> PyResult<Vec<Observation>> {
    let medium = medium.map(self::medium).transpose()?;
    let parse = |name: &str, bytes: &[u8]| {
        let redrock = redrock.map(|path| Ok::<_, PyErr>((path.display().to_string(), file(&path)?))).transpose()?;
        let redrock = redrock.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        observations(name, bytes, &ReadOptions { medium, rows: rows.as_deref(), redrock })
    };
    if let Ok(path) = path_or_bytes.extract::<PathBuf>() {
        let name = name.unwrap_or_else(|| path.display().to_string());
        return py.detach(|| parse(&name, &file(&path)?));
    }
    let bytes: Cow<'_, [u8]> =
        path_or_bytes.extract().map_err(|_| PyTypeError::new_err("give the path of a file, or its bytes"))?;
    let name = name.unwrap_or_else(|| "bytes".to_owned());
    py.detach(|| parse(&name, &bytes))
}

/// Returns the medium of a name.
///
/// # Errors
/// Other names than "vacuum" and "air".
pub fn medium(name: &str) -> PyResult<Medium> {
    match name {
        "vacuum" => Ok(Medium::Vacuum),
        "air" => Ok(Medium::Air),
        _ => Err(errors::value(format!("`{name}` is no medium of wavelengths: give \"vacuum\" or \"air\""))),
    }
}

fn file(path: &Path) -> PyResult<Vec<u8>> {
    fs::read(path).map_err(|error| errors::os(path, &error))
}

fn observations(name: &str, bytes: &[u8], options: &ReadOptions<'_>) -> PyResult<Vec<Observation>> {
    let read = formats::read_with(name, bytes, options).map_err(errors::value)?;
    let several = read.len() > 1;
    let numbered = |number: usize| if several { format!("{name}#{number}") } else { name.to_owned() };
    let observation = |(number, observation)| Observation { file: Some(numbered(number)), observation };
    Ok((1..).zip(read).map(observation).collect())
}

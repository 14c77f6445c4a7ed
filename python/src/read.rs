//! Files of spectra.

use std::borrow::Cow;
use std::fs;
use std::path::PathBuf;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use spectrascape::formats;

use crate::errors;
use crate::observation::Observation;

/// Reads every spectrum of a file, given by its path or by its bytes; `name` is the file's, for errors and for its extension.
/// Reads what the page and the command line read. What had to be assumed is in `Observation.notes`.
///
/// Raises OSError for a file that cannot be read, and ValueError for one that is not understood, with what to do.
#[pyfunction]
#[pyo3(signature = (path_or_bytes, name = None))]
pub fn read(py: Python<'_>, path_or_bytes: &Bound<'_, PyAny>, name: Option<String>) -> PyResult<Vec<Observation>> {
    if let Ok(path) = path_or_bytes.extract::<PathBuf>() {
        let name = name.unwrap_or_else(|| path.display().to_string());
        return py.detach(|| {
            let bytes = fs::read(&path).map_err(|error| errors::os(&path, &error))?;
            observations(&name, &bytes)
        });
    }
    let bytes: Cow<'_, [u8]> =
        path_or_bytes.extract().map_err(|_| PyTypeError::new_err("give the path of a file, or its bytes"))?;
    let name = name.unwrap_or_else(|| "bytes".to_owned());
    py.detach(|| observations(&name, &bytes))
}

fn observations(name: &str, bytes: &[u8]) -> PyResult<Vec<Observation>> {
    let read = formats::read(name, bytes).map_err(errors::value)?;
    let several = read.len() > 1;
    let numbered = |number: usize| if several { format!("{name}#{number}") } else { name.to_owned() };
    Ok((1..).zip(read).map(|(number, observation)| Observation { name: numbered(number), observation }).collect())
}

//! The library's errors as Python's exceptions.

use std::fmt::Display;
use std::io;
use std::path::Path;

use pyo3::PyErr;
use pyo3::exceptions::{PyOSError, PyValueError};

/// Returns a `ValueError` with the library's sentence.
pub fn value(error: impl Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Returns the `OSError` of a file: Python makes a `FileNotFoundError` or another of its kinds of it by the number.
pub fn os(path: &Path, error: &io::Error) -> PyErr {
    let Some(number) = error.raw_os_error() else {
        return PyOSError::new_err(format!("{} cannot be read: {error}", path.display()));
    };
    let text = error.to_string();
    let reason = text.split(" (os error").next().unwrap_or_default();
    PyOSError::new_err((number, reason.to_owned(), path.display().to_string()))
}

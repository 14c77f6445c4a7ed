//! The wavelengths of prepared spectra.

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use spectrascape::spectrum::grid;

/// Returns the `[1000]` vacuum wavelengths, Angstrom, rest frame, of prepared and decoded spectra: 10^(3.53 + 0.00039 i).
#[pyfunction]
pub fn wavelengths(py: Python<'_>) -> Bound<'_, PyArray1<f64>> {
    grid::wavelengths().into_pyarray(py)
}

//! Outliers among latents.

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use spectrascape::latent;

use crate::{arrays, errors};

// Written as a number in the signature, where `help` and the type stubs can show it.
const _: () = assert!(latent::outlier::NEIGHBOURS == 20);

/// Returns the local outlier factor `[n]` of each row of `latents` `[n, d]` with `k` neighbours (Breunig et al. 2000): about 1
/// within a cloud, larger in an emptier neighbourhood, NaN for rows that are not finite. It is scikit-learn's
/// `-LocalOutlierFactor(k).fit(latents).negative_outlier_factor_`.
///
/// Raises ValueError where there are fewer than two finite rows, or `k` is 0.
#[pyfunction]
#[pyo3(signature = (latents, k = 20))]
pub fn local_outlier_factor<'py>(
    py: Python<'py>,
    latents: &Bound<'py, PyAny>,
    k: usize,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let rows = arrays::rows::<f32>("latents", latents, None)?;
    let dims = rows.values.len().checked_div(rows.rows).unwrap_or(1).max(1);
    let factors = py.detach(|| latent::local_outlier_factor(&rows.values, dims, k)).map_err(errors::value)?;
    Ok(factors.into_pyarray(py))
}

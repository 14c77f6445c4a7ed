//! The Python module `spectrascape`: spectra of galaxies as NumPy arrays, through the same readers, recipe and model as the page and
//! the command line have.
//!
//! One file for each Python class, and `read`, `outliers` and `grid` for the functions. `arrays` is the way in and out of NumPy,
//! `errors` that of the library's errors to Python's exceptions. Nothing is computed here; the interpreter's lock is released
//! while the library works.

mod arrays;
mod errors;
mod grid;
mod model;
mod observation;
mod outliers;
mod prepared;
mod read;
mod recipe;
mod redshift_estimate;

/// Galaxy spectra to the latents of a variational autoencoder and back.
///
/// A spectrum is read by `read` or built from arrays by `Observation`, put on the model's rest-frame grid by `Recipe.prepare`,
/// and encoded by `Model.encode`:
///
///     import numpy as np
///     import spectrascape
///
///     model = spectrascape.Model.load("vae6.safetensors")
///     prepared = [model.recipe.prepare(one, model) for one in spectrascape.read("spec-2127-53859-0085.fits")]
///     mean, log_var = model.encode(np.stack([one.flux for one in prepared]), np.stack([one.ivar for one in prepared]))
///     reconstruction = model.decode(mean)
#[pyo3::pymodule(name = "spectrascape")]
mod spectrascape_python {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::{
        grid::wavelengths, model::Model, observation::Observation, outliers::local_outlier_factor, prepared::Prepared,
        read::read, recipe::Recipe, redshift_estimate::RedshiftEstimate,
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("REDSHIFT_RANGE", spectrascape::preprocess::REDSHIFT_RANGE)
    }
}

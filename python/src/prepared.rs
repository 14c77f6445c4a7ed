//! A spectrum as models take it.

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use spectrascape::spectrum::GridSpectrum;

use crate::arrays;

/// A spectrum on the model's grid, as `Recipe.prepare` makes it: in the rest frame, masked, infilled and normalised.
#[pyclass(frozen, module = "spectrascape")]
pub struct Prepared {
    /// The spectrum.
    pub spectrum: GridSpectrum,
    /// Redshift at which it was taken to the rest frame.
    #[pyo3(get)]
    pub redshift: f64,
}

#[pymethods]
impl Prepared {
    /// `[1000]` normalised flux, float32; masked pixels are infilled.
    #[getter]
    fn flux<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f32>> {
        arrays::copied(py, &self.spectrum.flux)
    }

    /// `[1000]` inverse variance of `flux`, float32; 0 where masked.
    #[getter]
    fn ivar<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f32>> {
        arrays::copied(py, &self.spectrum.ivar)
    }

    /// `[1000]` true where the pixel is bad or was not observed.
    #[getter]
    fn mask<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<bool>> {
        let mask: Vec<bool> = self.spectrum.ivar.iter().map(|&ivar| ivar == 0.0).collect();
        mask.into_pyarray(py)
    }

    /// Factor by which the flux was divided, in the unit of the observed flux.
    #[getter]
    fn norm(&self) -> f32 {
        self.spectrum.norm
    }

    fn __repr__(&self) -> String {
        let good = self.spectrum.ivar.iter().filter(|&&ivar| ivar > 0.0).count();
        format!("<Prepared: {good} of 1000 pixels good, redshift {}, norm {}>", self.redshift, self.spectrum.norm)
    }
}

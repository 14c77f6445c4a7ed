//! An observed spectrum.

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use spectrascape::formats;

use crate::{arrays, errors};

/// A spectrum as a survey observed it: read by `read`, or built from arrays.
///
/// `wavelength` are the vacuum wavelengths of the pixels, Angstrom, as observed, in any order; pixels whose wavelength is not a
/// positive number are padding and are left out. `ivar` is the inverse variance of `flux`, 0 or not a number where a pixel is bad.
/// Pixels that are not evenly spaced in the logarithm of the wavelength are resampled, and `notes` says so.
///
/// Raises ValueError for arrays of unequal length, and for too few or no good pixels.
#[pyclass(frozen, module = "spectrascape")]
pub struct Observation {
    /// The spectrum, with notes.
    pub observation: formats::Observation,
    /// File that it was read from, with `#1`, `#2`, ... where that holds several.
    #[pyo3(get)]
    pub name: String,
}

#[pymethods]
impl Observation {
    #[new]
    #[pyo3(signature = (wavelength, flux, ivar, *, redshift = None, name = "the spectrum"))]
    fn new(
        py: Python<'_>,
        wavelength: &Bound<'_, PyAny>,
        flux: &Bound<'_, PyAny>,
        ivar: &Bound<'_, PyAny>,
        redshift: Option<f64>,
        name: &str,
    ) -> PyResult<Self> {
        let wavelength = arrays::vector::<f64>("wavelength", wavelength)?;
        let flux = arrays::vector::<f64>("flux", flux)?;
        let ivar = arrays::vector::<f64>("ivar", ivar)?;
        let built = py.detach(|| formats::from_arrays(name, &wavelength, &flux, &ivar));
        let mut observation = built.map_err(errors::value)?;
        observation.spectrum.redshift = redshift;
        Ok(Self { observation, name: name.to_owned() })
    }

    /// Identifier: plate-mjd-fiber.
    #[getter]
    fn id(&self) -> String {
        self.observation.spectrum.id.to_string()
    }

    /// Redshift in the file; None where it has none.
    #[getter]
    fn redshift(&self) -> Option<f64> {
        self.observation.spectrum.redshift
    }

    /// Class by the file's own measurements, "unclassified" where it has none.
    #[getter]
    fn class_name(&self) -> &'static str {
        self.observation.spectrum.class.name()
    }

    /// `[n]` vacuum wavelengths of the pixels' centres, Angstrom, as observed, evenly spaced in their logarithm; float64.
    #[getter]
    fn wavelength<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        let logs = &self.observation.spectrum.log_wavelength;
        logs.iter().map(|log| 10f64.powf(*log)).collect::<Vec<f64>>().into_pyarray(py)
    }

    /// `[n]` flux density, 1e-17 erg/s/cm^2/Angstrom, float32.
    #[getter]
    fn flux<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f32>> {
        arrays::copied(py, &self.observation.spectrum.flux)
    }

    /// `[n]` standard error of the flux, float32; 0 or not finite where the pixel is bad.
    #[getter]
    fn error<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f32>> {
        arrays::copied(py, &self.observation.spectrum.error)
    }

    /// What had to be assumed or changed, a sentence each; often empty.
    #[getter]
    fn notes(&self) -> Vec<String> {
        self.observation.notes.clone()
    }

    fn __repr__(&self) -> String {
        let spectrum = &self.observation.spectrum;
        let redshift = spectrum.redshift.map_or("no redshift".to_owned(), |redshift| format!("redshift {redshift}"));
        format!("<Observation {} of {}: {} pixels, {redshift}>", spectrum.id, self.name, spectrum.flux.len())
    }
}

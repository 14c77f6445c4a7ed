//! An observed spectrum.

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use spectrascape::formats;
use spectrascape::spectrum::SkyPosition;

use crate::{arrays, errors, read};

/// A spectrum as a survey observed it: read by `read`, or built from arrays.
///
/// `wavelength` are the wavelengths of the pixels, Angstrom, as observed, in any order, in `medium`, "vacuum" or "air"; pixels whose
/// wavelength is not a positive number are padding and are left out. `ivar` is the inverse variance of `flux`, 0 or not a number
/// where a pixel is bad; without it the noise is estimated from the scatter of neighbouring pixels. Pixels that are not evenly spaced
/// in the logarithm of the wavelength are resampled. `notes` says what was done.
///
/// Raises ValueError for arrays of unequal length, and for too few or no good pixels.
#[pyclass(frozen, module = "spectrascape")]
pub struct Observation {
    /// The spectrum, with notes.
    pub observation: formats::Observation,
    /// File that it was read from, with `#1`, `#2`, ... where that holds several; None where it is built from arrays.
    #[pyo3(get)]
    pub file: Option<String>,
}

#[pymethods]
impl Observation {
    #[new]
    #[pyo3(signature = (wavelength, flux, ivar = None, *, redshift = None, id = None, name = None, ra = None, dec = None, medium = "vacuum"))]
    #[expect(clippy::too_many_arguments, reason = "Python's keyword arguments")]
    fn new(
        py: Python<'_>,
        wavelength: &Bound<'_, PyAny>,
        flux: &Bound<'_, PyAny>,
        ivar: Option<&Bound<'_, PyAny>>,
        redshift: Option<f64>,
        id: Option<&str>,
        name: Option<String>,
        ra: Option<f64>,
        dec: Option<f64>,
        medium: &str,
    ) -> PyResult<Self> {
        let wavelength = arrays::vector::<f64>("wavelength", wavelength)?;
        let flux = arrays::vector::<f64>("flux", flux)?;
        let ivar = ivar.map(|ivar| arrays::vector::<f64>("ivar", ivar)).transpose()?;
        let medium = read::medium(medium)?;
        let title = name.as_deref().unwrap_or("the spectrum");
        let built = py.detach(|| formats::from_arrays(title, medium, &wavelength, &flux, ivar.as_deref()));
        let mut observation = built.map_err(errors::value)?;
        let spectrum = &mut observation.spectrum;
        spectrum.redshift = redshift;
        if let Some(id) = id {
            spectrum.id = id.parse().map_err(|sentence: String| errors::value(sentence))?;
        }
        spectrum.object.position = ra.zip(dec).and_then(|(ra, dec)| SkyPosition::new(ra, dec));
        spectrum.object.name = name;
        Ok(Self { observation, file: None })
    }

    /// Identifier, as in "266-51602-1" (SDSS: plate, MJD, fibre) or "desi:39627835576420141"; None where the file has none.
    #[getter]
    fn id(&self) -> Option<String> {
        let id = self.observation.spectrum.id;
        (!id.is_none()).then(|| id.to_string())
    }

    /// Name of the object; None where the file has none.
    #[getter]
    fn name(&self) -> Option<&str> {
        self.observation.spectrum.object.name.as_deref()
    }

    /// Right ascension, degrees, ICRS; None where unknown.
    #[getter]
    fn ra(&self) -> Option<f64> {
        self.observation.spectrum.object.position.map(|position| position.ra)
    }

    /// Declination, degrees, ICRS; None where unknown.
    #[getter]
    fn dec(&self) -> Option<f64> {
        self.observation.spectrum.object.position.map(|position| position.dec)
    }

    /// Redshift in the file; None where it has none.
    #[getter]
    fn redshift(&self) -> Option<f64> {
        self.observation.spectrum.redshift
    }

    /// Standard error of the redshift in the file; None where it has none.
    #[getter]
    fn redshift_error(&self) -> Option<f64> {
        self.observation.spectrum.object.redshift_error
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
        let title = self.id().or_else(|| self.name().map(str::to_owned)).or_else(|| self.file.clone());
        let title = title.map_or(String::new(), |title| format!(" {title}"));
        format!("<Observation{title}: {} pixels, {redshift}>", spectrum.flux.len())
    }
}

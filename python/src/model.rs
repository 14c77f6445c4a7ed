//! A model in use.

use std::fs;
use std::path::PathBuf;

use numpy::PyArray1;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use spectrascape::latent::redshift::{TrialOptions, redshift_by_trial};
use spectrascape::vae::config::EncoderInput;
use spectrascape::vae::encoding::EncodingMethod;
use spectrascape::vae::inference;
use spectrascape::vae::model_file::Precision;

use crate::observation::Observation;
use crate::recipe::Recipe;
use crate::redshift_estimate::RedshiftEstimate;
use crate::{arrays, errors};

/// A trained model: flux to latents and back. `Model.load` reads its file.
#[pyclass(frozen, module = "spectrascape")]
pub struct Model {
    /// The model.
    pub model: inference::Model,
}

#[pymethods]
impl Model {
    /// Reads a model from its file (safetensors).
    ///
    /// Raises OSError for a file that cannot be read, and ValueError for one that is no model.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        py.detach(|| {
            let bytes = fs::read(&path).map_err(|error| errors::os(&path, &error))?;
            Self::parse(&path.display().to_string(), &bytes)
        })
    }

    /// Reads a model from the bytes of its file; `name` is for errors.
    ///
    /// Raises ValueError for bytes that are no model.
    #[staticmethod]
    #[pyo3(signature = (data, name = "the model"))]
    fn from_bytes(py: Python<'_>, data: &[u8], name: &str) -> PyResult<Self> {
        py.detach(|| Self::parse(name, data))
    }

    /// Returns the bytes of the model's file, its weights in single precision.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &py.detach(|| self.model.to_bytes(Precision::F32)))
    }

    /// Name of the model.
    #[getter]
    fn name(&self) -> &str {
        &self.model.card.name
    }

    /// Number of latents, d.
    #[getter]
    fn latents(&self) -> usize {
        self.model.latents()
    }

    /// Preparation of the spectra that it takes.
    #[getter]
    fn recipe(&self) -> Recipe {
        Recipe { recipe: self.model.card.recipe }
    }

    /// The description in the model's file, a dict: the name, the whole configuration (`config`), the recipe, the training set and
    /// its SHA-256 (`training_set`, `training_set_sha256`), whether that was simulated, the epoch, and the losses of every epoch
    /// (`history`).
    #[getter]
    fn card<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let json = serde_json::to_string(&self.model.card).map_err(errors::value)?;
        py.import("json")?.call_method1("loads", (json,))
    }

    /// `[1000]` spectrum that is subtracted before encoding and added after decoding.
    #[getter]
    fn input_mean<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f32>> {
        arrays::copied(py, &self.model.input_mean)
    }

    /// Encodes prepared spectra: `flux` `[n, 1000]` and its inverse variance `ivar`, 0 = masked. Returns the mean and the log variance
    /// of the latents' posterior, each `[n, d]` float32; of one spectrum `[1000]`, each `[d]`.
    ///
    /// With `refine` the latents are fitted to the unmasked pixels by Gauss-Newton steps from the encoder's mean, and the variances are
    /// those of the fit; without it they are the encoder's own, as in the paper, where masked pixels count as `flux` has them. A fit needs `ivar`, and so does a model that takes uncertainties as input. Where
    /// a pixel of the flux is not a number, the encoder takes the mean spectrum and the fit counts it as masked.
    ///
    /// Raises ValueError for arrays of other shapes, and where `ivar` is needed and missing.
    #[pyo3(signature = (flux, ivar = None, refine = false))]
    fn encode<'py>(
        &self,
        py: Python<'py>,
        flux: &Bound<'py, PyAny>,
        ivar: Option<&Bound<'py, PyAny>>,
        refine: bool,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let pixels = self.model.pixels();
        let flux = arrays::rows::<f32>("flux", flux, Some(pixels))?;
        let ivar = match ivar {
            Some(ivar) => Some(arrays::rows::<f32>("ivar", ivar, Some(pixels))?),
            None => None,
        };
        let method = if refine { EncodingMethod::Fitted } else { EncodingMethod::Plain };
        let takes_ivar = self.model.card.config.input == EncoderInput::FluxAndWeight;
        match &ivar {
            Some(ivar) if ivar.rows != flux.rows => {
                let (flux, ivar) = (flux.rows, ivar.rows);
                return Err(errors::value(format!(
                    "flux has {flux} rows and ivar {ivar}: give one ivar for each flux"
                )));
            }
            None if takes_ivar => {
                let name = self.name();
                return Err(errors::value(format!("the model `{name}` takes uncertainties as input: give ivar too")));
            }
            None if refine => return Err(errors::value("a fit needs uncertainties: give ivar, too")),
            _ => {}
        }
        let posterior = py.detach(|| {
            self.model.encode_all(flux.rows, method, |start, end| {
                let range = start * pixels..end * pixels;
                let weights =
                    ivar.as_ref().map_or_else(|| vec![1.0; range.len()], |ivar| ivar.values[range.clone()].to_vec());
                (flux.values[range].to_vec(), weights)
            })
        });
        let latents = self.latents();
        Ok((
            arrays::matrix(py, posterior.mean, latents, flux.flat)?,
            arrays::matrix(py, posterior.log_var, latents, flux.flat)?,
        ))
    }

    /// Decodes latents `[n, d]` to normalised flux `[n, 1000]` float32; `[d]` to `[1000]`.
    ///
    /// Raises ValueError for another shape.
    fn decode<'py>(&self, py: Python<'py>, latents: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let dims = self.latents();
        let rows = arrays::rows::<f32>("latents", latents, Some(dims))?;
        let batches = || rows.values.chunks(inference::Model::BATCH * dims);
        let flux: Vec<f32> = py.detach(|| batches().flat_map(|batch| self.model.decode(batch)).collect());
        arrays::matrix(py, flux, self.model.pixels(), rows.flat)
    }

    /// Finds the redshift between `low` and `high` at which the model reconstructs an observation best; the observation's own is not
    /// used. Trials are encoded by the encoder alone; with `refine`, `chi2` at the redshift found is that of fitted latents.
    ///
    /// Raises ValueError for a range beyond that of the model, and for a spectrum that fits on the grid at no redshift in it.
    #[pyo3(signature = (observation, low = None, high = None, refine = false))]
    fn redshift(
        &self,
        py: Python<'_>,
        observation: &Observation,
        low: Option<f64>,
        high: Option<f64>,
        refine: bool,
    ) -> PyResult<RedshiftEstimate> {
        let standard = TrialOptions::standard();
        let options =
            TrialOptions { low: low.unwrap_or(standard.low), high: high.unwrap_or(standard.high), ..standard };
        let Self { model } = self;
        let observed = &observation.observation.spectrum;
        let method = if refine { EncodingMethod::Fitted } else { EncodingMethod::Plain };
        let estimate = py.detach(|| {
            let reconstruct = |flux: &[f32]| model.decode(&model.encode(flux, &vec![1.0; flux.len()]).mean);
            let found = redshift_by_trial(observed, model.card.recipe, &model.infill, &options, reconstruct);
            let mut estimate = found.map_err(errors::value)?;
            let encoded = model.encode_observed(observed, estimate.best.redshift, method);
            estimate.best.chi2 = encoded.map_err(errors::value)?.1.chi2.into();
            Ok(estimate)
        });
        estimate.map(|estimate| RedshiftEstimate { estimate })
    }

    fn __repr__(&self) -> String {
        let card = &self.model.card;
        format!("<Model `{}`: {} latents, trained on `{}`>", card.name, self.latents(), card.training_set)
    }

    /// Pickled as its file: models travel to Dask's workers.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>, String))> {
        let model = slf.get();
        let from_bytes = slf.get_type().getattr("from_bytes")?;
        Ok((from_bytes, (model.to_bytes(slf.py()), model.name().to_owned())))
    }
}

impl Model {
    fn parse(name: &str, bytes: &[u8]) -> PyResult<Self> {
        let model = inference::Model::from_bytes(name, bytes, &inference::device()).map_err(errors::value)?;
        Ok(Self { model })
    }
}

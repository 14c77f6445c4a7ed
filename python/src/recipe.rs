//! The preparation of spectra.

use pyo3::prelude::*;
use spectrascape::preprocess::{self, Normalization, Steps};

use crate::errors;
use crate::model::Model;
use crate::observation::Observation;
use crate::prepared::Prepared;

/// The preparation of observed spectra for a model. A model's own is `Model.recipe`.
///
/// `steps` is "standard" (errors in quadrature, emission lines not masked) or "astroml" (as astroML 1.0.2), `normalization`
/// "rms" (flux divided by its root mean square) or "total" (by its mean).
#[pyclass(frozen, eq, module = "spectrascape")]
#[derive(Clone, Copy, PartialEq)]
pub struct Recipe {
    /// The recipe.
    pub recipe: preprocess::Recipe,
}

#[pymethods]
impl Recipe {
    #[new]
    #[pyo3(signature = (steps = "standard", normalization = "rms"))]
    fn new(steps: &str, normalization: &str) -> PyResult<Self> {
        let steps = [Steps::Standard, Steps::Astroml].into_iter().find(|one| one.name() == steps).ok_or_else(|| {
            errors::value(format!("`{steps}` are no steps of a recipe: give \"standard\" or \"astroml\""))
        })?;
        let normalization = Normalization::from_name(normalization).ok_or_else(|| {
            errors::value(format!("`{normalization}` is no normalisation: give \"rms\" or \"total\""))
        })?;
        Ok(Self { recipe: preprocess::Recipe { steps, normalization } })
    }

    /// Returns the recipe of the models that come with Spectrascape.
    #[staticmethod]
    fn standard() -> Self {
        Self { recipe: preprocess::Recipe::standard() }
    }

    /// Steps by which spectra are rebinned and masked: "standard" or "astroml".
    #[getter]
    fn steps(&self) -> &'static str {
        self.recipe.steps.name()
    }

    /// Normalisation of the flux: "rms" or "total".
    #[getter]
    fn normalization(&self) -> &'static str {
        self.recipe.normalization.name()
    }

    /// Prepares an observation for a model: takes it to the rest frame at `redshift` (its own where none is given), rebins it to
    /// the model's 1000 pixels, masks bad pixels, infills them from the model's principal components, and normalises it.
    ///
    /// Raises ValueError for a model that was trained on spectra of another recipe, where there is no redshift or one outside the
    /// model's range, and where too few pixels are good.
    #[pyo3(signature = (observation, model, redshift = None))]
    fn prepare(
        &self,
        py: Python<'_>,
        observation: &Observation,
        model: &Model,
        redshift: Option<f64>,
    ) -> PyResult<Prepared> {
        let card = &model.model.card;
        if card.recipe != self.recipe {
            return Err(errors::value(format!(
                "the model `{}` takes spectra prepared with {}, not with {}: use model.recipe",
                card.name, card.recipe, self.recipe
            )));
        }
        let observed = &observation.observation.spectrum;
        let redshift = redshift.map_or_else(|| preprocess::redshift_of(observed), Ok).map_err(errors::value)?;
        let prepared = py.detach(|| model.model.prepare(observed, redshift)).map_err(errors::value)?;
        Ok(Prepared { spectrum: prepared, redshift })
    }

    fn __repr__(&self) -> String {
        format!("Recipe(steps=\"{}\", normalization=\"{}\")", self.steps(), self.normalization())
    }

    fn __hash__(&self) -> u64 {
        (self.recipe.steps as u64) * 2 + self.recipe.normalization as u64
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyAny>, (&'static str, &'static str)) {
        let recipe = slf.get();
        (slf.get_type().into_any(), (recipe.steps(), recipe.normalization()))
    }
}

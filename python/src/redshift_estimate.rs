//! A redshift found by trial.

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use spectrascape::latent::redshift;

/// A redshift by trial: that at which the model reconstructs the spectrum best.
#[pyclass(frozen, module = "spectrascape")]
pub struct RedshiftEstimate {
    /// The estimate.
    pub estimate: redshift::RedshiftEstimate,
}

impl RedshiftEstimate {
    fn curve<'py>(&self, py: Python<'py>, of: impl Fn(&redshift::Trial) -> f64) -> Bound<'py, PyArray1<f64>> {
        self.estimate.curve.iter().map(of).collect::<Vec<f64>>().into_pyarray(py)
    }
}

#[pymethods]
impl RedshiftEstimate {
    /// Redshift of the best trial.
    #[getter]
    fn redshift(&self) -> f64 {
        self.estimate.best.redshift
    }

    /// Standard error of the redshift, from the curvature of the score; infinite where trials on either side are missing.
    #[getter]
    fn error(&self) -> f64 {
        self.estimate.error
    }

    /// Mean over unmasked pixels of (flux - reconstruction)^2 ivar at the redshift found, of fitted latents unless `refine=False`.
    #[getter]
    fn chi2(&self) -> f64 {
        self.estimate.best.chi2
    }

    /// Unmasked pixels on the grid at the best trial.
    #[getter]
    fn pixels(&self) -> usize {
        self.estimate.best.pixels
    }

    /// Score of the second-best redshift over that of the best: about 1 where the two fit equally well, infinite where there is no
    /// second.
    #[getter]
    fn confidence(&self) -> f64 {
        self.estimate.confidence()
    }

    /// Second-best redshift, more than 1500 km/s from the best; None where there is none.
    #[getter]
    fn second(&self) -> Option<f64> {
        self.estimate.second.map(|trial| trial.redshift)
    }

    /// `[n]` trial redshifts of the first pass, increasing, without those at which the spectrum does not fit on the grid.
    #[getter]
    fn curve_redshift<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        self.curve(py, |trial| trial.redshift)
    }

    /// `[n]` chi2 of each trial.
    #[getter]
    fn curve_chi2<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        self.curve(py, |trial| trial.chi2)
    }

    /// `[n]` weighted mean square deviation of each trial, by which trials are ranked; lower is better.
    #[getter]
    fn curve_score<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        self.curve(py, |trial| trial.score)
    }

    fn __repr__(&self) -> String {
        format!("<RedshiftEstimate: {:.5}, confidence {:.2}>", self.redshift(), self.confidence())
    }
}

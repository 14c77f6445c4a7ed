//! The linear baseline: PCA with as many components as the model has latents, fitted to the same training spectra, a sweep at a time.

use serde::{Deserialize, Serialize};

use crate::numerics::pca::{Pca, Settling};
use crate::vae::config::VaeConfig;
use crate::vae::dataset::{Batch, TrainingSet};

/// Training spectra that it is fitted to at most, spread over all: components of spectra converge with far fewer.
const MOST: usize = 2048;
/// Sweeps at most.
const SWEEPS: usize = 30;
/// Spectra evaluated at once.
const AT_ONCE: usize = 256;

/// PCA with as many components as the model has latents, fitted to the same training spectra.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinearBaseline {
    /// Components.
    pub components: usize,
    /// Sum over pixels of w (x - x')^2 / 2, mean over the validation spectra: the model's reconstruction term.
    pub reconstruction: f64,
    /// `[watched * 1000]` reconstructions of the spectra watched.
    pub watched: Vec<f32>,
}

/// The baseline, as far as it is fitted and evaluated.
pub struct LinearBaselineFit {
    rows: Vec<f32>,
    settling: Option<Settling>,
    sweeps: usize,
    pca: Option<Pca>,
    evaluated: usize,
    /// Sum over validation spectra of sum over pixels of w (x - x')^2 / 2.
    sum: f64,
}

impl LinearBaselineFit {
    /// Starts from the training rows of a set that is whole.
    pub fn new(set: &TrainingSet, train: &[usize], config: &VaeConfig) -> Self {
        let taken = train.len().min(MOST);
        let pixels = set.pixels();
        let mut rows = Vec::with_capacity(taken * pixels);
        let mut batch = Batch::default();
        for k in 0..taken {
            let row = train[k * train.len() / taken];
            set.batch_into(&[row], config, &mut batch);
            rows.extend_from_slice(&batch.x);
        }
        let settling = Some(Settling::new(&rows, pixels, config.latents));
        Self { rows, settling, sweeps: 0, pca: None, evaluated: 0, sum: 0.0 }
    }

    /// Does one piece of the work; returns the baseline once it is done.
    pub fn advance(
        &mut self,
        set: &TrainingSet,
        valid: &[usize],
        watch: &[usize],
        config: &VaeConfig,
    ) -> Option<LinearBaseline> {
        if let Some(settling) = &mut self.settling {
            self.sweeps += 1;
            if settling.sweep(&self.rows) || self.sweeps == SWEEPS {
                self.pca = self.settling.take().map(Settling::finish);
                self.rows = Vec::new();
            }
            return None;
        }
        let pca = self.pca.as_ref()?;
        let end = valid.len().min(self.evaluated + AT_ONCE);
        let mut batch = Batch::default();
        set.batch_into(&valid[self.evaluated..end], config, &mut batch);
        let pixels = set.pixels();
        for (x, weight) in batch.x.chunks_exact(pixels).zip(batch.weight.chunks_exact(pixels)) {
            let decoded = pca.reconstruct(&pca.project(x));
            let parts = x.iter().zip(&decoded).zip(weight);
            self.sum += parts.map(|((x, decoded), w)| 0.5 * f64::from(w * (x - decoded) * (x - decoded))).sum::<f64>();
        }
        self.evaluated = end;
        if end < valid.len() {
            return None;
        }
        set.batch_into(watch, config, &mut batch);
        let mut watched = Vec::with_capacity(batch.x.len());
        for x in batch.x.chunks_exact(pixels) {
            let decoded = pca.reconstruct(&pca.project(x));
            watched.extend(decoded.iter().zip(&set.mean.mean).map(|(value, mean)| value + mean));
        }
        Some(LinearBaseline { components: pca.len(), reconstruction: self.sum / valid.len() as f64, watched })
    }
}

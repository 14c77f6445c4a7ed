//! The set's own principal components, compared with the model: the PCA tab.

use std::sync::Arc;

use super::{AppState, Asked, Engine};
use crate::numerics::pca::Pca;
use crate::numerics::statistics::upper_median_f32;
use crate::page::view::sample_pca::{COMPONENTS, Sample};
use crate::plot;
use crate::protocol::{ExploreCommand, MAX_LATENTS};

/// The PCA tab.
#[derive(Debug, Clone)]
pub struct PcaComparison {
    /// Whether the tab was opened: the sample is fetched then.
    pub wanted: bool,
    /// Components in use, from 1.
    pub components: usize,
    /// Spectra of the set and their components, once there.
    pub sample: Option<Arc<Sample>>,
    /// What the model on screen makes of the same spectra, once asked.
    pub scores: Option<PcaScores>,
    /// The sample's pixels, until its components are fitted.
    fetched: Option<Arc<SamplePixels>>,
}

/// The pixels of some of the set's spectra.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SamplePixels {
    flux: Vec<f32>,
    ivar: Vec<f32>,
}

/// The same spectra by the model on screen and by PCA with as many numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct PcaScores {
    /// Latents of the model.
    pub latents: usize,
    /// Spectra compared.
    pub spectra: usize,
    /// Of these, those that the model fits better.
    pub won: usize,
    /// Median chi2 by the model.
    pub model: f32,
    /// Median chi2 by PCA.
    pub pca: f32,
}

impl Default for PcaComparison {
    fn default() -> Self {
        Self { wanted: false, components: 4, sample: None, scores: None, fetched: None }
    }
}

impl AppState {
    /// The tab is open.
    pub fn open_pca(&mut self) {
        self.pca.wanted = true;
        self.ask_pca_comparison();
    }

    /// Reconstructs with another number of components.
    pub fn set_components(&mut self, components: usize) {
        self.pca.components = components.clamp(1, COMPONENTS);
    }

    /// Whether the sample is wanted and not there: for the tabs PCA and random draws.
    pub fn sample_wanted(&self) -> bool {
        let wanted = self.pca.wanted || self.draws.wanted;
        wanted && self.pca.sample.is_none() && self.pca.fetched.is_none() && self.manifest.is_some()
    }

    /// Takes in the pixels of some of the set's spectra, `[n * 1000]` each; the explorer fits their components.
    pub fn on_sample_fetched(&mut self, flux: Vec<f32>, ivar: Vec<f32>) {
        if self.engine_is_there("Principal components cannot be computed") {
            self.pca.fetched = Some(Arc::new(SamplePixels { flux, ivar }));
            self.ask_pca_fit();
        } else {
            (self.pca.wanted, self.draws.wanted) = (false, false);
        }
    }

    /// Has the explorer fit the components of the sample, once both are there.
    pub(super) fn ask_pca_fit(&mut self) {
        let under_way = self.asked.values().any(|asked| matches!(asked, Asked::PcaFit(_)));
        let Some(pixels) = self.pca.fetched.clone().filter(|_| !under_way) else { return };
        if matches!(self.engine, Engine::Ready(_)) {
            let command = ExploreCommand::FitPca { flux: pixels.flux.clone(), components: COMPONENTS };
            self.ask_for(command, Asked::PcaFit(pixels));
        }
    }

    pub(super) fn on_pca_fitted(&mut self, pixels: &SamplePixels, pca: Pca) {
        self.pca.fetched = None;
        match Sample::new(pixels.flux.clone(), pixels.ivar.clone(), pca) {
            Some(sample) => self.on_sample_loaded(sample),
            None => {
                self.sample_failed("The set's principal components do not fit its spectra: reload the page.".to_owned())
            }
        }
    }

    /// The explorer is gone: opening the tab again tries again.
    pub(super) fn pca_died(&mut self) {
        if self.pca.fetched.take().is_some() {
            (self.pca.wanted, self.draws.wanted) = (false, false);
        }
    }

    /// Takes in some of the set's spectra with their components.
    pub fn on_sample_loaded(&mut self, sample: Sample) {
        self.pca.sample = Some(Arc::new(sample));
        self.ask_pca_comparison();
        self.judge_draws();
    }

    /// The sample could not be had; opening the tab again tries again.
    pub fn sample_failed(&mut self, sentence: String) {
        self.pca.fetched = None;
        self.pca.wanted = false;
        self.draws.wanted = false;
        self.fail(sentence);
    }

    /// `[1000]` what the components make of the spectrum on screen, and its chi2.
    pub fn reconstructed_by_pca(&self) -> Option<(Vec<f32>, Option<f64>)> {
        let pixels = self.shown_pixels()?;
        let made = self.pca.sample.as_ref()?.reconstruct(&pixels.flux, self.pca.components);
        let chi2 = plot::chi2(&pixels.flux, &pixels.ivar, &made);
        Some((made, chi2))
    }

    /// Asks the model on screen for the sample's spectra, once both are there. The sample is the set's first spectra.
    pub(super) fn ask_pca_comparison(&mut self) {
        // A model in training moves every epoch: it is left alone.
        if !self.pca.wanted || self.pca.scores.is_some() || self.training.is_on() || !self.can_ask() {
            return;
        }
        let (Some(sample), Some(cloud)) = (&self.pca.sample, &self.cloud) else { return };
        let (serial, count) = (cloud.serial, sample.len().min(cloud.len()).min(MAX_LATENTS));
        let latents = cloud.mean[..count * cloud.dims].to_vec();
        let already = |asked: &Asked| matches!(asked, Asked::PcaComparison(other) if *other == serial);
        if !self.asked.values().any(already) {
            self.ask_for(ExploreCommand::DecodeMany { latents }, Asked::PcaComparison(serial));
        }
    }

    pub(super) fn on_sample_decoded(&mut self, serial: u32, flux: &[f32]) {
        let (Some(sample), Some(cloud)) = (&self.pca.sample, &self.cloud) else { return };
        if cloud.serial != serial || cloud.dims > COMPONENTS {
            return;
        }
        let (model, pca) = (sample.chi2_of(flux), sample.chi2(cloud.dims));
        let pairs: Vec<(f32, f32)> =
            model.into_iter().zip(pca).filter(|(a, b)| a.is_finite() && b.is_finite()).collect();
        self.pca.scores = (!pairs.is_empty()).then(|| PcaScores {
            latents: cloud.dims,
            spectra: pairs.len(),
            won: pairs.iter().filter(|(model, pca)| model < pca).count(),
            model: upper_median_f32(pairs.iter().map(|pair| pair.0)).unwrap_or(f32::NAN),
            pca: upper_median_f32(pairs.iter().map(|pair| pair.1)).unwrap_or(f32::NAN),
        });
    }
}

//! PCA of some of the set's spectra, compared with the model.

use std::sync::Arc;

use super::asked::Asked;
use super::explorer::Explorer;
use super::sample_pixels::SamplePixels;
use super::spectrum_set::SpectrumSet;
use crate::numerics::pca::Pca;
use crate::numerics::statistics::upper_median_f32;
use crate::page::view::sample_pca::{COMPONENTS, Sample};
use crate::protocol::{ExploreCommand, MAX_LATENTS};

/// The PCA tab.
#[derive(Debug, Clone)]
pub struct PcaComparison {
    wanted: bool,
    components: usize,
    sample: Option<Arc<Sample>>,
    scores: Option<PcaScores>,
    /// The sample's pixels, until its components are fitted.
    fetched: Option<Arc<SamplePixels>>,
}

/// The fits of the same spectra by the model on screen and by PCA with as many numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct PcaScores {
    /// Latents of the model.
    pub latents: usize,
    /// Spectra compared.
    pub spectra: usize,
    /// Of these, those that the model fits better.
    pub won: usize,
    /// Median chi-squared by the model.
    pub model: f32,
    /// Median chi-squared by PCA.
    pub pca: f32,
}

impl Default for PcaComparison {
    fn default() -> Self {
        Self { wanted: false, components: 4, sample: None, scores: None, fetched: None }
    }
}

impl PcaComparison {
    /// Returns whether the tab was opened.
    pub fn wanted(&self) -> bool {
        self.wanted
    }

    /// Returns the number of components in use, from 1.
    pub fn components(&self) -> usize {
        self.components
    }

    /// Returns some of the set's spectra with their components, once there.
    pub fn sample(&self) -> Option<&Arc<Sample>> {
        self.sample.as_ref()
    }

    /// Returns the comparison with the model on screen, once there.
    pub fn scores(&self) -> Option<&PcaScores> {
        self.scores.as_ref()
    }

    /// Returns whether the sample is neither there nor on its way through the explorer.
    pub fn needs_sample(&self) -> bool {
        self.sample.is_none() && self.fetched.is_none()
    }

    /// Opens the tab, or gives it up.
    pub fn want(&mut self, wanted: bool) {
        self.wanted = wanted;
    }

    /// Sets the number of components.
    pub fn set_components(&mut self, components: usize) {
        self.components = components.clamp(1, COMPONENTS);
    }

    /// Forgets what belongs to another model.
    pub fn forget_scores(&mut self) {
        self.scores = None;
    }

    /// Takes in the pixels of some of the set's spectra, `[n * 1000]` each, and asks for their components.
    pub fn on_fetched(&mut self, flux: Vec<f32>, ivar: Vec<f32>, explorer: &mut Explorer) {
        self.fetched = Some(Arc::new(SamplePixels { flux, ivar }));
        self.ask_fit(explorer);
    }

    /// Asks for the components, once pixels and explorer are there.
    pub fn ask_fit(&self, explorer: &mut Explorer) {
        let in_progress = explorer.waits_for(|asked| matches!(asked, Asked::PcaFit(_)));
        let Some(pixels) = self.fetched.clone().filter(|_| !in_progress && explorer.is_ready()) else { return };
        let command = ExploreCommand::FitPca { flux: pixels.flux.clone(), components: COMPONENTS };
        explorer.ask(command, Asked::PcaFit(pixels));
    }

    /// Takes in the components. Returns the sample; `None` where they do not belong to its pixels.
    pub fn on_fitted(&mut self, pixels: &SamplePixels, pca: Pca) -> Option<Sample> {
        self.fetched = None;
        Sample::new(pixels.flux.clone(), pixels.ivar.clone(), pca)
    }

    /// Sets the sample.
    pub fn set_sample(&mut self, sample: Sample) {
        self.fetched = None;
        self.sample = Some(Arc::new(sample));
    }

    /// Gives up the sample, so that opening the tab again tries again.
    pub fn give_up_sample(&mut self) {
        self.fetched = None;
        self.wanted = false;
    }

    /// Takes in that the explorer has stopped. Returns whether the sample was on its way through it.
    pub fn on_explorer_died(&mut self) -> bool {
        let lost = self.fetched.take().is_some();
        self.wanted &= !lost;
        lost
    }

    /// Asks for the sample's spectra as the model on screen decodes them. The sample is the set's first spectra.
    pub fn ask_comparison(&self, set: &SpectrumSet, explorer: &mut Explorer) {
        if !self.wanted || self.scores.is_some() || !explorer.can_ask() {
            return;
        }
        let (Some(sample), Some(embedding)) = (&self.sample, set.embedding()) else { return };
        let (serial, count) = (embedding.serial, sample.len().min(embedding.len()).min(MAX_LATENTS));
        if !explorer.waits_for(|asked| matches!(asked, Asked::PcaComparison(other) if *other == serial)) {
            let latents = embedding.mean[..count * embedding.dims].to_vec();
            explorer.ask(ExploreCommand::DecodeMany { latents }, Asked::PcaComparison(serial));
        }
    }

    /// Takes in the sample's spectra as the model of an embedding decodes them, `[n * 1000]`.
    pub fn on_decoded(&mut self, serial: u32, flux: &[f32], set: &SpectrumSet) {
        let (Some(sample), Some(embedding)) = (&self.sample, set.embedding()) else { return };
        if embedding.serial != serial || embedding.dims > COMPONENTS {
            return;
        }
        let (model, pca) = (sample.chi2_of(flux), sample.chi2(embedding.dims));
        let pairs: Vec<(f32, f32)> =
            model.into_iter().zip(pca).filter(|(a, b)| a.is_finite() && b.is_finite()).collect();
        self.scores = (!pairs.is_empty()).then(|| PcaScores {
            latents: embedding.dims,
            spectra: pairs.len(),
            won: pairs.iter().filter(|(model, pca)| model < pca).count(),
            model: upper_median_f32(pairs.iter().map(|pair| pair.0)).unwrap_or(f32::NAN),
            pca: upper_median_f32(pairs.iter().map(|pair| pair.1)).unwrap_or(f32::NAN),
        });
    }
}

//! The tabs that compare with the set's spectra: PCA, and random draws.

use super::AppState;
use super::slices::asked::Asked;
use super::slices::sample_pixels::SamplePixels;
use crate::numerics::pca::Pca;
use crate::page::view::sample_pca::Sample;
use crate::plot;

impl AppState {
    /// Opens the PCA tab.
    pub fn open_pca(&mut self) {
        self.pca.want(true);
        self.ask_pca_comparison();
    }

    /// Reconstructs with another number of components.
    pub fn set_components(&mut self, components: usize) {
        self.pca.set_components(components);
    }

    /// Returns whether some of the set's spectra are to be fetched, for either tab.
    pub fn sample_wanted(&self) -> bool {
        let wanted = self.pca.wanted() || self.draws.wanted();
        wanted && self.pca.needs_sample() && self.set.manifest().is_some()
    }

    /// Takes in the pixels of some of the set's spectra, `[n * 1000]` each; the explorer fits their components.
    pub fn on_sample_fetched(&mut self, flux: Vec<f32>, ivar: Vec<f32>) {
        if self.explorer_works("Principal components cannot be computed") {
            self.pca.on_fetched(flux, ivar, &mut self.explorer);
        } else {
            self.give_up_sample();
        }
    }

    pub(super) fn on_pca_fitted(&mut self, pixels: &SamplePixels, pca: Pca) {
        match self.pca.on_fitted(pixels, pca) {
            Some(sample) => self.on_sample_loaded(sample),
            None => {
                self.sample_failed(
                    "The set's principal components do not fit its spectra: reload the page.".to_owned(),
                );
            }
        }
    }

    /// Takes in some of the set's spectra with their components.
    pub fn on_sample_loaded(&mut self, sample: Sample) {
        self.draws.compare(Some(&sample));
        self.pca.set_sample(sample);
        self.ask_pca_comparison();
    }

    /// Takes in that the sample could not be had; opening the tab again tries again.
    pub fn sample_failed(&mut self, sentence: String) {
        self.give_up_sample();
        self.fail(sentence);
    }

    fn give_up_sample(&mut self) {
        self.pca.give_up_sample();
        self.draws.want(false);
    }

    /// Returns the reconstruction `[1000]` of the spectrum on screen by the components, and its chi-squared per pixel.
    pub fn reconstructed_by_pca(&self) -> Option<(Vec<f32>, Option<f64>)> {
        let pixels = self.shown_pixels()?;
        let flux = self.pca.sample()?.reconstruct(&pixels.flux, self.pca.components());
        let chi2 = plot::chi2(&pixels.flux, &pixels.ivar, &flux);
        Some((flux, chi2))
    }

    /// Asks the model on screen for the sample's spectra. A model in training changes every epoch: it is left alone.
    pub(super) fn ask_pca_comparison(&mut self) {
        if !self.training.training().is_on() {
            self.pca.ask_comparison(&self.set, &mut self.explorer);
        }
    }

    /// Opens the tab of random draws.
    pub fn open_draws(&mut self) {
        self.draws.want(true);
    }

    /// Draws latents, from the prior and from a Gaussian fitted to the model's own, and has them decoded.
    pub fn draw_latents(&mut self) {
        let Some(embedding) = self.set.embedding().cloned() else { return };
        if self.draws_under_way() || !self.explorer_works("Places cannot be decoded") || !self.explorer.can_ask() {
            return;
        }
        let model = self.model_name();
        self.draws.ask(&model, &embedding.axes, &mut self.explorer);
    }

    /// Moves the sliders to drawn latents, unless another model than the one they were drawn for is on screen by now.
    pub fn go_to_drawn(&mut self, model: &str, latent: Vec<f32>) {
        if self.model_name() == model {
            self.pause_path();
            self.move_to(latent);
        }
    }

    /// Returns whether drawn latents are being decoded.
    pub fn draws_under_way(&self) -> bool {
        self.explorer.waits_for(|asked| matches!(asked, Asked::Draws { .. }))
    }
}

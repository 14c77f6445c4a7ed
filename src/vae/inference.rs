//! A model in use: flux to latents and back, in the units that files and the page have.

use burn::tensor::Device;

use super::backend::burn::model::{InfoVae, matrix, numbers};
use super::config::EncoderInput;
use super::decoder::Decoder;
use super::encoding::{Encoding, EncodingMethod};
use super::latent_fit::{LatentFit, fit_latents};
use super::linear_head::LinearHead;
use super::model_card::ModelCard;
use super::model_file::{ModelError, ModelFile, Precision};
use super::objective::pixel_weight;
use super::posterior::Posterior;
use crate::formats::set::writer::MeanSpectrum;
use crate::numerics::parallel;
use crate::preprocess::InfillBasis;
use crate::spectrum::{GridSpectrum, ObservedSpectrum, SpectrumError};

/// A model with all that is needed to use it on a new spectrum.
#[derive(Debug, Clone)]
pub struct Model {
    /// Card of the model.
    pub card: ModelCard,
    /// The network.
    pub vae: InfoVae,
    /// `[pixels]` subtracted from flux before encoding, added back after decoding.
    pub input_mean: Vec<f32>,
    /// Basis that infills the masked pixels of a new spectrum before it is encoded.
    pub infill: InfillBasis,
    /// The decoder once more, in plain memory, for fits.
    decoder: Decoder,
    head: Option<LinearHead>,
}

/// Returns the CPU: burn-flex.
pub fn device() -> Device {
    Device::flex()
}

/// Returns the mean over unmasked pixels of (flux - reconstruction)^2 ivar; NaN where every pixel is masked.
pub fn chi2(flux: &[f32], ivar: &[f32], reconstruction: &[f32]) -> f32 {
    let (mut sum, mut count) = (0.0_f64, 0_u32);
    for ((&flux, &ivar), &reconstruction) in flux.iter().zip(ivar).zip(reconstruction) {
        if ivar > 0.0 {
            sum += f64::from(flux - reconstruction).powi(2) * f64::from(ivar);
            count += 1;
        }
    }
    (sum / f64::from(count)) as f32
}

impl Model {
    /// Spectra encoded or decoded at once by [`Model::encode_all`].
    pub const BATCH: usize = 256;

    /// Reads a model from the bytes of its file, for use on a device; `name` is for errors.
    ///
    /// # Errors
    ///
    /// Bytes that are no model, and a model for another grid.
    pub fn from_bytes(name: &str, bytes: &[u8], device: &Device) -> Result<Self, ModelError> {
        Ok(Self::from_file(ModelFile::from_bytes(name, bytes)?, device))
    }

    /// Puts what a model's file holds on a device.
    pub fn from_file(file: ModelFile, device: &Device) -> Self {
        let ModelFile { card, layers, mean } = file;
        let decoder = Decoder::new(&card.config, &layers, &mean.mean);
        let head = LinearHead::new(&card, &layers);
        let mut layers = layers.into_iter().map(|(_, weight, bias)| (weight, bias));
        let vae = InfoVae::from_pytorch(&card.config, device, |_| layers.next().expect("as many layers as shapes"));
        Self { card, vae, input_mean: mean.mean, infill: mean.infill, decoder, head }
    }

    /// Returns the same model with its network on another device.
    pub fn to_device(self, device: &Device) -> Self {
        let vae = InfoVae::from_parameters(&self.card.config, &self.vae.to_parameters(), device);
        Self { vae, ..self }
    }

    /// Returns the bytes of its file. The same model always gives the same bytes.
    pub fn to_bytes(&self, precision: Precision) -> Vec<u8> {
        let mean = MeanSpectrum { mean: self.input_mean.clone(), infill: self.infill.clone() };
        ModelFile { card: self.card.clone(), layers: self.vae.to_pytorch(), mean }.to_bytes(precision)
    }

    /// Returns the number of latents, d.
    pub fn latents(&self) -> usize {
        self.vae.config().latents
    }

    /// Returns the number of pixels of a spectrum.
    pub fn pixels(&self) -> usize {
        self.input_mean.len()
    }

    /// Prepares an observed spectrum at `redshift` by the model's own recipe and infill.
    ///
    /// # Errors
    /// Fails as [`crate::preprocess::Recipe::prepare`] does.
    pub fn prepare(&self, observed: &ObservedSpectrum, redshift: f64) -> Result<GridSpectrum, SpectrumError> {
        self.card.recipe.prepare(observed, redshift, &self.infill)
    }

    /// Prepares an observed spectrum at `redshift`, encodes and decodes it.
    ///
    /// # Errors
    /// Fails as [`crate::preprocess::Recipe::prepare`] does.
    pub fn encode_observed(
        &self,
        observed: &ObservedSpectrum,
        redshift: f64,
        method: EncodingMethod,
    ) -> Result<(GridSpectrum, Encoding), SpectrumError> {
        let spectrum = self.prepare(observed, redshift)?;
        let encoding = self.encoding(&spectrum.flux, &spectrum.ivar, method);
        Ok((spectrum, encoding))
    }

    /// Encodes one prepared spectrum, `flux` and `ivar` `[pixels]`, and decodes it.
    pub fn encoding(&self, flux: &[f32], ivar: &[f32], method: EncodingMethod) -> Encoding {
        let plain = self.encode(flux, ivar);
        let (posterior, reconstruction, scale) = match method {
            EncodingMethod::Plain => {
                let reconstruction = self.decode(&plain.mean);
                (plain, reconstruction, 1.0)
            }
            EncodingMethod::Fitted => {
                let fit = self.fit(flux, ivar, &plain.mean);
                (Posterior { log_var: fit.log_var(), mean: fit.latent }, fit.reconstruction, fit.scale)
            }
        };
        let chi2 = chi2(flux, ivar, &reconstruction);
        Encoding { posterior, reconstruction, chi2, scale, method }
    }

    /// Fits the latents of one prepared spectrum, `flux` and `ivar` `[pixels]`, from `start` `[d]` on: see [`super::latent_fit`].
    pub fn fit(&self, flux: &[f32], ivar: &[f32], start: &[f32]) -> LatentFit {
        fit_latents(&self.decoder, self.card.config.variational, flux, ivar, start)
    }

    /// Encodes spectra by the encoder alone, at once: `flux` `[n * pixels]`, normalised, masked pixels infilled, and its inverse variance `ivar`, 0 =
    /// masked, which only a model with uncertainties as input uses. Takes the mean spectrum where a pixel is not a number. Returns
    /// q(z|x), `[n * d]`.
    ///
    /// ```
    /// use spectrascape::vae::{Model, inference};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let bytes = std::fs::read("public/models/vae6.safetensors")?;
    /// let model = Model::from_bytes("vae6.safetensors", &bytes, &inference::device())?;
    /// // The mean spectrum itself, no pixel masked.
    /// let posterior = model.encode(&model.input_mean, &[1.0; 1000]);
    /// assert_eq!((posterior.mean.len(), posterior.log_var.len()), (6, 6));
    /// assert_eq!(model.decode(&posterior.mean).len(), 1000);
    /// # Ok(())
    /// # }
    /// ```
    pub fn encode(&self, flux: &[f32], ivar: &[f32]) -> Posterior {
        if flux.is_empty() {
            return Posterior::default();
        }
        let config = self.vae.config();
        let pixels = self.pixels();
        let mut inputs = Vec::with_capacity(flux.len() / pixels * config.inputs());
        for (flux, ivar) in flux.chunks_exact(pixels).zip(ivar.chunks_exact(pixels)) {
            let centred = flux.iter().zip(&self.input_mean);
            inputs.extend(centred.map(|(x, mean)| if x.is_finite() { x - mean } else { 0.0 }));
            if config.input == EncoderInput::FluxAndWeight {
                let epsilon = config.weight_epsilon;
                inputs.extend(ivar.iter().map(|&ivar| (pixel_weight(ivar, epsilon) * epsilon).sqrt()));
            }
        }
        let posterior = self.vae.encode(matrix(inputs, flux.len() / pixels, config.inputs(), &self.vae.device()));
        Posterior { mean: numbers(posterior.mean), log_var: numbers(posterior.log_var) }
    }

    /// Encodes spectra batch by batch, in order, natively on all cores; `rows(start, end)` gives flux and inverse variance of spectra
    /// `start..end` of `count`.
    pub fn encode_all(
        &self,
        count: usize,
        method: EncodingMethod,
        mut rows: impl FnMut(usize, usize) -> (Vec<f32>, Vec<f32>),
    ) -> Posterior {
        let mut all: Posterior = Posterior::default();
        for start in (0..count).step_by(Self::BATCH) {
            let (flux, ivar) = rows(start, count.min(start + Self::BATCH));
            let plain = self.encode(&flux, &ivar);
            all.append(match method {
                EncodingMethod::Plain => plain,
                EncodingMethod::Fitted => self.fit_rows(&flux, &ivar, &plain.mean),
            });
        }
        all
    }

    /// Fits spectra from the encoder's means on.
    fn fit_rows(&self, flux: &[f32], ivar: &[f32], start: &[f32]) -> Posterior {
        let (pixels, latents) = (self.pixels(), self.latents());
        let fits = parallel::map(flux.len() / pixels, |row| {
            let spectrum = row * pixels..(row + 1) * pixels;
            self.fit(&flux[spectrum.clone()], &ivar[spectrum], &start[row * latents..(row + 1) * latents])
        });
        Posterior {
            log_var: fits.iter().flat_map(LatentFit::log_var).collect(),
            mean: fits.into_iter().flat_map(|fit| fit.latent).collect(),
        }
    }

    /// Returns the head that predicts class and measurements; `None` for a model without.
    pub fn head(&self) -> Option<&LinearHead> {
        self.head.as_ref()
    }

    /// Returns the head's predictions from latents, `[n * d]`: `[n * outputs]`, a probability a class, then the measurements in
    /// their own units. None without a head.
    pub fn predict(&self, latents: &[f32]) -> Option<Vec<f32>> {
        Some(self.head.as_ref()?.predict(latents))
    }

    /// Decodes latents, `[n * d]`, to normalised flux, `[n * pixels]`.
    pub fn decode(&self, latents: &[f32]) -> Vec<f32> {
        if latents.is_empty() {
            return Vec::new();
        }
        let latents = matrix(latents.to_vec(), latents.len() / self.latents(), self.latents(), &self.vae.device());
        let mut flux = numbers(self.vae.decode(latents));
        for spectrum in flux.chunks_exact_mut(self.pixels()) {
            for (flux, mean) in spectrum.iter_mut().zip(&self.input_mean) {
                *flux += mean;
            }
        }
        flux
    }
}

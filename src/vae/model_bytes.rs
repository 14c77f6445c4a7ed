//! A model's file and its tensors: [`ModelFile`] on a device.

use burn_tensor::Device;

use super::backend::burn::model::InfoVae;
use super::inference::Model;
use super::model_file::ModelFile;
pub use super::model_file::{ModelError, Precision};
use crate::formats::set::writer::MeanSpectrum;

/// A model's file. The same model always makes the same bytes.
pub fn to_bytes(model: &Model, precision: Precision) -> Vec<u8> {
    let mean = MeanSpectrum { mean: model.input_mean.clone(), infill: model.infill.clone() };
    ModelFile { card: model.card.clone(), layers: model.vae.to_pytorch(), mean }.to_bytes(precision)
}

/// A model from its file; `name` is for errors.
pub fn from_bytes(name: &str, bytes: &[u8], device: &Device) -> Result<Model, ModelError> {
    let ModelFile { card, layers, mean } = ModelFile::from_bytes(name, bytes)?;
    let mut layers = layers.into_iter().map(|(_, weight, bias)| (weight, bias));
    let vae = InfoVae::from_pytorch(&card.config, device, |_| layers.next().expect("as many layers as shapes"));
    Ok(Model { card, vae, input_mean: mean.mean, infill: mean.infill })
}

//! A file of weights as the beginning of a training.

use super::session::SessionError;
use crate::formats::set::writer::MeanSpectrum;
use crate::preprocess::Recipe;
use crate::vae::config::VaeConfig;
use crate::vae::model_file::{ModelError, ModelFile};
use crate::vae::parameters;

/// The network of a file, of this program or of PyTorch, with the regimen of `plan`, and its weights as
/// [`parameters::Layout`] has them. What it was trained with is over. `mean` is for files that have none; `set` is the name and recipe of the
/// set to train on, none while that is not known: weights of another recipe are refused.
pub fn opened(
    name: &str,
    bytes: &[u8],
    plan: &VaeConfig,
    mean: &MeanSpectrum,
    set: Option<(&str, Recipe)>,
) -> Result<(VaeConfig, Vec<f32>), String> {
    let name = name.rsplit('/').next().unwrap_or(name);
    let file = match ModelFile::from_bytes(name, bytes) {
        Err(ModelError::NoCard { .. }) => {
            ModelFile::from_pytorch(name, bytes, mean, set.map_or_else(Recipe::standard, |(_, recipe)| recipe))
        }
        other => other,
    }
    .map_err(|error| error.to_string())?;
    if let Some((set, recipe)) = set {
        file.card.check_recipe(set, recipe).map_err(|error| error.to_string())?;
    }
    if !parameters::is_plain(&file.card.config) {
        return Err(SessionError::NotPlain.to_string());
    }
    let VaeConfig { hidden1, hidden2, latents, negative_slope, variational, alpha, lambda, mmd, .. } = file.card.config;
    let config =
        VaeConfig { hidden1, hidden2, latents, negative_slope, variational, alpha, lambda, mmd, ..plan.clone() };
    let parameters = parameters::from_pytorch(&config, &file.layers);
    Ok((config, parameters))
}

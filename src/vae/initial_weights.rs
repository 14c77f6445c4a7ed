//! A file of weights to start a training with.

use crate::formats::set::writer::MeanSpectrum;
use crate::preprocess::Recipe;
use crate::vae::config::VaeConfig;
use crate::vae::model_file::{ModelError, ModelFile};
use crate::vae::parameters;

/// The first bytes of what `torch.save` writes: a zip archive, and before version 1.6 a pickle.
const PICKLES: [&[u8]; 2] = [b"PK\x03\x04", b"\x80\x02"];

/// Reads the network of a file, of this program or of PyTorch. Returns the configuration of `plan` with that network, and its weights as
/// [`parameters::Layout`] has them. `mean` is for files that have no mean spectrum; `set` is the name and recipe of
/// the set to train on, none while that is not known.
///
/// # Errors
///
/// Bytes that are no model, and a model of another recipe.
pub fn open(
    name: &str,
    bytes: &[u8],
    plan: &VaeConfig,
    mean: &MeanSpectrum,
    set: Option<(&str, Recipe)>,
) -> Result<(VaeConfig, Vec<f32>), String> {
    let name = name.rsplit('/').next().unwrap_or(name);
    if PICKLES.iter().any(|start| bytes.starts_with(start)) {
        return Err(format!(
            "{name} is a pickle of PyTorch, which may hold a program and is not read: save its weights by \
             safetensors.torch.save_file"
        ));
    }
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
    let own = &file.card.config;
    let config = VaeConfig {
        hidden1: own.hidden1,
        hidden2: own.hidden2,
        latents: own.latents,
        negative_slope: own.negative_slope,
        variational: own.variational,
        alpha: own.alpha,
        lambda: own.lambda,
        mmd: own.mmd,
        input: own.input,
        head: own.head.clone(),
        ..plan.clone()
    };
    let parameters = parameters::from_pytorch(&config, &file.layers);
    Ok((config, parameters))
}

//! A model as a file: safetensors with PyTorch's layer names and layout, the card in the metadata.

use burn_tensor::Device;
use thiserror::Error;

use super::card::ModelCard;
use super::inference::Model;
use super::model::InfoVae;
use super::parameters::shapes;
use crate::shard::{FormatError, Grid, TensorFile, TensorWriter};
use crate::spectrum::infill::InfillBasis;

/// Key of the card in the metadata.
pub const CARD: &str = "spectrascape";

/// Why a file is no model for this program.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ModelError {
    /// Not a safetensors file, or a tensor is missing or has another shape.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// A safetensors file of something else.
    #[error("{file} is not a Spectrascape model: its metadata has no `spectrascape` entry")]
    NoCard {
        /// The file.
        file: String,
    },
    /// The card cannot be used.
    #[error("{file} cannot be used: {reason}")]
    Card {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The model was made for spectra on another grid.
    #[error(
        "{file} is a model for {found_pixels} pixels from 10^{found_coeff0} Angstrom in steps of {found_coeff1}, not for \
         this program's 1000 from 10^3.53 in steps of 0.00039: choose a model trained on that grid"
    )]
    OtherGrid {
        /// The file.
        file: String,
        /// log10 of its first wavelength.
        found_coeff0: f64,
        /// Its step.
        found_coeff1: f64,
        /// Its pixels.
        found_pixels: usize,
    },
    /// A weight is infinite or not a number.
    #[error("{file} cannot be used: tensor `{tensor}` holds values that are not numbers")]
    NotFinite {
        /// The file.
        file: String,
        /// The tensor.
        tensor: String,
    },
}

/// How weights are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// As trained.
    F32,
    /// Rounded, half the bytes: for models that a page ships.
    F16,
}

/// A model's file. The same model always makes the same bytes.
pub fn to_bytes(model: &Model, precision: Precision) -> Vec<u8> {
    let mut writer = TensorWriter::default();
    let mut put = |name: &str, shape: &[usize], values: &[f32]| {
        match precision {
            Precision::F32 => writer.floats(name, shape, values),
            Precision::F16 => writer.rounded(name, shape, values),
        };
    };
    for (shape, weight, bias) in model.vae.to_pytorch() {
        put(&format!("{}.weight", shape.name), &[shape.outputs, shape.inputs], &weight);
        put(&format!("{}.bias", shape.name), &[shape.outputs], &bias);
    }
    let (pixels, infill) = (model.pixels(), &model.infill);
    put("input_mean", &[pixels], &model.input_mean);
    put("infill_mean", &[pixels], &infill.mean);
    put("infill_components", &[infill.eigenvalues.len(), pixels], &infill.components);
    // Eigenvalues span more than f16 does, and are few.
    writer.floats("infill_eigenvalues", &[infill.eigenvalues.len()], &infill.eigenvalues);
    writer.metadata(CARD, &serde_json::to_string(&model.card).expect("plain data always serialises"));
    writer.finish()
}

/// A model from its file; `name` is for errors.
pub fn from_bytes(name: &str, bytes: &[u8], device: &Device) -> Result<Model, ModelError> {
    let file = TensorFile::parse(name, bytes)?;
    let card = read_card(name, &file)?;
    let config = &card.config;
    let mut layers = Vec::new();
    for shape in shapes(config) {
        let weight = finite(name, &file, &format!("{}.weight", shape.name), &[shape.outputs, shape.inputs])?;
        let bias = finite(name, &file, &format!("{}.bias", shape.name), &[shape.outputs])?;
        layers.push((weight, bias));
    }
    let mut layers = layers.into_iter();
    let vae = InfoVae::from_pytorch(config, device, |_| layers.next().expect("as many layers as shapes"));
    let input_mean = finite(name, &file, "input_mean", &[config.pixels])?;
    let eigenvalues = finite(name, &file, "infill_eigenvalues", &[0])?;
    let infill = InfillBasis {
        mean: finite(name, &file, "infill_mean", &[config.pixels])?,
        components: finite(name, &file, "infill_components", &[eigenvalues.len(), config.pixels])?,
        eigenvalues,
    };
    Ok(Model { card, vae, input_mean, infill })
}

fn read_card(name: &str, file: &TensorFile<'_>) -> Result<ModelCard, ModelError> {
    let text = file.metadata(CARD).ok_or_else(|| ModelError::NoCard { file: name.to_owned() })?;
    let wrong = |reason: String| ModelError::Card { file: name.to_owned(), reason };
    let card: ModelCard =
        serde_json::from_str(text).map_err(|error| wrong(format!("its metadata is not a model card ({error})")))?;
    if card.format != 1 {
        return Err(wrong(format!("its format {} is newer than this program, which reads 1", card.format)));
    }
    let (found_coeff0, found_coeff1, found_pixels) = card.grid;
    if card.grid != (Grid::PAPER.coeff0, Grid::PAPER.coeff1, Grid::PAPER.pixels)
        || card.config.pixels != Grid::PAPER.pixels
    {
        return Err(ModelError::OtherGrid { file: name.to_owned(), found_coeff0, found_coeff1, found_pixels });
    }
    match card.config.flaw() {
        Some(flaw) => Err(wrong(flaw)),
        None => Ok(card),
    }
}

fn finite(name: &str, file: &TensorFile<'_>, tensor: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
    let values = file.floats(tensor, shape)?;
    match values.iter().all(|value| value.is_finite()) {
        true => Ok(values),
        false => Err(ModelError::NotFinite { file: name.to_owned(), tensor: tensor.to_owned() }),
    }
}

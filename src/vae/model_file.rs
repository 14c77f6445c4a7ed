//! A model as a file, without tensors: safetensors with PyTorch's layer names and layout, the card in the metadata. A file that
//! PyTorch wrote, with the same layers and no card, can be read too.

use thiserror::Error;

use super::config::VaeConfig;
use super::model_card::ModelCard;
use super::parameters::{Layer, LayerShape, shapes};
use crate::formats::set::writer::MeanSpectrum;
use crate::formats::set::{FormatError, Grid, TensorFile, TensorWriter};
use crate::preprocess::{InfillBasis, Recipe};

/// Key of the card in the metadata.
pub const CARD: &str = "spectrascape";

/// Why a file cannot be used as a model.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ModelError {
    /// Not a safetensors file, or a tensor is missing or has another shape.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// A safetensors file without a model card.
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
        /// Why.
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
        /// Step of its log wavelengths.
        found_coeff1: f64,
        /// Number of its pixels.
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

/// The precision of stored weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// Single precision, as trained.
    F32,
    /// Rounded, half the bytes: for models that a page ships.
    F16,
}

/// The contents of a model's file.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelFile {
    /// The model's description.
    pub card: ModelCard,
    /// The layers, in the order of [`shapes`].
    pub layers: Vec<Layer>,
    /// Mean spectrum, subtracted before encoding and added after decoding, and the basis that infills masked pixels.
    pub mean: MeanSpectrum,
}

impl ModelFile {
    /// Returns the file's bytes. The same model always gives the same bytes.
    pub fn to_bytes(&self, precision: Precision) -> Vec<u8> {
        let mut writer = TensorWriter::default();
        let mut put = |name: &str, shape: &[usize], values: &[f32]| {
            match precision {
                Precision::F32 => writer.floats(name, shape, values),
                Precision::F16 => writer.rounded(name, shape, values),
            };
        };
        for (shape, weight, bias) in &self.layers {
            put(&format!("{}.weight", shape.name), &[shape.outputs, shape.inputs], weight);
            put(&format!("{}.bias", shape.name), &[shape.outputs], bias);
        }
        let (pixels, infill) = (self.mean.mean.len(), &self.mean.infill);
        put("input_mean", &[pixels], &self.mean.mean);
        put("infill_mean", &[pixels], &infill.mean);
        put("infill_components", &[infill.eigenvalues.len(), pixels], &infill.components);
        // Eigenvalues span more than f16 does, and are few.
        writer.floats("infill_eigenvalues", &[infill.eigenvalues.len()], &infill.eigenvalues);
        writer.metadata(CARD, &serde_json::to_string(&self.card).expect("plain data always serialises"));
        writer.finish()
    }

    /// Reads a file's bytes; `name` is for errors.
    ///
    /// # Errors
    ///
    /// Bytes that are no model, and a model for another grid.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, ModelError> {
        let file = TensorFile::parse(name, bytes)?;
        let card = read_card(name, &file)?;
        let layers = layers(name, &file, shapes(&card.config))?;
        let pixels = card.config.pixels;
        let mean = finite(name, &file, "input_mean", &[pixels])?;
        let eigenvalues = finite(name, &file, "infill_eigenvalues", &[0])?;
        let infill = InfillBasis {
            mean: finite(name, &file, "infill_mean", &[pixels])?,
            components: finite(name, &file, "infill_components", &[eigenvalues.len(), pixels])?,
            eigenvalues,
        };
        Ok(Self { card, layers, mean: MeanSpectrum { mean, infill } })
    }

    /// Reads a file that PyTorch wrote: the layers alone, whose widths give the configuration. One without log variances is a plain
    /// autoencoder. All that they do not give is that of [`VaeConfig::paper`]; mean spectrum and recipe are those of the set that it is
    /// used with.
    ///
    /// # Errors
    ///
    /// A missing layer, and a model for another grid.
    pub fn from_pytorch(name: &str, bytes: &[u8], mean: &MeanSpectrum, recipe: Recipe) -> Result<Self, ModelError> {
        let file = TensorFile::parse(name, bytes)?;
        let widths = |tensor: &str| -> Result<(usize, usize), ModelError> {
            match file.shape(tensor)?.as_slice() {
                &[outputs, inputs] => Ok((outputs, inputs)),
                other => Err(unusable(name, format!("its tensor `{tensor}` has the shape {other:?}, not two sizes"))),
            }
        };
        let (hidden1, pixels) = widths("encoder.0.weight")?;
        let (hidden2, _) = widths("encoder.2.weight")?;
        let (latents, _) = widths("mean.weight")?;
        if pixels != Grid::PAPER.pixels {
            let want = Grid::PAPER.pixels;
            return Err(unusable(
                name,
                format!("it takes {pixels} pixels and this program's grid has {want}: choose another"),
            ));
        }
        let variational = file.shape("log_var.weight").is_ok();
        let config = VaeConfig { hidden1, hidden2, latents, variational, ..VaeConfig::paper(latents) };
        config.validate().map_err(|error| unusable(name, error.to_string()))?;
        let (untrained, shapes): (Vec<_>, Vec<_>) =
            shapes(&config).into_iter().partition(|shape| !variational && shape.name == "log_var");
        let mut layers = layers(name, &file, shapes)?;
        for shape in untrained {
            let layer = (shape, vec![0.0; shape.inputs * shape.outputs], vec![0.0; shape.outputs]);
            layers.insert(LOG_VAR, layer);
        }
        let grid = Grid::PAPER;
        let stem = name.trim_end_matches(".safetensors").to_owned();
        let card = ModelCard {
            format: 1,
            name: stem,
            config,
            training_set: String::new(),
            training_set_sha256: String::new(),
            recipe,
            simulated: false,
            epoch: 0,
            history: Vec::new(),
            grid: (grid.coeff0, grid.coeff1, grid.pixels),
            head_scale: Vec::new(),
            trained_on: String::new(),
        };
        Ok(Self { card, layers, mean: mean.clone() })
    }
}

/// Index of the log variances' layer in [`shapes`].
const LOG_VAR: usize = 3;

fn layers(name: &str, file: &TensorFile<'_>, shapes: Vec<LayerShape>) -> Result<Vec<Layer>, ModelError> {
    let layer = |shape: LayerShape| {
        let weight = finite(name, file, &format!("{}.weight", shape.name), &[shape.outputs, shape.inputs])?;
        let bias = finite(name, file, &format!("{}.bias", shape.name), &[shape.outputs])?;
        Ok((shape, weight, bias))
    };
    shapes.into_iter().map(layer).collect()
}

fn unusable(name: &str, reason: String) -> ModelError {
    ModelError::Card { file: name.to_owned(), reason }
}

fn read_card(name: &str, file: &TensorFile<'_>) -> Result<ModelCard, ModelError> {
    let text = file.metadata(CARD).ok_or_else(|| ModelError::NoCard { file: name.to_owned() })?;
    let card: ModelCard = serde_json::from_str(text)
        .map_err(|error| unusable(name, format!("its metadata is not a model card ({error})")))?;
    if card.format != 1 {
        return Err(unusable(name, format!("its format {} is newer than this program, which reads 1", card.format)));
    }
    let (found_coeff0, found_coeff1, found_pixels) = card.grid;
    if card.grid != (Grid::PAPER.coeff0, Grid::PAPER.coeff1, Grid::PAPER.pixels)
        || card.config.pixels != Grid::PAPER.pixels
    {
        return Err(ModelError::OtherGrid { file: name.to_owned(), found_coeff0, found_coeff1, found_pixels });
    }
    card.config.validate().map_err(|error| unusable(name, error.to_string()))?;
    Ok(card)
}

fn finite(name: &str, file: &TensorFile<'_>, tensor: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
    let values = file.floats(tensor, shape)?;
    match values.iter().all(|value| value.is_finite()) {
        true => Ok(values),
        false => Err(ModelError::NotFinite { file: name.to_owned(), tensor: tensor.to_owned() }),
    }
}

//! The posterior of every spectrum of a set under a model, from which the page draws its first scatter plot.

use serde::{Deserialize, Serialize};

use super::tensors::{FormatError, TensorFile, TensorWriter};

/// The posteriors of a set. Written as `<name>.latents.safetensors`: `mean` and `log_var` f16 `[n, d]`, `class` u8 `[n]`, and optionally
/// `umap` f16 `[n, 2]` and `chi2` f16 `[n]`.
#[derive(Debug, Clone, PartialEq)]
pub struct LatentSet {
    /// Number of latents d.
    pub dims: usize,
    /// `[n * d]` posterior means, row by row, in the set's order.
    pub mean: Vec<f32>,
    /// `[n * d]` posterior log variances.
    pub log_var: Vec<f32>,
    /// `[n]` class codes, the colours of the first scatter plot.
    pub class: Vec<u8>,
    /// `[n * 2]` UMAP coordinates of the means; NaN where a spectrum has none. `None` in a file without them.
    pub umap: Option<Vec<f32>>,
    /// `[n]` chi-squared a pixel of the reconstructions. `None` in a file without it.
    pub chi2: Option<Vec<f32>>,
    /// Name of the model.
    pub model: String,
    /// Name of the set.
    pub set: String,
    /// The way from the spectra to these (the metadata entry `encoding`); plain in files from before there were two.
    pub encoding: EncodingMethod,
}

/// The way from a spectrum to its latents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EncodingMethod {
    /// The encoder's mean, refined by Gauss-Newton steps on the unmasked pixels (`vae::latent_fit`).
    Fitted,
    /// The encoder alone, as in the paper: the default, since the latents that ship with the page are these. It sees infilled pixels
    /// too, and knows nothing of a pixel's error.
    #[default]
    Plain,
}

impl LatentSet {
    /// Returns the number of spectra.
    pub fn len(&self) -> usize {
        self.class.len()
    }

    /// Returns whether there are no spectra.
    pub fn is_empty(&self) -> bool {
        self.class.is_empty()
    }

    /// Returns the posterior mean of one spectrum, `[d]`.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.mean[row * self.dims..(row + 1) * self.dims]
    }

    /// Writes a safetensors file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let shape = [self.len(), self.dims];
        let mut writer = TensorWriter::default();
        writer
            .rounded("mean", &shape, &self.mean)
            .rounded("log_var", &shape, &self.log_var)
            .bytes("class", &[self.len()], &self.class)
            .metadata("model", &self.model)
            .metadata("set", &self.set)
            .metadata("encoding", self.encoding.name());
        if let Some(umap) = &self.umap {
            writer.rounded("umap", &[self.len(), 2], umap);
        }
        if let Some(chi2) = &self.chi2 {
            writer.rounded("chi2", &[self.len()], chi2);
        }
        writer.finish()
    }

    /// Reads a safetensors file; `name` is for errors.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, FormatError> {
        let file = TensorFile::parse(name, bytes)?;
        let shape = file.shape("mean")?;
        let dims = shape.get(1).copied().unwrap_or(0);
        let mean = file.floats("mean", &[0, dims])?;
        let count = shape[0];
        let has = |name: &str| file.names().iter().any(|tensor| tensor == name);
        Ok(Self {
            dims,
            mean,
            log_var: file.floats("log_var", &[count, dims])?,
            class: file.integers("class", &[count])?.into_iter().map(|code| code as u8).collect(),
            umap: has("umap").then(|| file.floats("umap", &[count, 2])).transpose()?,
            chi2: has("chi2").then(|| file.floats("chi2", &[count])).transpose()?,
            model: file.metadata("model").unwrap_or_default().to_owned(),
            set: file.metadata("set").unwrap_or_default().to_owned(),
            encoding: file.metadata("encoding").and_then(EncodingMethod::from_name).unwrap_or(EncodingMethod::Plain),
        })
    }
}

impl EncodingMethod {
    /// Returns the name that files and the command line use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fitted => "fitted",
            Self::Plain => "plain",
        }
    }

    /// Returns the method of a name; `None` for other names.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Fitted, Self::Plain].into_iter().find(|method| method.name() == name)
    }
}

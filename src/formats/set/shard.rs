//! A shard: up to 512 spectra with their catalogue rows in one safetensors file.

use half::f16;
use half::slice::HalfFloatSliceExt;

use super::catalogue::Catalogue;
use super::tensors::{FormatError, TensorFile, TensorWriter};
use crate::spectrum::{GridSpectrum, PIXELS};

/// Spectra of a set, normalised, with their catalogue rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shard {
    /// `[n * 1000]` normalised flux, row by row.
    pub flux: Vec<f16>,
    /// `[n * 1000]` inverse variance of the flux, 0 = masked.
    pub ivar: Vec<f16>,
    /// The n rows of the catalogue.
    pub catalogue: Catalogue,
}

/// The offsets of the rows of a shard in its file, by which one spectrum can be fetched without the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShardLayout {
    /// Number of spectra.
    pub count: usize,
    /// Offset of the first row of `flux`, bytes.
    pub flux: usize,
    /// Offset of the first row of `ivar`, bytes.
    pub ivar: usize,
}

impl Shard {
    /// Number of spectra in a full shard.
    pub const CAPACITY: usize = 512;

    /// Returns the number of spectra.
    pub fn len(&self) -> usize {
        self.flux.len() / PIXELS
    }

    /// Returns whether there are no spectra.
    pub fn is_empty(&self) -> bool {
        self.flux.is_empty()
    }

    /// Adds the pixels of a spectrum; the caller adds its catalogue row.
    pub fn push(&mut self, spectrum: &GridSpectrum) {
        let top = f16::MAX.to_f32();
        for (halves, values) in [(&mut self.flux, &spectrum.flux), (&mut self.ivar, &spectrum.ivar)] {
            let within: Vec<f32> = values.iter().map(|value| value.clamp(-top, top)).collect();
            let start = halves.len();
            halves.resize(start + within.len(), f16::ZERO);
            // All in one call, which converts eight numbers at once.
            halves[start..].convert_from_f32_slice(&within);
        }
    }

    /// Returns row `row` as f32: flux and inverse variance, `[1000]` each.
    pub fn row(&self, row: usize) -> (Vec<f32>, Vec<f32>) {
        let widen = |values: &[f16]| values[row * PIXELS..(row + 1) * PIXELS].iter().map(|v| v.to_f32()).collect();
        (widen(&self.flux), widen(&self.ivar))
    }

    /// Writes a safetensors file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = TensorWriter::default();
        writer.halves("flux", &[self.len(), PIXELS], &self.flux);
        writer.halves("ivar", &[self.len(), PIXELS], &self.ivar);
        self.catalogue.write(&mut writer);
        writer.finish()
    }

    /// Reads a safetensors file; `name` is for errors.
    ///
    /// # Errors
    /// Bytes that are no safetensors file, and tensors that are missing or of another shape.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, FormatError> {
        let file = TensorFile::parse(name, bytes)?;
        let flux = file.halves("flux", &[0, PIXELS])?;
        let count = flux.len() / PIXELS;
        let ivar = file.halves("ivar", &[count, PIXELS])?;
        let catalogue = Catalogue::read(&file, &["flux", "ivar"])?;
        Ok(Self { flux, ivar, catalogue })
    }
}

impl ShardLayout {
    /// Size of one row of either tensor, bytes.
    pub const ROW: usize = PIXELS * 2;

    /// Returns the length of a safetensors header by the first eight bytes of the file.
    pub fn header_len(first: &[u8; 8]) -> usize {
        u64::from_le_bytes(*first) as usize
    }

    /// Reads the layout from the JSON header of a shard, which follows the first eight bytes; `name` is for errors.
    ///
    /// # Errors
    /// A header that is no JSON, or has no f16 tensor `flux` or `ivar`.
    pub fn from_header(name: &str, header: &[u8]) -> Result<Self, FormatError> {
        let refused = |reason: String| FormatError::Json { file: name.to_owned(), reason };
        let json: serde_json::Value = serde_json::from_slice(header).map_err(|error| refused(error.to_string()))?;
        let start = |tensor: &str| {
            json[tensor]["data_offsets"][0]
                .as_u64()
                .filter(|_| json[tensor]["dtype"] == "F16")
                .map(|offset| offset as usize + 8 + header.len())
                .ok_or_else(|| refused(format!("no f16 tensor `{tensor}` in the header")))
        };
        let count = json["flux"]["shape"][0].as_u64().unwrap_or(0) as usize;
        Ok(Self { count, flux: start("flux")?, ivar: start("ivar")? })
    }

    /// Converts the bytes of a row from f16 to f32.
    pub fn decode_row(bytes: &[u8]) -> Vec<f32> {
        bytes.as_chunks::<2>().0.iter().map(|pair| f16::from_le_bytes(*pair).to_f32()).collect()
    }
}

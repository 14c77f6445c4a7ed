//! A chunk: the spectra of a run of files, in their order. Between the passes it is a safetensors file: `flux` and `ivar` f32
//! `[n, 1000]` in the rest frame (ivar 0 = masked), the catalogue's columns but `norm`, and as metadata the id of the plan, a
//! hash of the sizes of its files, the names of its subclasses, and every refusal with its reason.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result};
use sha2::{Digest, Sha256};

use super::rows::{self, Rows};
use crate::cli::files;
use crate::formats::set::{Catalogue, FormatError, TensorFile, TensorWriter};
use crate::spectrum::{ObservedSpectrum, PIXELS, RestFrameSpectrum};

/// A refused file, or a refused spectrum of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    /// Path of the file, as listed.
    pub file: String,
    /// Reason as printed to stderr, which also names the file.
    pub reason: String,
}

/// A chunk in memory, filled file by file.
#[derive(Default)]
pub(super) struct Chunk {
    flux: Vec<f32>,
    ivar: Vec<f32>,
    rows: Rows,
    /// Refused files and spectra.
    pub refused: Vec<Refused>,
    sizes: Sizes,
}

/// A hash of the sizes of a chunk's files.
#[derive(Default)]
pub(super) struct Sizes(Sha256);

/// A finished chunk on disk, of which only the header has been read.
pub(super) struct ChunkFile {
    path: PathBuf,
    /// Number of spectra.
    pub count: usize,
    /// Refused files and spectra.
    pub refused: Vec<Refused>,
    /// Names of the codes of this chunk's subclasses.
    pub subclasses: Vec<String>,
    sizes: String,
    flux: u64,
    ivar: u64,
}

/// Returns the path of chunk `number`.
pub(super) fn path(work: &Path, number: usize) -> PathBuf {
    work.join(format!("chunk-{number:06}.safetensors"))
}

impl Sizes {
    /// Adds the next file's size; `None` where it cannot be read.
    pub(super) fn push(&mut self, size: Option<u64>) {
        self.0.update(size.map_or(-1, |size| size as i64).to_le_bytes());
    }

    /// Returns the hash in hexadecimal.
    pub(super) fn hash(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Chunk {
    /// Returns an empty chunk with memory for `files` spectra.
    pub(super) fn with_capacity(files: usize) -> Self {
        let pixels = || Vec::with_capacity(files * PIXELS);
        Self { flux: pixels(), ivar: pixels(), ..Self::default() }
    }

    /// Adds a spectrum.
    pub(super) fn push(&mut self, observed: &ObservedSpectrum, redshift: f64, rest: &RestFrameSpectrum) {
        self.flux.extend_from_slice(&rest.flux);
        self.ivar.extend(rest.ivar.iter().zip(&rest.mask).map(|(&ivar, &bad)| if bad { 0.0 } else { ivar }));
        self.rows.push(observed, redshift);
    }

    /// Adds the next file's size; `None` where it cannot be read.
    pub(super) fn push_size(&mut self, size: Option<u64>) {
        self.sizes.push(size);
    }

    /// Returns the number of spectra.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Writes the chunk, whole or not at all; `plan` is the id of the plan.
    pub(super) fn write(self, path: &Path, plan: &str) -> Result<()> {
        let count = self.len();
        let refused: Vec<_> = self.refused.iter().map(|refused| [&refused.file, &refused.reason]).collect();
        let (catalogue, subclasses) = self.rows.into_catalogue();
        let mut writer = TensorWriter::default();
        writer
            .floats("flux", &[count, PIXELS], &self.flux)
            .floats("ivar", &[count, PIXELS], &self.ivar)
            .metadata("plan", plan)
            .metadata("sizes", &self.sizes.hash())
            .metadata("subclasses", &serde_json::json!(subclasses).to_string())
            .metadata("refused", &serde_json::json!(refused).to_string());
        catalogue.write(&mut writer);
        files::write_shared(path, &writer.finish())
    }
}

impl ChunkFile {
    /// Opens a chunk; `None` where the file is missing, truncated or of another plan.
    pub(super) fn open(path: &Path, plan: &str) -> Option<Self> {
        let mut file = File::open(path).ok()?;
        let length = file.metadata().ok()?.len();
        let mut first = [0; 8];
        file.read_exact(&mut first).ok()?;
        let header_length = u64::from_le_bytes(first);
        let start = header_length.checked_add(8).filter(|&start| start <= length)?;
        let mut header = vec![0; header_length as usize];
        file.read_exact(&mut header).ok()?;
        let header: serde_json::Value = serde_json::from_slice(&header).ok()?;
        let tensors = header.as_object()?.iter().filter(|(name, _)| *name != "__metadata__");
        let ends = tensors.map(|(_, tensor)| tensor["data_offsets"][1].as_u64());
        let end = ends.collect::<Option<Vec<u64>>>()?.into_iter().max()?;
        let entry = |key: &str| header["__metadata__"][key].as_str();
        if start + end != length || entry("plan") != Some(plan) {
            return None;
        }
        let refused: Vec<[String; 2]> = serde_json::from_str(entry("refused")?).ok()?;
        Some(Self {
            path: path.to_owned(),
            count: header["flux"]["shape"][0].as_u64()? as usize,
            refused: refused.into_iter().map(|[file, reason]| Refused { file, reason }).collect(),
            subclasses: serde_json::from_str(entry("subclasses")?).ok()?,
            sizes: entry("sizes")?.to_owned(),
            flux: start + header["flux"]["data_offsets"][0].as_u64()?,
            ivar: start + header["ivar"]["data_offsets"][0].as_u64()?,
        })
    }

    /// Returns whether the files still have the sizes that were recorded.
    pub(super) fn is_of(&self, paths: &[PathBuf]) -> bool {
        let mut sizes = Sizes::default();
        paths.iter().for_each(|path| sizes.push(files::size(path)));
        sizes.hash() == self.sizes
    }

    /// Reads flux and mask of some rows, which are all that the infill needs.
    pub(super) fn rows(&self, rows: &[usize]) -> Result<Vec<RestFrameSpectrum>> {
        let failed = || format!("{} cannot be read", self.path.display());
        let mut file = File::open(&self.path).with_context(failed)?;
        let mut bytes = vec![0; PIXELS * 4];
        let mut row_at = |start: u64, row: usize| -> Result<Vec<f32>> {
            let offset = SeekFrom::Start(start + (row * PIXELS * 4) as u64);
            file.seek(offset).and_then(|_| file.read_exact(&mut bytes)).with_context(failed)?;
            Ok(bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect())
        };
        let one = |&row: &usize| {
            let flux = row_at(self.flux, row)?;
            let mask = row_at(self.ivar, row)?.iter().map(|&ivar| ivar == 0.0).collect();
            Ok(RestFrameSpectrum { flux, ivar: Vec::new(), mask })
        };
        rows.iter().map(one).collect()
    }

    /// Reads the spectra, and their catalogue rows in the order of a set's columns, without `norm`. Codes of subclasses are those of the
    /// set's `subclasses`.
    pub(super) fn read(&self, subclasses: &[String]) -> Result<(Vec<RestFrameSpectrum>, Catalogue)> {
        let bytes = files::read(&self.path)?;
        let (spectra, mut catalogue) = self.parse(&bytes).map_err(Error::from)?;
        rows::recode(&mut catalogue, &self.subclasses, subclasses);
        Ok((spectra, catalogue))
    }

    fn parse(&self, bytes: &[u8]) -> Result<(Vec<RestFrameSpectrum>, Catalogue), FormatError> {
        let file = TensorFile::parse(&self.path.display().to_string(), bytes)?;
        let flux = file.floats("flux", &[self.count, PIXELS])?;
        let ivar = file.floats("ivar", &[self.count, PIXELS])?;
        let spectra = flux.chunks_exact(PIXELS).zip(ivar.chunks_exact(PIXELS)).map(|(flux, ivar)| RestFrameSpectrum {
            flux: flux.to_vec(),
            ivar: ivar.to_vec(),
            mask: ivar.iter().map(|&ivar| ivar == 0.0).collect(),
        });
        Ok((spectra.collect(), rows::read(&file, self.count)?))
    }
}

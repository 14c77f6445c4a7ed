//! The spectra of a set, read from its shards when they are needed.

use std::fs::File;
use std::io::{Read, Result as IoResult};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use half::f16;

use crate::formats::set::{FormatError, Manifest, ShardLayout};
use crate::vae::stored_spectra::SpectrumStore;

/// Files that are held open; the others are opened for each spectrum.
const OPEN_FILES: usize = 512;

/// The shards of a set on the disk.
#[derive(Debug)]
pub(super) struct ShardFiles {
    shards: Vec<ShardFile>,
    count: usize,
    failure: Mutex<Option<String>>,
}

#[derive(Debug)]
struct ShardFile {
    path: PathBuf,
    open: Option<File>,
    layout: ShardLayout,
    /// Number in the set of its first spectrum.
    first: usize,
}

impl ShardFiles {
    /// Looks where the spectra of a set's shards are; the bytes were checked before.
    pub(super) fn open(folder: &Path, manifest: &Manifest) -> Result<Self> {
        let mut count = 0;
        let mut shards = Vec::with_capacity(manifest.shards.len());
        for info in &manifest.shards {
            let path = folder.join(&info.name);
            let file = File::open(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            let layout = layout(&path, &file).with_context(|| format!("{} cannot be read", path.display()))??;
            ensure!(
                layout.count == info.count,
                "{}: it holds {} spectra, the manifest says {}",
                path.display(),
                layout.count,
                info.count
            );
            let open = (shards.len() < OPEN_FILES).then_some(file);
            shards.push(ShardFile { path, open, layout, first: count });
            count += info.count;
        }
        Ok(Self { shards, count, failure: Mutex::default() })
    }
}

impl SpectrumStore for ShardFiles {
    fn count(&self) -> usize {
        self.count
    }

    fn read(&self, row: usize, flux: &mut [f16], ivar: &mut [f16]) {
        let after = self.shards.partition_point(|shard| shard.first <= row);
        let Some(shard) = after.checked_sub(1).and_then(|at| self.shards.get(at)) else { return ivar.fill(f16::ZERO) };
        if let Err(error) = shard.read(row - shard.first, flux, ivar) {
            flux.fill(f16::ZERO);
            ivar.fill(f16::ZERO);
            let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
            failure.get_or_insert_with(|| format!("{} cannot be read any more ({error})", shard.path.display()));
        }
    }

    fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ShardFile {
    fn read(&self, row: usize, flux: &mut [f16], ivar: &mut [f16]) -> IoResult<()> {
        let opened = if self.open.is_none() { Some(File::open(&self.path)?) } else { None };
        let Some(file) = self.open.as_ref().or(opened.as_ref()) else { return Ok(()) };
        let mut bytes = [0; ShardLayout::ROW];
        for (values, start) in [(flux, self.layout.flux), (ivar, self.layout.ivar)] {
            read_at(file, &mut bytes, (start + row * ShardLayout::ROW) as u64)?;
            for (value, pair) in values.iter_mut().zip(bytes.as_chunks::<2>().0) {
                *value = f16::from_le_bytes(*pair);
            }
        }
        Ok(())
    }
}

/// Reads where the spectra are from the header of a shard.
fn layout(path: &Path, mut file: &File) -> IoResult<std::result::Result<ShardLayout, FormatError>> {
    let mut length = [0; 8];
    file.read_exact(&mut length)?;
    let mut header = vec![0; ShardLayout::header_len(&length)];
    file.read_exact(&mut header)?;
    Ok(ShardLayout::from_header(&path.display().to_string(), &header))
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> IoResult<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> IoResult<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, offset)?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[read..];
        offset += read as u64;
    }
    Ok(())
}

//! From files, or a piece of one, to a chunk.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
#[cfg(feature = "archives")]
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use indicatif::ProgressBar;

use super::chunk::{Chunk, Refused};
use super::pieces::Piece;
#[cfg(feature = "archives")]
use crate::cli::archive_file;
#[cfg(feature = "archives")]
use crate::cli::observations::NotedOnce;
use crate::cli::{files, observations};
use crate::formats::{self, ReadOptions};
use crate::preprocess::{self, Recipe};
use crate::spectrum::{ObservedSpectrum, SpectrumError};

/// Prints notes and refusals while files are read.
pub(super) struct Report<'a> {
    bar: &'a ProgressBar,
    #[cfg(feature = "archives")]
    noted: Mutex<NotedOnce>,
}

impl<'a> Report<'a> {
    /// Returns a report that prints above a bar.
    pub(super) fn new(bar: &'a ProgressBar) -> Self {
        Self {
            bar,
            #[cfg(feature = "archives")]
            noted: Mutex::default(),
        }
    }

    fn line(&self, text: &str) {
        self.bar.suspend(|| eprintln!("{text}"));
    }

    /// Prints a note on a file, unless one with other numbers was printed for it.
    #[cfg(feature = "archives")]
    fn note_once(&self, file: &str, note: &str) {
        if self.noted.lock().unwrap_or_else(PoisonError::into_inner).is_new(file, note) {
            self.line(&format!("{file}: {note}"));
        }
    }
}

/// Preprocesses some files, or a piece of one, into a chunk.
pub(super) fn chunk(paths: &[PathBuf], piece: Option<&Piece>, recipe: Recipe, report: &Report<'_>) -> Chunk {
    let mut chunk = Chunk::with_capacity(piece.map_or(paths.len(), |piece| piece.rows.len()));
    let mut bytes = Vec::new();
    for path in paths {
        let first = chunk.refused.len();
        match piece {
            Some(piece) => add_piece(&mut chunk, path, piece, recipe, report),
            None => add_file(&mut chunk, path, &mut bytes, recipe, report),
        }
        for refused in &chunk.refused[first..] {
            report.line(&refused.reason);
        }
        report.bar.inc(1);
    }
    chunk
}

/// Adds every spectrum of a file, or the reason for its refusal; the assumptions of the reader are printed to stderr.
fn add_file(chunk: &mut Chunk, path: &Path, bytes: &mut Vec<u8>, recipe: Recipe, report: &Report<'_>) {
    let file = path.display().to_string();
    let refuse = |chunk: &mut Chunk, reason: String| chunk.refused.push(Refused { file: file.clone(), reason });
    // Not read whole where its description is damaged already: it may be larger than memory.
    #[cfg(feature = "archives")]
    if let Some(Err(error)) = archive_file::has_ending(path).then(|| archive_file::open(path)).flatten() {
        chunk.push_size(files::size(path));
        return refuse(chunk, error.to_string());
    }
    if let Err(error) = read(path, bytes) {
        chunk.push_size(None);
        return refuse(chunk, format!("{error:#}"));
    }
    chunk.push_size(Some(bytes.len() as u64));
    let redrock = files::redrock_beside(path);
    let options = ReadOptions { redrock: observations::borrowed(&redrock), ..ReadOptions::default() };
    let observations = match formats::read_with(&file, bytes, &options) {
        Ok(observations) => observations,
        Err(error) => return refuse(chunk, error.to_string()),
    };
    observations::distinct_notes(&observations).into_iter().for_each(|note| report.line(&format!("{file}: {note}")));
    let several = observations.len() > 1;
    for (number, observation) in (1..).zip(observations) {
        if let Err(error) = add(chunk, &observation.spectrum, recipe) {
            let row = if several { format!("#{number}") } else { String::new() };
            refuse(chunk, format!("{file}{row} ({}): {error}", observation.spectrum.id));
        }
    }
}

/// Adds the spectra of a piece of a file; numbers of rows in reasons are those in the file, from 1.
#[cfg(feature = "archives")]
fn add_piece(chunk: &mut Chunk, path: &Path, piece: &Piece, recipe: Recipe, report: &Report<'_>) {
    let file = path.display().to_string();
    chunk.push_size(files::size(path));
    let mut refused = Vec::new();
    let mut empty = 0;
    let mut take = |row: usize, read: Result<Option<formats::Observation>, formats::ReadError>| match read {
        Err(error) => refused.push(error.to_string()),
        Ok(None) => empty += 1,
        Ok(Some(observation)) => {
            observation.notes.iter().for_each(|note| report.note_once(&file, note));
            if let Err(error) = add(chunk, &observation.spectrum, recipe) {
                refused.push(format!("{file}#{} ({}): {error}", row + 1, observation.spectrum.id));
            }
        }
    };
    let options = ReadOptions::default();
    let read = match archive_file::open(path) {
        Some(Ok(archive)) if piece.group < archive.groups().len() => {
            formats::read_rows(&archive, piece.group, piece.rows.clone(), &options, &mut take)
                .map_err(|e| e.to_string())
        }
        Some(Err(error)) => Err(error.to_string()),
        Some(Ok(_)) | None => Err(format!("{file} has changed while it was read: start again")),
    };
    refused.extend(read.err());
    if let Some(note) = formats::left_out_note(empty) {
        report.line(&format!("{file}: {note}"));
    }
    chunk.refused.extend(refused.into_iter().map(|reason| Refused { file: file.clone(), reason }));
}

#[cfg(not(feature = "archives"))]
fn add_piece(_: &mut Chunk, _: &Path, _: &Piece, _: Recipe, _: &Report<'_>) {
    unreachable!("without the feature no file has pieces");
}

fn add(chunk: &mut Chunk, observed: &ObservedSpectrum, recipe: Recipe) -> Result<(), SpectrumError> {
    let redshift = preprocess::redshift_of(observed)?;
    let rest = recipe.to_rest_frame(observed, redshift)?;
    chunk.push(observed, redshift, &rest);
    Ok(())
}

/// Reads a file's bytes into a reused buffer.
fn read(path: &Path, bytes: &mut Vec<u8>) -> Result<()> {
    bytes.clear();
    let read = File::open(path).and_then(|mut file| file.read_to_end(bytes));
    read.map(|_| ()).with_context(|| format!("{} cannot be read", path.display()))
}

//! Pass 1: files to chunks, on every core.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::{Context, Result};
use indicatif::ProgressBar;

use super::chunk::{self, Chunk, ChunkFile, Refused};
use super::lock::Lock;
use super::plan::{Inputs, Plan};
use super::work;
use crate::cli::{files, observations, parallel, progress};
use crate::formats::{self, ReadOptions};
use crate::preprocess::{self, Recipe};
use crate::spectrum::{ObservedSpectrum, SpectrumError};

/// Part `number` (from 1) of `of` parts of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Part {
    /// Number of this part, from 1.
    pub number: usize,
    /// Number of parts.
    pub of: usize,
}

/// The numbers of spectra accepted and refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::cli) struct Tally {
    /// Spectra accepted.
    pub spectra: usize,
    /// Files and spectra refused.
    pub refused: usize,
}

impl Part {
    /// The whole work as one part.
    pub(in crate::cli) const WHOLE: Part = Part { number: 1, of: 1 };

    /// Returns the range of this part's share of `all` pieces of work.
    pub(in crate::cli) fn share(self, all: usize) -> Range<usize> {
        (self.number - 1) * all / self.of..self.number * all / self.of
    }

    /// Returns the name of the lock's file, which also tells a merge how the work was split.
    pub(super) fn file(self) -> String {
        format!("part-{}-of-{}.lock", self.number, self.of)
    }

    /// Parses the name of a lock's file.
    pub(super) fn from_file(name: &str) -> Option<Self> {
        let (number, of) = name.strip_prefix("part-")?.strip_suffix(".lock")?.split_once("-of-")?;
        format!("{number}/{of}").parse().ok()
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err("a part is i/n with i from 1 to n, as in 3/16".to_owned()),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// Preprocesses the chunks of a part that do not exist yet. Each refusal is a line on stderr.
///
/// # Errors
/// Another process at the same part, and a chunk that cannot be written.
pub(in crate::cli) fn run(plan: &Plan, inputs: &Inputs, out: &Path, part: Part) -> Result<Tally> {
    let work = work::folder(out);
    let _lock = Lock::take(&work, &part.file(), &format!("part {part} of {}", out.display()))?;
    let id = plan.id();
    let range = part.share(inputs.chunks());
    let look = |k: usize| {
        let number = range.start + k;
        let finished = ChunkFile::open(&chunk::path(&work, number), &id).filter(|chunk| chunk.is_of(inputs.of(number)));
        finished.map(|chunk| Tally { spectra: chunk.count, refused: chunk.refused.len() })
    };
    let finished = parallel::map(range.len(), look, |_| {});
    let mut tally = finished.iter().flatten().fold(Tally::default(), Tally::plus);
    let todo: Vec<usize> =
        range.clone().zip(&finished).filter(|(_, finished)| finished.is_none()).map(|(k, _)| k).collect();
    let files: usize = todo.iter().map(|&number| inputs.of(number).len()).sum();
    let before = inputs.files_in(&range) - files;
    if before > 0 {
        eprintln!("Going on: {before} of {} files were done before", inputs.files_in(&range));
    }
    let bar = progress::files("Preprocessing", files);
    let started = Instant::now();
    let failed = AtomicBool::new(false);
    let fill = |k: usize| -> Result<Tally> {
        if failed.load(Ordering::Relaxed) {
            return Ok(Tally::default());
        }
        let chunk = preprocess_chunk(inputs.of(todo[k]), plan.recipe(), &bar);
        let tally = Tally { spectra: chunk.len(), refused: chunk.refused.len() };
        chunk.write(&chunk::path(&work, todo[k]), &id).inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
        Ok(tally)
    };
    let filled = parallel::map(todo.len(), fill, |_| {});
    bar.finish();
    for one in filled {
        tally = tally.plus(&one?);
    }
    let seconds = started.elapsed().as_secs_f64();
    if files > 0 {
        eprintln!("{files} files in {seconds:.1} s, {:.0} a second", files as f64 / seconds.max(1e-3));
    }
    Ok(tally)
}

impl Tally {
    fn plus(self, other: &Self) -> Self {
        Self { spectra: self.spectra + other.spectra, refused: self.refused + other.refused }
    }
}

/// Preprocesses some files into a chunk.
fn preprocess_chunk(paths: &[std::path::PathBuf], recipe: Recipe, bar: &ProgressBar) -> Chunk {
    let mut chunk = Chunk::with_capacity(paths.len());
    let mut bytes = Vec::new();
    for path in paths {
        let file = path.display().to_string();
        let first = chunk.refused.len();
        match read(path, &mut bytes) {
            Err(error) => {
                chunk.push_size(None);
                chunk.refused.push(Refused { file: file.clone(), reason: format!("{error:#}") });
            }
            Ok(()) => {
                chunk.push_size(Some(bytes.len() as u64));
                let redrock = files::redrock_beside(path);
                let options = ReadOptions { redrock: observations::borrowed(&redrock), ..ReadOptions::default() };
                add_all(&mut chunk, &file, &bytes, &options, recipe, bar);
            }
        }
        for refused in &chunk.refused[first..] {
            bar.suspend(|| eprintln!("{}", refused.reason));
        }
        bar.inc(1);
    }
    chunk
}

/// Adds every spectrum of a file, or the reason for its refusal; the assumptions of the reader are printed to stderr.
fn add_all(chunk: &mut Chunk, file: &str, bytes: &[u8], options: &ReadOptions<'_>, recipe: Recipe, bar: &ProgressBar) {
    let observations = match formats::read_with(file, bytes, options) {
        Ok(observations) => observations,
        Err(error) => return chunk.refused.push(Refused { file: file.to_owned(), reason: error.to_string() }),
    };
    observations::distinct_notes(&observations)
        .into_iter()
        .for_each(|note| bar.suspend(|| eprintln!("{file}: {note}")));
    let several = observations.len() > 1;
    for (number, observation) in (1..).zip(observations) {
        if let Err(error) = add(chunk, &observation.spectrum, recipe) {
            let row = if several { format!("#{number}") } else { String::new() };
            let reason = format!("{file}{row} ({}): {error}", observation.spectrum.id);
            chunk.refused.push(Refused { file: file.to_owned(), reason });
        }
    }
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

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
use super::plan::{self, Inputs, Plan};
use crate::cli::{parallel, progress};
use crate::formats::{fits, npz};
use crate::preprocess::pipeline::{self, PipelineOptions};
use crate::spectrum::{ObservedSpectrum, SpectrumError};

/// Part `number` (from 1) of `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Part {
    pub number: usize,
    pub of: usize,
}

/// What came of some files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::cli) struct Tally {
    pub spectra: usize,
    pub refused: usize,
}

impl Part {
    /// All in one.
    pub(in crate::cli) const WHOLE: Part = Part { number: 1, of: 1 };

    /// Its share of `all` pieces of work: a run of them.
    pub(in crate::cli) fn share(self, all: usize) -> Range<usize> {
        (self.number - 1) * all / self.of..self.number * all / self.of
    }

    /// The lock's file, which also tells a merge how the work was split.
    pub(super) fn file(self) -> String {
        format!("part-{}-of-{}.lock", self.number, self.of)
    }

    /// From a lock's name.
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

/// Makes the chunks of a part that are not there yet. Each refusal is a line on stderr.
///
/// # Errors
/// Another process at the same part; a chunk that cannot be written.
pub(in crate::cli) fn run(plan: &Plan, inputs: &Inputs, out: &Path, part: Part) -> Result<Tally> {
    let work = super::work_folder(out);
    let _lock = Lock::take(&work, &part.file(), &format!("part {part} of {}", out.display()))?;
    let id = plan.id();
    let range = part.share(inputs.chunks());
    let look = |k: usize| {
        let number = range.start + k;
        let there = ChunkFile::open(&chunk::path(&work, number), &id).filter(|chunk| chunk.is_of(inputs.of(number)));
        there.map(|chunk| Tally { spectra: chunk.count, refused: chunk.refused.len() })
    };
    let there = parallel::map(range.len(), look, |_| {});
    let mut tally = there.iter().flatten().fold(Tally::default(), Tally::plus);
    let todo: Vec<usize> = range.clone().zip(&there).filter(|(_, there)| there.is_none()).map(|(k, _)| k).collect();
    let files: usize = todo.iter().map(|&number| inputs.of(number).len()).sum();
    let before = inputs.files_in(&range) - files;
    if before > 0 {
        eprintln!("Going on: {before} of {} files were done before", inputs.files_in(&range));
    }
    let bar = progress::files("Preprocessing", files);
    let started = Instant::now();
    let options = plan.pipeline();
    let failed = AtomicBool::new(false);
    let make = |k: usize| -> Result<Tally> {
        if failed.load(Ordering::Relaxed) {
            return Ok(Tally::default());
        }
        let chunk = make(inputs.of(todo[k]), &options, &bar);
        let tally = Tally { spectra: chunk.len(), refused: chunk.refused.len() };
        chunk.write(&chunk::path(&work, todo[k]), &id).inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
        Ok(tally)
    };
    let made = parallel::map(todo.len(), make, |_| {});
    bar.finish();
    for one in made {
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

/// The chunk of some files.
fn make(paths: &[std::path::PathBuf], options: &PipelineOptions, bar: &ProgressBar) -> Chunk {
    let mut chunk = Chunk::with_room(paths.len());
    let mut bytes = Vec::new();
    for path in paths {
        let file = path.display().to_string();
        let refused = |reason: String| Refused { file: file.clone(), reason };
        let first = chunk.refused.len();
        match read(path, &mut bytes) {
            Err(error) => {
                chunk.push_size(None);
                chunk.refused.push(refused(format!("{error:#}")));
            }
            Ok(()) => {
                chunk.push_size(Some(bytes.len() as u64));
                add_all(&mut chunk, path, &file, &bytes, options, refused);
            }
        }
        for refused in &chunk.refused[first..] {
            bar.suspend(|| eprintln!("{}", refused.reason));
        }
        bar.inc(1);
    }
    chunk
}

/// Adds every spectrum of a file, or the reason why not.
fn add_all(
    chunk: &mut Chunk,
    path: &Path,
    file: &str,
    bytes: &[u8],
    options: &PipelineOptions,
    refused: impl Fn(String) -> Refused,
) {
    let read = if plan::is_npz(path) {
        npz::read(file, bytes)
    } else {
        fits::read(file, bytes).map(|spectrum| vec![spectrum])
    };
    match read {
        Err(error) => chunk.refused.push(refused(error.to_string())),
        Ok(spectra) => {
            for observed in spectra {
                if let Err(error) = add(chunk, &observed, options) {
                    chunk.refused.push(refused(format!("{file} ({}): {error}", observed.id)));
                }
            }
        }
    }
}

fn add(chunk: &mut Chunk, observed: &ObservedSpectrum, options: &PipelineOptions) -> Result<(), SpectrumError> {
    let redshift = pipeline::redshift_of(observed)?;
    let rest = pipeline::to_rest_frame(observed, redshift, options)?;
    chunk.push(observed, redshift, &rest);
    Ok(())
}

/// A file's bytes, into a buffer that is used again and again.
fn read(path: &Path, bytes: &mut Vec<u8>) -> Result<()> {
    bytes.clear();
    let read = File::open(path).and_then(|mut file| file.read_to_end(bytes));
    read.map(|_| ()).with_context(|| format!("{} cannot be read", path.display()))
}

//! Pass 1: files to chunks, on every core.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::Result;

use super::chunk::{self, ChunkFile};
use super::fill::{self, Report};
use super::lock::Lock;
use super::plan::{Inputs, Plan};
use super::work;
use crate::cli::{parallel, progress};

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
    let units: usize = todo.iter().map(|&number| inputs.units(number)).sum();
    let all: usize = range.clone().map(|number| inputs.units(number)).sum();
    let what = inputs.unit_name();
    if all > units {
        eprintln!("Going on: {} of {all} {what} were done before", all - units);
    }
    let before = tally.spectra;
    let bar = progress::files("Preprocessing", units);
    let report = Report::new(&bar);
    let started = Instant::now();
    let failed = AtomicBool::new(false);
    let fill = |k: usize| -> Result<Tally> {
        if failed.load(Ordering::Relaxed) {
            return Ok(Tally::default());
        }
        let chunk = fill::chunk(inputs.of(todo[k]), inputs.piece(todo[k]), plan.recipe(), &report);
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
    if units > 0 {
        let rate = (tally.spectra - before) as f64 / seconds.max(1e-3);
        eprintln!("{units} {what} in {seconds:.1} s, {rate:.0} spectra a second");
    }
    Ok(tally)
}

impl Tally {
    fn plus(self, other: &Self) -> Self {
        Self { spectra: self.spectra + other.spectra, refused: self.refused + other.refused }
    }
}

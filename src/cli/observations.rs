//! The spectra in the files that a command names.

#[cfg(feature = "archives")]
use std::collections::BTreeSet;
use std::path::PathBuf;

#[cfg(feature = "cli")]
use anyhow::Error;
use anyhow::{Result, bail};

#[cfg(feature = "cli")]
use super::archive_file;
use super::files;
use crate::formats;
use crate::formats::Observation;
#[cfg(feature = "cli")]
use crate::formats::{Archive, ReadOptions};
#[cfg(feature = "cli")]
use crate::spectrum::ObservedSpectrum;

/// Returns the files that the arguments name, with folders searched, for a command that needs at least one.
///
/// # Errors
/// A folder that cannot be read, and arguments that name no file; `what` says what the files are for.
pub(super) fn files(arguments: &[PathBuf], what: &str) -> Result<Vec<PathBuf>> {
    let paths = files::expand(arguments)?;
    if paths.is_empty() {
        let endings: Vec<String> = formats::endings().map(|ending| format!(".{ending}")).collect();
        let endings = endings.join(", ");
        bail!("there is nothing to {what}: no file that ends in {endings} is among what was named");
    }
    Ok(paths)
}

/// Reads every spectrum of some files and passes each, with its name, to `each`. The name is the file's; where a file holds
/// several spectra, `file#1`, `file#2`, ... The assumptions of the readers, and the reason for each refusal, are printed to
/// stderr, a line each; reading continues. Returns the number of files and spectra refused.
#[cfg(feature = "cli")]
pub(super) fn for_each(paths: &[PathBuf], mut each: impl FnMut(&str, ObservedSpectrum) -> Result<()>) -> usize {
    let mut refused = 0;
    for path in paths {
        let file = path.display().to_string();
        match archive_file::open(path) {
            Some(Ok(archive)) => {
                refused += of_archive(&archive, &file, &mut each);
                continue;
            }
            Some(Err(error)) => {
                eprintln!("{error}");
                refused += 1;
                continue;
            }
            None => {}
        }
        let read = || -> Result<Vec<Observation>> {
            let bytes = files::read(path)?;
            let redrock = files::redrock_beside(path);
            let options = ReadOptions { redrock: borrowed(&redrock), ..ReadOptions::default() };
            formats::read_with(&file, &bytes, &options).map_err(Error::from)
        };
        let observations = match read() {
            Ok(observations) => observations,
            Err(error) => {
                eprintln!("{error:#}");
                refused += 1;
                continue;
            }
        };
        distinct_notes(&observations).into_iter().for_each(|note| eprintln!("{file}: {note}"));
        let one_of_several = observations.len() > 1;
        for (number, observation) in (1..).zip(observations) {
            let name = if one_of_several { format!("{file}#{number}") } else { file.clone() };
            if let Err(error) = each(&name, observation.spectrum) {
                eprintln!("{name}: {error:#}");
                refused += 1;
            }
        }
    }
    refused
}

/// Passes the spectra of a file of many on, row by row, since it may be larger than memory. Returns the number refused.
#[cfg(feature = "cli")]
fn of_archive(archive: &Archive, file: &str, each: &mut impl FnMut(&str, ObservedSpectrum) -> Result<()>) -> usize {
    let one_of_several = archive.groups().iter().sum::<usize>() > 1;
    let (mut refused, mut empty, mut notes) = (0, 0, NotedOnce::default());
    let mut refuse = |said: String| {
        eprintln!("{said}");
        refused += 1;
    };
    for (group, &rows) in archive.groups().iter().enumerate() {
        let read = formats::read_rows(archive, group, 0..rows, &ReadOptions::default(), |row, read| match read {
            Err(error) => refuse(error.to_string()),
            Ok(None) => empty += 1,
            Ok(Some(observation)) => {
                observation
                    .notes
                    .iter()
                    .filter(|note| notes.is_new(file, note))
                    .for_each(|note| eprintln!("{file}: {note}"));
                let name = if one_of_several { format!("{file}#{}", row + 1) } else { file.to_owned() };
                if let Err(error) = each(&name, observation.spectrum) {
                    refuse(format!("{name}: {error:#}"));
                }
            }
        });
        if let Err(error) = read {
            refuse(error.to_string());
        }
    }
    if let Some(note) = formats::left_out_note(empty) {
        eprintln!("{file}: {note}");
    }
    refused
}

/// Notes that were printed, without their digits: many spectra have the same notes with other numbers.
#[cfg(feature = "archives")]
#[derive(Debug, Default)]
pub(super) struct NotedOnce(BTreeSet<(String, String)>);

#[cfg(feature = "archives")]
impl NotedOnce {
    /// Returns whether a note is the first of its kind on a file.
    pub(super) fn is_new(&mut self, file: &str, note: &str) -> bool {
        let kind = note.replace(|c: char| c.is_ascii_digit(), "");
        self.0.insert((file.to_owned(), kind))
    }
}

/// Returns the distinct notes of a file's spectra.
pub(super) fn distinct_notes(observations: &[Observation]) -> Vec<&str> {
    let mut notes: Vec<&str> = Vec::new();
    for note in observations.iter().flat_map(|observation| &observation.notes) {
        if !notes.contains(&note.as_str()) {
            notes.push(note);
        }
    }
    notes
}

/// Borrows the name and the bytes of a file, as [`formats::ReadOptions`] take them.
pub(super) fn borrowed(file: &Option<(String, Vec<u8>)>) -> Option<(&str, &[u8])> {
    file.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
}

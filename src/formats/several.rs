//! The spectra of a file that holds several.

use super::error::ReadError;
use super::observation::Observation;

/// Returns the spectra of a file, read with their numbers from 0: those that can be read, the first with a note on the others, or the reason
/// why none can. Of `of` spectra each without an identifier or a name of its own is named by its number, from 1.
///
/// # Errors
/// A file of which no spectrum is wanted, and the first error where none can be read.
pub(super) fn several(
    file: &str,
    read: Vec<(usize, Result<Observation, ReadError>)>,
    of: usize,
) -> Result<Vec<Observation>, ReadError> {
    if read.is_empty() {
        let what = format!("none of its {of} spectra is wanted: choose rows from 0 to {}", of.saturating_sub(1));
        return Err(ReadError::not_spectrum(file, what));
    }
    let mut failed = Vec::new();
    let mut observations = Vec::with_capacity(read.len());
    for (number, one) in read {
        match one {
            Ok(mut observation) => {
                let object = &mut observation.spectrum.object;
                if of > 1 && observation.spectrum.id.is_none() {
                    object.name.get_or_insert_with(|| format!("{}", number + 1));
                }
                observations.push(observation);
            }
            Err(error) => failed.push(error),
        }
    }
    let count = failed.len();
    match (failed.into_iter().next(), observations.first_mut()) {
        (Some(error), None) => Err(error),
        (Some(error), Some(first)) => {
            first.notes.push(left_out_because(count, &error));
            Ok(observations)
        }
        (None, _) => Ok(observations),
    }
}

/// Returns the note on spectra of a file that cannot be used.
pub(super) fn left_out_because(count: usize, first: &ReadError) -> String {
    let were = if count == 1 { "was" } else { "were" };
    format!("{count} of its spectra cannot be used and {were} left out, the first because {first}.")
}

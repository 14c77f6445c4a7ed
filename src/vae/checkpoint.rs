//! A training as a file, from which it goes on as if it had never stopped: weights, Adam's moments, the best weights so far, and the
//! state of the loop over epochs.

use thiserror::Error;

use super::learner_state::LearnerState;
use super::parameters::Layout;
use super::training::Snapshot;
use crate::formats::set::{FormatError, TensorFile, TensorWriter};
use crate::preprocess::Recipe;

/// Key in the metadata, whose value is the version of the format.
const KEY: &str = "spectrascape_training";
const VERSION: &str = "1";
/// Name of the loop's tensor, by which files of earlier versions have it.
const LOOP: &str = "regimen";

/// A training at rest.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// The set's name.
    pub set: String,
    /// SHA-256 of its manifest, lower-case hexadecimal.
    pub set_sha256: String,
    /// Recipe by which the spectra were prepared; files of earlier versions, which do not have it, are of the standard recipe.
    pub recipe: Recipe,
    /// The state of the loop over epochs.
    pub snapshot: Snapshot,
    /// Weights and moments.
    pub state: LearnerState,
    /// The best weights on validation so far.
    pub best: Vec<f32>,
}

/// Why a training cannot go on from a file.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum CheckpointError {
    /// Not a safetensors file, or a part is missing.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// A file of another program or version.
    #[error("{file} is not a saved training of this version: start the training again")]
    Version {
        /// The file.
        file: String,
    },
    /// A checkpoint whose parts do not fit together.
    #[error("{file} is damaged ({reason}): start the training again")]
    Damaged {
        /// The file.
        file: String,
        /// Part that does not fit.
        reason: String,
    },
}

impl Checkpoint {
    /// Returns the file's bytes; the same training always gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let snapshot = postcard::to_stdvec(&self.snapshot).expect("plain data always serialises");
        let mut writer = TensorWriter::default();
        let len = self.state.parameters.len();
        writer.floats("parameters", &[len], &self.state.parameters);
        writer.floats("first_moments", &[len], &self.state.first);
        writer.floats("second_moments", &[len], &self.state.second);
        writer.floats("best", &[self.best.len()], &self.best);
        writer.integers("step", &[1], &[self.state.step as i32]);
        writer.bytes(LOOP, &[snapshot.len()], &snapshot);
        let recipe = serde_json::to_string(&self.recipe).expect("plain data always serialises");
        writer.metadata(KEY, VERSION).metadata("set", &self.set).metadata("set_sha256", &self.set_sha256);
        writer.metadata("recipe", &recipe);
        writer.finish()
    }

    /// Reads a file's bytes; `name` is for errors.
    ///
    /// # Errors
    ///
    /// A file of another version, and a damaged one.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, CheckpointError> {
        let (file, snapshot, [set, set_sha256]) = open(name, bytes)?;
        let damaged = |reason: &str| CheckpointError::Damaged { file: name.to_owned(), reason: reason.to_owned() };
        let recipe = file.metadata("recipe").map_or_else(|| Ok(Recipe::standard()), serde_json::from_str);
        let recipe = recipe.map_err(|_| damaged("a recipe that this version does not know"))?;
        let len = Layout::new(&snapshot.config).len;
        let numbers = |tensor: &str| -> Result<Vec<f32>, CheckpointError> {
            let values = file.floats(tensor, &[len])?;
            let sound = values.iter().all(|value| value.is_finite());
            sound.then_some(values).ok_or_else(|| damaged("values that are not numbers"))
        };
        let step = *file.integers("step", &[1])?.first().ok_or_else(|| damaged("no step"))?;
        let state = LearnerState {
            parameters: numbers("parameters")?,
            first: numbers("first_moments")?,
            second: numbers("second_moments")?,
            step: u32::try_from(step).map_err(|_| damaged("a step below 0"))?,
        };
        Ok(Self { set, set_sha256, recipe, best: numbers("best")?, snapshot, state })
    }
}

type Opened<'a> = (TensorFile<'a>, Snapshot, [String; 2]);

fn open<'a>(name: &str, bytes: &'a [u8]) -> Result<Opened<'a>, CheckpointError> {
    let file = TensorFile::parse(name, bytes)?;
    let other = || CheckpointError::Version { file: name.to_owned() };
    if file.metadata(KEY) != Some(VERSION) {
        return Err(other());
    }
    let packed: Vec<u8> = file.integers(LOOP, &[0])?.into_iter().map(|byte| byte as u8).collect();
    let snapshot: Snapshot = postcard::from_bytes(&packed).map_err(|_| other())?;
    let text = |key: &str| file.metadata(key).unwrap_or_default().to_owned();
    let about = [text("set"), text("set_sha256")];
    Ok((file, snapshot, about))
}

//! What the trainer hands to the explorer, past the page: the model of an epoch.

use serde::{Deserialize, Serialize};

/// A state of the model in training. The explorer keeps it until the page asks for it with
/// [`super::ExploreCommand::UseTrainedModel`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainedModel {
    /// Number of the request that started the training.
    pub training: u32,
    /// Epochs done.
    pub epoch: usize,
    /// The model's file, in single precision.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
}

impl TrainedModel {
    /// Returns the message as bytes for `postMessage`.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("plain data always serialises")
    }

    /// Reads a message from bytes; none when they are not one of this version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

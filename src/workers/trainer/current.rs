//! The training that runs.

use super::storage::Saver;
use crate::browser::stream::Cancel;
use crate::formats::set::Manifest;
use crate::vae::session::TrainingSession;
use crate::vae::training::Position;

/// The training of one request.
pub(super) struct Current<B> {
    pub request: u32,
    pub session: TrainingSession<B>,
    pub saver: Saver,
    /// Where it began: once it is elsewhere, a step is done.
    pub began: Position,
    /// Stops the stream of its shards.
    pub cancel: Option<Cancel>,
    /// The folder of its set, from which shards are asked for again after they stopped.
    pub set_url: String,
    pub manifest: Manifest,
}

impl<B> Drop for Current<B> {
    fn drop(&mut self) {
        if let Some(cancel) = &self.cancel {
            cancel.now();
        }
    }
}

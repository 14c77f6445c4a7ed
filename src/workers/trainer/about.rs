//! Defines what is kept beside a saved training's checkpoint: the line that lists it, and how often its first step was tried in vain.

use serde::{Deserialize, Serialize};

use crate::protocol::SavedRun;
use crate::vae::config::VaeConfig;

/// The line about a saved training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Name of the run in the browser's storage.
    pub run: String,
    /// The model and its training.
    pub config: VaeConfig,
    /// The set it trains on.
    pub set: String,
    /// Epochs done.
    pub epochs: usize,
    /// Whether the stopping rule has been met.
    pub finished: bool,
    /// Time at which it was saved, milliseconds since 1970.
    pub saved_at: f64,
    /// Whether it was paused; false in files of the first version, which did not say.
    pub paused: bool,
}

/// Trainers that may stop at the first step of a training before that is set aside. One may have been closed by hand.
const MOST: u8 = 2;

/// Counts how often the first step of a training was tried: written before the step, and removed after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attempts {
    written: u8,
    /// Whether this trainer's own attempt is among those written.
    own: bool,
    /// Whether steps are done: nothing is written any more.
    done: bool,
}

impl About {
    /// Returns it as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("plain data always serialises")
    }

    /// Reads it from bytes; `None` where they are of another version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }

    /// Returns what the page is told of the training.
    pub fn saved_run(self, in_use: bool, set_aside: bool) -> SavedRun {
        let Self { run, config, set, epochs, finished, saved_at, paused } = self;
        SavedRun { run, config, set, epochs, finished, saved_at, in_use, paused, set_aside }
    }
}

impl Attempts {
    /// Returns those of a training of which this is written; nothing of a new one.
    pub fn after(written: &[u8]) -> Self {
        Self { written: written.first().copied().unwrap_or(0), ..Self::default() }
    }

    /// Returns what is written of a training that cannot be gone on with.
    pub fn set_aside() -> Vec<u8> {
        vec![MOST]
    }

    /// Returns what is to be written before the next piece of work, if anything is: nothing at all (`Some` of no bytes) removes what
    /// was. `can_work` is whether there is such a piece, `done` whether a step is done.
    pub fn next(&mut self, can_work: bool, done: bool) -> Option<Vec<u8>> {
        if self.done || (can_work == self.own && !done) {
            return None;
        }
        if done {
            self.done = true;
            return (std::mem::take(&mut self.written) > 0).then(Vec::new);
        }
        self.own = can_work;
        self.written = if can_work { self.written.saturating_add(1) } else { self.written.saturating_sub(1) };
        Some(if self.written > 0 { vec![self.written] } else { Vec::new() })
    }
}

/// Returns whether a training was tried so often, by what is written of it, that it is set aside.
pub fn are_too_many(written: &[u8]) -> bool {
    written.first().is_some_and(|&attempts| attempts >= MOST)
}

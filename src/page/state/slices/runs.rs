//! Earlier trainings: those saved in the browser's storage, and those kept to compare with.

use std::sync::Arc;

use super::seen::Seen;
use super::training::Training;
use crate::protocol::{LinearBaseline, SavedRun};
use crate::vae::config::VaeConfig;
use crate::vae::model_card::EpochReport;

/// What the browser keeps for this page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Runs {
    /// Whether it has been asked.
    pub known: bool,
    /// Saved trainings, the newest first.
    pub list: Vec<SavedRun>,
    /// Bytes of them.
    pub run_bytes: u64,
    /// Bytes of spectra kept for the next visit.
    pub shard_bytes: u64,
    /// Bytes that the browser would let this page keep; 0 where it does not say.
    pub quota: u64,
}

/// A training kept to compare with.
#[derive(Debug, Clone)]
pub struct Kept {
    /// "Run 1".
    pub name: String,
    /// Its configuration.
    pub config: VaeConfig,
    /// Its epochs.
    pub history: Vec<EpochReport>,
    /// The best of them, from 1.
    pub best: Option<usize>,
    /// The linear baseline of the watched spectra.
    pub baseline: Option<Arc<LinearBaseline>>,
    /// Its last state on screen.
    pub seen: Option<Seen>,
}

/// The earlier trainings.
#[derive(Debug, Clone, Default)]
pub struct Archive {
    saved: Runs,
    /// Whether the list of what the browser keeps is on screen.
    open: bool,
    /// A saved training to go on with once the list of them is here, and where its set is.
    resume_wanted: Option<(String, String)>,
    /// Whether the user does not want to be offered any.
    declined: bool,
    kept: Vec<Kept>,
    kept_so_far: u32,
    /// A file that the user asked for, to be saved: name and bytes.
    file_to_save: Option<(String, Arc<Vec<u8>>)>,
}

/// Trainings kept at most: two are compared, and more only fill the memory.
const KEPT: usize = 4;

impl Archive {
    /// Returns what the browser keeps.
    pub fn saved(&self) -> &Runs {
        &self.saved
    }

    /// Returns the trainings kept to compare with.
    pub fn kept(&self) -> &[Kept] {
        &self.kept
    }

    /// Returns the file to save.
    pub fn file_to_save(&self) -> Option<&(String, Arc<Vec<u8>>)> {
        self.file_to_save.as_ref()
    }

    /// Sets the file to save, or forgets it once it is saved.
    pub fn set_file_to_save(&mut self, file: Option<(String, Arc<Vec<u8>>)>) {
        self.file_to_save = file;
    }

    /// Returns whether the list of what the browser keeps is on screen.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Opens or folds the list of what the browser keeps.
    pub fn show(&mut self, open: bool) {
        self.open = open;
    }

    /// Returns the newest saved training that is neither in use nor set aside.
    pub fn offered(&self) -> Option<&SavedRun> {
        self.saved.list.iter().find(|saved| !saved.in_use && !saved.set_aside).filter(|_| !self.declined)
    }

    /// Stops offering.
    pub fn decline(&mut self) {
        self.declined = true;
    }

    /// Wants a saved training resumed once the list of them is here.
    pub fn want_resumed(&mut self, set_url: String, run: String) {
        self.resume_wanted = Some((set_url, run));
    }

    /// Returns whether a saved training is being looked up.
    pub fn is_resuming(&self) -> bool {
        self.resume_wanted.is_some()
    }

    /// Stops looking up a saved training. Returns whether one was looked up.
    pub fn stop_resuming(&mut self) -> bool {
        self.resume_wanted.take().is_some()
    }

    /// Takes in what the browser keeps. Returns the training to resume, and where its set is.
    pub fn on_listed(&mut self, saved: Runs) -> Option<(String, SavedRun)> {
        self.saved = saved;
        let (set_url, run) = self.resume_wanted.take()?;
        let fits = |saved: &&SavedRun| saved.run == run && !saved.finished && !saved.set_aside;
        // It ran when the page was left, whatever it did when it was saved.
        let saved = self.saved.list.iter().find(fits)?;
        Some((set_url, SavedRun { paused: false, ..saved.clone() }))
    }

    /// Keeps a training to compare the next one with, once it has an epoch.
    pub fn keep(&mut self, training: &Training) {
        let Training { config: Some(config), history, best, baseline, seen, .. } = training else { return };
        if history.is_empty() {
            return;
        }
        self.kept_so_far += 1;
        self.kept.push(Kept {
            name: format!("Run {}", self.kept_so_far),
            config: config.clone(),
            history: history.clone(),
            best: *best,
            baseline: baseline.clone(),
            seen: seen.clone(),
        });
        if self.kept.len() > KEPT {
            self.kept.remove(0);
        }
    }

    /// Lets go of a kept training.
    pub fn drop_kept(&mut self, at: usize) {
        if at < self.kept.len() {
            self.kept.remove(at);
        }
    }
}

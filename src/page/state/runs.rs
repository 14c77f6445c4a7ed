//! Trainings of before: those saved in the browser's storage, and those kept beside the newest to compare with.

use std::sync::Arc;

use super::AppState;
use super::training::{Seen, Training};
use crate::protocol::{LinearBaseline, SavedRun, TrainCommand};
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
    /// Its linear rival.
    pub rival: Option<Arc<LinearBaseline>>,
    /// Its last state on screen.
    pub seen: Option<Seen>,
}

/// Trainings kept at most: two are compared, and more only fill the memory.
const KEPT: usize = 4;

impl AppState {
    /// Asks for the model in training as a file.
    pub fn export_model(&mut self, command: TrainCommand) {
        self.tell_trainer(command);
    }

    /// Asks what the browser keeps.
    pub fn list_runs(&mut self) {
        self.tell_trainer(TrainCommand::ListRuns);
    }

    /// The list of what the browser keeps is opened or folded; while it is open it is kept up to date.
    pub fn show_storage(&mut self, open: bool) {
        self.storage_open = open;
        if open {
            self.list_runs();
        }
    }

    /// Whether the newest training is another than the one kept at `at`, and has come so far that they can be compared.
    pub fn can_compare(&self, at: usize) -> bool {
        let newest = &self.training.history;
        !newest.is_empty() && self.kept.get(at).is_some_and(|kept| kept.history != *newest)
    }

    /// Deletes a saved training.
    pub fn forget_run(&mut self, run: String) {
        self.tell_trainer(TrainCommand::ForgetRun { run });
    }

    /// Deletes all that the browser keeps of trainings, and the spectra.
    pub fn clear_storage(&mut self) {
        self.tell_trainer(TrainCommand::ClearStorage);
    }

    /// The newest saved training that is not over and that no tab trains: what a visitor who comes back may want to go on with.
    pub fn unfinished_run(&self) -> Option<&SavedRun> {
        if self.training.is_on() {
            return None;
        }
        self.runs.list.iter().find(|saved| !saved.finished && !saved.in_use)
    }

    pub(super) fn on_runs_listed(&mut self, list: Vec<SavedRun>, run_bytes: u64, shard_bytes: u64, quota: u64) {
        self.runs = Runs { known: true, list, run_bytes, shard_bytes, quota };
        let Some((set_url, run)) = self.resume_wanted.take() else { return };
        let saved = self.runs.list.iter().find(|saved| saved.run == run && !saved.finished);
        if let Some(config) = saved.map(|saved| saved.config.clone()).filter(|_| !self.training.is_on()) {
            self.train_from_run(set_url, run, config);
        }
    }

    /// The page was loaded again while it trained: it goes on where it was saved.
    pub fn go_on_after_reload(&mut self, set_url: String, run: String) {
        self.resume_wanted = Some((set_url, run));
        self.list_runs();
    }

    /// Whether it is being looked up.
    pub fn is_coming_back(&self) -> bool {
        self.resume_wanted.is_some()
    }

    /// Keeps the training on screen, to compare the next one with.
    pub fn keep_run(&mut self) {
        let Training { config: Some(config), history, best, rival, seen, .. } = &self.training else { return };
        if history.is_empty() {
            return;
        }
        self.kept_so_far += 1;
        self.kept.push(Kept {
            name: format!("Run {}", self.kept_so_far),
            config: config.clone(),
            history: history.clone(),
            best: *best,
            rival: rival.clone(),
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

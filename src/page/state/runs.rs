//! Earlier trainings: those that the browser keeps, and those kept on the page to compare with.

use super::AppState;
use super::slices::runs::Runs;
use crate::protocol::{SavedRun, TrainCommand};

impl AppState {
    /// Asks for the model in training as a file: the best or the newest, in half or single precision.
    pub fn export_model(&mut self, best: bool, half: bool) {
        self.trainer.send(TrainCommand::Export { best, half });
    }

    /// Takes in that the file asked for is saved.
    pub fn on_file_saved(&mut self) {
        self.archive.set_file_to_save(None);
    }

    /// Asks what the browser keeps.
    pub fn list_runs(&mut self) {
        self.trainer.send(TrainCommand::ListRuns);
    }

    /// Opens or folds the list of what the browser keeps; while it is open it is kept up to date.
    pub fn show_storage(&mut self, open: bool) {
        self.archive.show(open);
        if open {
            self.list_runs();
        }
    }

    /// Returns whether the newest training is another than the one kept at `at`, and has an epoch to compare.
    pub fn can_compare(&self, at: usize) -> bool {
        let newest = &self.training.training().history;
        !newest.is_empty() && self.archive.kept().get(at).is_some_and(|kept| kept.history != *newest)
    }

    /// Deletes a saved training.
    pub fn forget_run(&mut self, run: String) {
        self.trainer.send(TrainCommand::ForgetRun { run });
    }

    /// Deletes all that the browser keeps of trainings, and the spectra.
    pub fn clear_storage(&mut self) {
        self.trainer.send(TrainCommand::ClearStorage);
    }

    /// Returns the newest saved training that no tab trains: the one to offer after a reload and on a later visit.
    pub fn offered_run(&self) -> Option<&SavedRun> {
        self.archive.offered().filter(|_| !self.training.training().is_on() && !self.is_coming_back())
    }

    /// Stops offering saved trainings on this visit.
    pub fn decline_runs(&mut self) {
        self.archive.decline();
    }

    pub(super) fn on_runs_listed(&mut self, saved: Runs) {
        let resumed = self.archive.on_listed(saved);
        if let Some((set_url, saved)) = resumed.filter(|_| !self.training.training().is_on()) {
            self.train_from_run(set_url, saved);
        }
    }

    /// Goes on with a training where it was saved, after the page was reloaded while it trained.
    pub fn go_on_after_reload(&mut self, set_url: String, run: String) {
        self.archive.want_resumed(set_url, run);
        self.list_runs();
    }

    /// Returns whether the training of a reloaded page is being looked up.
    pub fn is_coming_back(&self) -> bool {
        self.archive.is_resuming()
    }

    /// Keeps the training on screen, to compare the next one with.
    pub fn keep_run(&mut self) {
        self.archive.keep(self.training.training());
    }

    /// Lets go of a kept training.
    pub fn drop_kept(&mut self, at: usize) {
        self.archive.drop_kept(at);
    }
}

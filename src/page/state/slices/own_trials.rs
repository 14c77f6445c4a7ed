//! Redshifts by trial of the user's spectra: at once where a file has none, and in the background to check every other.

use super::asked::Asked;
use super::explorer::Explorer;
use super::own_file::{FileRow, GivenRedshift, Scan};
use super::own_spectra::OwnSpectra;
use crate::protocol::ExploreCommand;

/// The progress of the trials in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrialsProgress {
    /// Spectra of files whose redshift was tried.
    pub done: usize,
    /// Spectra of files.
    pub total: usize,
    /// Whether the user has stopped the trials.
    pub stopped: bool,
}

impl OwnSpectra {
    /// Returns how far the trials in the background are.
    pub fn trials(&self) -> TrialsProgress {
        let files = || self.files.iter().filter(|own| own.file_row().is_some());
        let done = files().filter(|own| own.tried).count();
        TrialsProgress { done, total: files().count(), stopped: self.trials_stopped }
    }

    /// Starts the next trials: of one spectrum without a redshift, else, while nothing is being read, of one spectrum of the list.
    pub fn start_trials(&mut self, explorer: &mut Explorer) {
        if !explorer.can_ask() {
            return;
        }
        if !self.redshift_wanted.iter().any(|unknown| unknown.trial.is_some())
            && let Some(unknown) = self.redshift_wanted.iter_mut().find(|unknown| !unknown.tried)
        {
            unknown.trial = Some(ask(unknown.at, false, explorer));
        }
        let busy = self.redshift_wanted.iter().any(|unknown| unknown.trial.is_some())
            || !self.waiting.is_empty()
            || explorer.waits_for(|asked| matches!(asked, Asked::File { .. } | Asked::Scan { .. }));
        if busy || self.trials_stopped {
            return;
        }
        if let Some(index) = self.files.iter().position(|own| !own.tried && own.file_row().is_some()) {
            self.scan(index, true, explorer);
        }
    }

    /// Stops the trials in the background, or lets them go on.
    pub fn stop_trials(&mut self, stopped: bool, explorer: &mut Explorer) {
        self.trials_stopped = stopped;
        for index in 0..self.files.len() {
            if stopped && !self.files[index].tried {
                self.end_scan(index, explorer);
            }
        }
    }

    /// Tries redshifts on a spectrum of the list, and shows the curve.
    pub fn start_scan(&mut self, index: usize, explorer: &mut Explorer) {
        if self.file_at(index).is_none() || !explorer.can_ask() {
            return;
        }
        let own = self.edit(index);
        own.curve_wanted = true;
        if own.scan.is_none() {
            own.tried = true;
            self.scan(index, false, explorer);
        }
    }

    fn scan(&mut self, index: usize, background: bool, explorer: &mut Explorer) {
        let Some(at) = self.file_at(index) else { return };
        self.edit(index).scan = Some(Scan::Running(ask(at, background, explorer)));
    }

    /// Stops trying redshifts on a spectrum of the list; the page does not begin again by itself.
    pub fn stop_scan(&mut self, index: usize, explorer: &mut Explorer) {
        if self.end_scan(index, explorer) {
            self.edit(index).tried = true;
        }
    }

    /// Drops the trial of a spectrum of the list, which may be tried again.
    pub fn forget_trial(&mut self, index: usize, explorer: &mut Explorer) {
        self.end_scan(index, explorer);
        if self.files[index].scan.is_some() || self.files[index].tried {
            let own = self.edit(index);
            (own.scan, own.tried) = (None, false);
        }
    }

    fn end_scan(&mut self, index: usize, explorer: &mut Explorer) -> bool {
        let Some(Scan::Running(request)) = self.files.get(index).and_then(|own| own.scan.clone()) else { return false };
        explorer.forget_request(request);
        let own = self.edit(index);
        (own.scan, own.curve_wanted) = (None, false);
        true
    }

    /// Tries redshifts on a spectrum without one, again.
    pub fn try_unknown(&mut self, name: &str) {
        if let Some(unknown) = self.redshift_wanted.iter_mut().find(|unknown| unknown.name == name) {
            unknown.tried = false;
        }
    }

    /// Stops trying redshifts on a spectrum without one.
    pub fn stop_unknown(&mut self, name: &str, explorer: &mut Explorer) {
        if let Some(unknown) = self.redshift_wanted.iter_mut().find(|unknown| unknown.name == name) {
            if let Some(request) = unknown.trial.take() {
                explorer.forget_request(request);
            }
            unknown.tried = true;
        }
    }

    /// Drops the trial of a spectrum that was not encoded at the redshift found.
    pub fn forget_found(&mut self, at: FileRow) {
        self.found.retain(|(other, _)| *other != at);
    }

    /// Takes in that a trial is over, with a result or without. A spectrum without a redshift is encoded at the one found.
    pub fn on_scan_ended(&mut self, request: u32, outcome: Option<Scan>) {
        if let Some(index) = self.files.iter().position(|own| own.scan == Some(Scan::Running(request))) {
            let own = self.edit(index);
            own.tried = true;
            own.curve_wanted &= outcome.is_some();
            own.scan = outcome;
            return;
        }
        let Some(index) = self.redshift_wanted.iter().position(|unknown| unknown.trial == Some(request)) else {
            return;
        };
        if let Some(Scan::Done { best, .. }) = outcome {
            let at = self.redshift_wanted.remove(index).at;
            self.found.extend(outcome.map(|scan| (at, scan)));
            self.want_file(at, Some(GivenRedshift::ByTrial(best)));
        } else {
            let unknown = &mut self.redshift_wanted[index];
            (unknown.trial, unknown.tried) = (None, true);
        }
    }
}

fn ask(FileRow { file, row }: FileRow, background: bool, explorer: &mut Explorer) -> u32 {
    let command = ExploreCommand::ScanRedshift { file, row, background };
    explorer.ask_of_file(file, command, Asked::Scan { background })
}

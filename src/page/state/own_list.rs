//! The list of the user's spectra as a whole: reading a batch, stopping it, clearing the list, and why each spectrum is odd.

use std::sync::Arc;

use super::AppState;
use super::slices::asked::Asked;
use super::slices::opened_files::{FileChange, name_of_key};
use super::slices::own_file::OwnFile;
use super::slices::own_reading::ReadingProgress;
use crate::protocol::ExploreCommand;

impl AppState {
    /// Takes in that files were dropped, which are handed over one by one.
    pub fn on_files_dropped(&mut self, files: usize) {
        let waiting = self.files_waiting();
        self.own.reading_mut().on_dropped(files, waiting);
    }

    /// Takes in the files that the device has kept since an earlier visit, by their keys.
    pub fn restore_files(&mut self, mut files: Vec<(String, Vec<u8>)>) {
        // A redrock file first, so that its coadd is read once, and with it.
        files.sort_by_key(|(key, _)| !key.starts_with("redrock-"));
        let waiting = self.files_waiting();
        self.own.reading_mut().on_restored(files.len(), waiting);
        for (key, bytes) in files {
            self.add_file(name_of_key(&key).to_owned(), bytes);
        }
        self.on_files_added();
        // They are kept already.
        self.explorer.take_file_changes();
    }

    /// Returns what the device is to be told of the user's files, once.
    pub fn take_file_changes(&mut self) -> Vec<FileChange> {
        self.explorer.take_file_changes()
    }

    /// Returns how far the reading of the user's files is; `None` where nothing is being read.
    pub fn reading(&self) -> Option<ReadingProgress> {
        self.own.reading().progress(self.files_waiting())
    }

    /// Returns the number of the batch of files read last; 0 before there is one.
    pub fn batch(&self) -> u32 {
        self.own.reading().batch()
    }

    /// Returns whether the user has stopped the reading of files, so that no more are to be handed over.
    pub fn reading_is_stopped(&self) -> bool {
        self.own.reading().is_stopped()
    }

    /// Stops reading files: those that the explorer has not been sent are left out.
    pub fn stop_reading(&mut self) {
        let left_out = self.own.give_up_reading();
        self.own.reading_mut().stop(left_out.len());
        for file in left_out {
            self.close_unused(file);
        }
    }

    /// Takes all of the user's spectra off the list, and what was asked about others.
    pub fn clear_files(&mut self) {
        self.stop_reading();
        let stopped = self.own.trials().stopped;
        self.stop_trials(true);
        while !self.files().is_empty() {
            self.remove_file(self.files().len() - 1);
        }
        let unknown: Vec<String> = self.redshift_wanted().iter().map(|unknown| unknown.name.clone()).collect();
        unknown.iter().for_each(|name| self.forget_file(name));
        let choices: Vec<u32> = self.row_choices().iter().map(|choice| choice.file).collect();
        choices.into_iter().for_each(|file| self.take_rows(file, &[]));
        self.stop_trials(stopped);
    }

    /// Takes in that the list is looked at: from now on, outlier factors and reasons are found for it.
    pub fn judge_files(&mut self) {
        self.own.judge();
        self.judge_own();
    }

    /// Asks for what the list lacks, once all files are read: the densities that its outlier factors are measured against, then the
    /// reasons of one spectrum at a time, so that sliders do not wait behind two hundred.
    pub(super) fn judge_own(&mut self) {
        let busy = self.reading().is_some() || self.own.files().is_empty();
        if !self.own.is_judged() || busy || !self.explorer.can_ask() {
            return;
        }
        self.outliers.ask_factors(&self.set, &mut self.explorer);
        if self.explorer.waits_for(|asked| matches!(asked, Asked::WhyOwn(_))) {
            return;
        }
        let unexplained = |file: &&Arc<OwnFile>| file.reasons.is_none() && file.encoded_here;
        let Some(file) = self.own.files().iter().find(unexplained) else { return };
        let command = ExploreCommand::Explain {
            flux: file.pixels.flux.clone(),
            ivar: file.pixels.ivar.clone(),
            redshift: file.redshift,
            median_snr: f64::from(file.median_snr),
            method: self.explorer.method(),
        };
        self.explorer.ask(command, Asked::WhyOwn(file.pixels.serial));
    }

    /// Takes in why a spectrum of the user's is odd.
    pub(super) fn on_own_reasons(&mut self, serial: u32, reasons: Vec<String>) {
        self.own.on_reasons(serial, reasons);
        self.judge_own();
    }
}

//! The model of an epoch on screen: the explorer uses it, the scatter moves, and afterwards the shipped one comes back.

use super::AppState;
use super::slices::seen::Seen;
use crate::protocol::EpochLatents;

/// Spectra whose reconstructions are watched.
const WATCHED: usize = 5;

impl AppState {
    /// Shows the embedding of the shipped model, and has that opened again where another decodes.
    pub(super) fn show_shipped(&mut self) {
        if let Some(shipped) = self.set.shipped().cloned() {
            self.show(shipped);
        }
        if self.training.leave_own() {
            self.explorer.close_model();
            self.explorer.open_model();
        }
        self.ask_all();
    }

    /// Takes in the latents of every spectrum after an epoch. The trainer has handed its model to the explorer; once that uses it, all
    /// is shown again.
    pub(super) fn on_epoch_latents(&mut self, training: u32, latents: EpochLatents) {
        let Some(old) = self.set.embedding().filter(|old| !old.is_empty()) else { return };
        let dims = latents.latents.len() / old.len();
        if dims == 0 || latents.latents.len() != dims * old.len() {
            self.fail("The engine sent latents of another set: reload the page.".to_owned());
            return;
        }
        self.training.on_epoch(training, latents);
        self.send_epoch();
    }

    fn send_epoch(&mut self) {
        let serial = self.next_serial();
        self.training.send_epoch(self.set.embedding(), serial, &mut self.explorer);
    }

    /// Takes in that the explorer decodes with the model of an epoch.
    pub(super) fn on_epoch_opened(&mut self, seen: Seen) {
        if let Some(embedding) = self.training.on_epoch_opened(seen) {
            self.explorer.use_trained_model();
            self.show(embedding);
            self.ask_all();
        }
        self.send_epoch();
    }

    /// Takes in that the explorer could not open the model of an epoch, or that it was overtaken.
    pub(super) fn on_epoch_failed(&mut self) {
        self.training.on_epoch_failed();
        self.send_epoch();
    }

    /// Returns the spectra to watch: the selected one, and a typical one of each class.
    pub(super) fn watch_rows(&self) -> Vec<usize> {
        let Some(embedding) = self.set.embedding() else { return Vec::new() };
        let mut rows: Vec<usize> = self.selecting.row().into_iter().collect();
        for code in 0..=4u8 {
            if let Some(row) = embedding.typical_of(code, |row| self.set.is_odd(row) || rows.contains(&row)) {
                rows.push(row);
            }
        }
        rows.truncate(WATCHED);
        rows
    }
}

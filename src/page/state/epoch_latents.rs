//! The model of an epoch on screen: the explorer uses it, the scatter moves, and afterwards the shipped one comes back.

use std::sync::Arc;

use super::training::Seen;
use super::{AppState, Asked, Source};
use crate::page::view::embedding::Cloud;
use crate::protocol::{EpochLatents, ExploreCommand};

/// Spectra whose reconstructions are watched.
const WATCHED: usize = 5;

impl AppState {
    /// Shows where the spectra lie under the shipped model, and has it opened again where another decodes.
    pub(super) fn show_shipped(&mut self) {
        if let Some(shipped) = self.shipped.clone() {
            self.show(shipped);
        }
        if self.explores_own {
            self.explores_own = false;
            self.model_open = false;
            self.model_asked = false;
            self.ask_model();
        }
        self.ask_all();
    }

    /// Takes in where every spectrum is after an epoch. The trainer has handed its model to the explorer; once that uses it, all is
    /// shown again. Of several epochs that arrive meanwhile, the newest is shown.
    pub(super) fn on_epoch_latents(&mut self, training: u32, placed: EpochLatents) {
        let Some(old) = self.cloud.clone().filter(|old| !old.is_empty()) else { return };
        let dims = placed.latents.len() / old.len();
        if dims == 0 || placed.latents.len() != dims * old.len() {
            self.fail("The engine sent latents of another set: reload the page.".to_owned());
            return;
        }
        self.epoch_latents_waiting = Some((training, Box::new(placed)));
        self.send_epoch_latents();
    }

    fn send_epoch_latents(&mut self) {
        if self.epoch_model_asked.is_some() {
            return;
        }
        let Some((training, placed)) = self.epoch_latents_waiting.take() else { return };
        let EpochLatents { epoch, latents, variance, watched } = *placed;
        let Some(old) = self.cloud.clone().filter(|old| !old.is_empty()) else { return };
        let dims = latents.len() / old.len();
        let serial = self.next_serial();
        let mut cloud = Cloud::new(serial, dims, latents, old.class.clone());
        if let Some(before) = self.training.seen.as_ref().map(|seen| &seen.cloud) {
            cloud = cloud.turned_like(before);
        }
        let cloud = Arc::new(cloud);
        let seen =
            Seen { serial, epoch, variance, spread: cloud.spread_of_latents(), watched: Arc::new(watched), cloud };
        let command = ExploreCommand::UseTrainedModel { training, epoch };
        self.epoch_model_asked = Some(self.ask_for(command, Asked::EpochLatents { training, seen: Box::new(seen) }));
    }

    /// The explorer decodes with the model of an epoch.
    pub(super) fn epoch_model_opened(&mut self, seen: Seen) {
        self.epoch_model_asked = None;
        self.explores_own = true;
        if self.training.is_on() {
            let cloud = seen.cloud.clone();
            self.training.seen = Some(seen);
            self.model_open = true;
            self.show(cloud);
            self.ask_all();
        }
        self.send_epoch_latents();
    }

    /// The explorer could not open the model of an epoch, or it was overtaken.
    pub(super) fn epoch_latents_failed(&mut self) {
        self.epoch_model_asked = None;
        self.send_epoch_latents();
    }

    pub(super) fn forget_epoch_latents(&mut self) {
        self.epoch_latents_waiting = None;
        if let Some(request) = self.epoch_model_asked.take() {
            self.asked.remove(&request);
            // It may be opened all the same.
            self.explores_own = true;
        }
    }

    /// Spectra to watch: the selected one, and a typical one of each class.
    pub(super) fn watch_rows(&self) -> Vec<usize> {
        let Some(cloud) = &self.cloud else { return Vec::new() };
        let selected = match self.selection.as_ref().map(|selection| selection.source) {
            Some(Source::Row(row)) => Some(row),
            _ => None,
        };
        let odd = |row: usize| self.value_of(row, "truth_oddity").is_some_and(|code| code > 0.0);
        let mut rows: Vec<usize> = selected.into_iter().collect();
        for code in 0..=4u8 {
            if let Some(row) = cloud.typical_of(code, |row| odd(row) || rows.contains(&row)) {
                rows.push(row);
            }
        }
        rows.truncate(WATCHED);
        rows
    }
}

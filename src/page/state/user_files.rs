//! The user's own files: how they are handed to the explorer, listed, and their redshifts tried.

use std::sync::Arc;

use super::AppState;
use super::slices::own_spectra::{Origin, OwnFile, Scan};
use super::slices::selection::Source;
use super::slices::spectrum_set::Pixels;
use crate::protocol::{Encoding, ExploreEvent};

impl AppState {
    /// Hands a file to the explorer; it waits until a model is open.
    pub fn add_file(&mut self, name: String, bytes: Vec<u8>) {
        let file = self.explorer.keep_file(name, bytes);
        self.encode_file(file, None);
        self.close_unused(file);
    }

    /// Takes in the redshift that the user gives for a file.
    pub fn give_redshift(&mut self, name: &str, redshift: f64) {
        let Some(file) = self.own.take_unknown(name) else { return };
        self.encode_file(file, Some(redshift));
        self.close_unused(file);
    }

    /// Leaves out a file whose redshift the user does not know either.
    pub fn forget_file(&mut self, name: &str) {
        if let Some(file) = self.own.take_unknown(name) {
            self.close_unused(file);
        }
    }

    /// Encodes a file of the list again, at another redshift.
    pub fn redo_with_redshift(&mut self, index: usize, redshift: f64) {
        if let Some(file) = self.own.file_at(index) {
            self.encode_file(file, Some(redshift));
        }
    }

    fn encode_file(&mut self, file: u32, redshift: Option<f64>) {
        if self.explorer_works(&format!("{} cannot be read", self.explorer.file_name(file))) {
            self.own.want_file(file, redshift);
            self.send_files();
        }
    }

    /// Hands files and dials to the explorer, once the model on screen can encode them.
    pub(super) fn send_files(&mut self) {
        let selected = self.selected_file();
        self.own.send(selected, &mut self.explorer);
    }

    /// Returns the index of the selected spectrum among the user's.
    pub(super) fn selected_file(&self) -> Option<usize> {
        match self.selecting.source()? {
            Source::File(index) => Some(index),
            Source::Row(_) => None,
        }
    }

    pub(super) fn ask_redshift(&mut self, file: u32) {
        self.own.ask_redshift(file, self.explorer.file_name(file).to_owned());
    }

    /// Takes in that a file was not encoded. A redshift that does not do is asked for again, unless the file is listed with another.
    pub(super) fn on_file_failed(&mut self, file: u32, redshift: Option<f64>) {
        if redshift.is_some() && self.own.index_of_file(file).is_none() {
            self.ask_redshift(file);
        }
        self.close_unused(file);
    }

    /// Forgets a file that is neither listed nor asked about, and has the explorer forget it.
    fn close_unused(&mut self, file: u32) {
        if !self.own.uses(file, &self.explorer) {
            self.explorer.close_file(file);
        }
    }

    /// Reports the files that wait for a model which will not open.
    pub(super) fn give_up_waiting(&mut self) {
        for file in self.own.give_up_waiting() {
            let name = self.explorer.file_name(file).to_owned();
            self.fail(format!("{name} was not read, since the model did not open: drop it again later."));
            self.close_unused(file);
        }
    }

    /// Takes in a file that was read and encoded.
    pub(super) fn on_file_encoded(&mut self, number: u32, event: ExploreEvent) {
        let ExploreEvent::FileEncoded {
            name,
            spectrum_id,
            redshift,
            redshift_from,
            class,
            median_snr,
            notes,
            flux,
            ivar,
            encoding,
        } = event
        else {
            return;
        };
        let serial = self.next_serial();
        let file = OwnFile {
            name,
            origin: Origin::File(number),
            id: spectrum_id,
            redshift,
            redshift_from,
            class,
            median_snr,
            notes,
            truths: Vec::new(),
            pixels: Arc::new(Pixels { serial, flux, ivar }),
            encoding,
            encoded_here: true,
            scan: None,
        };
        let index = self.own.list_file(number, file);
        self.select_file(index);
    }

    /// Takes in the encoding, by the model on screen, of a spectrum that another one had encoded.
    pub(super) fn on_encoded_again(&mut self, serial: u32, encoding: Encoding) {
        let mean = encoding.posterior.mean.clone();
        let Some(index) = self.own.on_encoded_again(serial, encoding) else { return };
        self.picks.on_file_encoded(serial, &mean);
        if self.selected_file() == Some(index) {
            self.select_file(index);
        }
    }

    /// Takes a spectrum of the user's off the list.
    pub fn remove_file(&mut self, index: usize) {
        let selected = self.selected_file();
        let Some(file) = self.own.remove(index, selected, &mut self.explorer) else { return };
        if self.selecting.on_file_removed(index) {
            self.noise = None;
            self.decoder.set_band(None);
            self.forget_noise_curve();
        }
        if let Origin::File(number) = file.origin {
            self.close_unused(number);
        }
    }

    /// Tries redshifts on a spectrum of the user's.
    pub fn scan_redshift(&mut self, index: usize) {
        self.own.start_scan(index, &mut self.explorer);
    }

    /// Stops trying redshifts.
    pub fn stop_scan(&mut self, index: usize) {
        self.own.stop_scan(index, &mut self.explorer);
    }

    pub(super) fn on_redshift_scanned(&mut self, request: u32, event: ExploreEvent) {
        let outcome = match event {
            ExploreEvent::RedshiftScanned { redshift, score, best, confidence, .. } => {
                Some(Scan::Done { redshift: Arc::new(redshift), score: Arc::new(score), best, confidence })
            }
            _ => None,
        };
        self.own.on_scan_ended(request, outcome);
    }
}

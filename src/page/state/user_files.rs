//! The user's own files: how they are handed to the explorer, listed, and their redshifts tried.

use std::sync::Arc;

use super::AppState;
use super::slices::asked::Asked;
use super::slices::own_file::{FileRow, GivenRedshift, Origin, OwnFile, RowChoice, Scan, UnknownRedshift};
use super::slices::own_spectra::MOST_ROWS;
use super::slices::selection::Source;
use super::slices::spectrum_set::Pixels;
use crate::formats::Medium;
use crate::protocol::{ExploreEvent, ListedSpectrum, RedrockFile};
use crate::vae::encoding::{Encoding, EncodingMethod};

impl AppState {
    /// Hands a file to the explorer; it waits until a model is open. A redrock file is kept for the coadd beside it.
    pub fn add_file(&mut self, name: String, bytes: Vec<u8>) {
        if let Some(coadd) = coadd_of(&name) {
            self.own.reading_mut().leave_out();
            if let Some(file) = self.explorer.keep_redrock(coadd, RedrockFile { name, bytes }) {
                self.read_again(file);
            }
            return;
        }
        let (file, waiting) = (self.explorer.keep_file(name, bytes), self.files_waiting());
        self.own.reading_mut().on_arrived(waiting);
        self.encode_file(FileRow { file, row: None }, None);
        self.close_unused(file);
    }

    /// Takes in that the last file of several was added: a redrock file needs its coadd.
    pub fn on_files_added(&mut self) {
        self.own.reading_mut().on_all_arrived();
        self.judge_own();
        for (redrock, coadd) in self.explorer.lone_redrocks() {
            self.fail(format!("{redrock} holds the redshifts of {coadd}: drop that file, too."));
        }
    }

    /// Takes in the redshift that the user gives for a spectrum without one.
    pub fn give_redshift(&mut self, name: &str, redshift: f64) {
        let Some(at) = self.own.take_unknown(name, &mut self.explorer) else { return };
        self.encode_again_at(at, Some(GivenRedshift::Typed(redshift)));
        self.close_unused(at.file);
    }

    /// Leaves out a spectrum whose redshift the user does not know either.
    pub fn forget_file(&mut self, name: &str) {
        if let Some(at) = self.own.take_unknown(name, &mut self.explorer) {
            self.close_unused(at.file);
            self.send_files();
        }
    }

    /// Tries redshifts on a spectrum without one, again.
    pub fn try_unknown(&mut self, name: &str) {
        self.own.try_unknown(name);
        self.send_files();
    }

    /// Stops trying redshifts on a spectrum without one; the user is still asked.
    pub fn stop_unknown(&mut self, name: &str) {
        self.own.stop_unknown(name, &mut self.explorer);
        self.send_files();
    }

    /// Encodes a spectrum of the list again, at a redshift that the user has typed.
    pub fn redo_with_redshift(&mut self, index: usize, redshift: f64) {
        if let Some(at) = self.own.file_at(index) {
            self.encode_again_at(at, Some(GivenRedshift::Typed(redshift)));
        }
    }

    /// Encodes a spectrum of the list again, at its redshift by trial.
    pub fn use_trial(&mut self, index: usize) {
        let trial = self.own.files().get(index).and_then(|file| file.trial());
        if let (Some(at), Some(trial)) = (self.own.file_at(index), trial) {
            self.encode_again_at(at, Some(GivenRedshift::ByTrial(trial.redshift)));
        }
    }

    /// Reads the file of a spectrum of the list again, with its wavelengths in the medium that the user chose.
    pub fn set_medium(&mut self, index: usize, medium: Option<Medium>) {
        let Some(FileRow { file, .. }) = self.own.file_at(index) else { return };
        if self.explorer.medium(file) != medium {
            self.explorer.set_medium(file, medium);
            self.read_again(file);
        }
    }

    fn read_again(&mut self, file: u32) {
        self.own.read_again(file, &mut self.explorer);
        if self.own.take_choice(file).is_some() {
            self.own.want_file(FileRow { file, row: None }, None);
        }
        self.send_files();
    }

    /// Has the user choose among the spectra of a file.
    pub(super) fn offer_rows(&mut self, file: u32, name: String, spectra: Vec<ListedSpectrum>) {
        self.own.offer_rows(RowChoice { file, name, spectra: Arc::new(spectra) });
        self.send_files();
    }

    /// Encodes spectra of a file that holds several: those with these indices, up to [`MOST_ROWS`]. None leaves the file out.
    pub fn take_rows(&mut self, file: u32, rows: &[usize]) {
        let Some(choice) = self.own.take_choice(file) else { return };
        if rows.len() > MOST_ROWS {
            let (name, count) = (choice.name, rows.len());
            self.fail(format!("The first {MOST_ROWS} of the {count} spectra chosen in {name} are read; `spectrascape encode` reads all."));
        }
        let waiting = self.files_waiting();
        self.own.reading_mut().add(rows.len().min(MOST_ROWS), waiting);
        for &row in rows.iter().take(MOST_ROWS) {
            self.encode_file(FileRow { file, row: Some(row) }, None);
        }
        self.close_unused(file);
    }

    /// Encodes a spectrum that the user has just said something about: it comes on screen.
    fn encode_again_at(&mut self, at: FileRow, given: Option<GivenRedshift>) {
        let waiting = self.files_waiting();
        self.own.reading_mut().add(1, waiting);
        self.encode_file(at, given);
    }

    fn encode_file(&mut self, at: FileRow, given: Option<GivenRedshift>) {
        if self.explorer_works(&format!("{} cannot be read", self.explorer.file_name(at.file))) {
            self.own.want_file(at, given);
            self.send_files();
        }
    }

    /// Hands files and dials to the explorer, once the model on screen can encode them.
    pub(super) fn send_files(&mut self) {
        let selected = self.selected_file();
        self.own.send(selected, &mut self.explorer);
        self.own.start_trials(&mut self.explorer);
        self.judge_own();
    }

    /// Returns the index of the selected spectrum among the user's.
    pub(super) fn selected_file(&self) -> Option<usize> {
        match self.selecting.source()? {
            Source::File(index) => Some(index),
            Source::Row(_) => None,
        }
    }

    /// Asks for the redshift of a spectrum: of the user, and by trial unless that was `tried`.
    pub(super) fn ask_redshift(&mut self, at: FileRow, name: String, file_redshift: Option<f64>, tried: bool) {
        self.own.ask_redshift(UnknownRedshift { at, name, file_redshift, trial: None, tried });
        self.send_files();
    }

    /// Takes in that a spectrum was not encoded. A redshift that does not do is asked for again, unless the spectrum is listed with another.
    pub(super) fn on_file_failed(&mut self, at: FileRow, given: Option<GivenRedshift>) {
        self.own.forget_found(at);
        if given.is_some() && self.own.index_of(at).is_none() {
            let file = self.explorer.file_name(at.file);
            let name = at.row.map_or_else(|| file.to_owned(), |row| format!("{file}#{}", row + 1));
            self.ask_redshift(at, name, None, true);
        }
        self.close_unused(at.file);
        self.send_files();
    }

    /// Forgets a file that is neither listed nor asked about, and has the explorer forget it.
    pub(super) fn close_unused(&mut self, file: u32) {
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

    /// Takes in a spectrum of a file that was encoded, at the redshift that was given.
    pub(super) fn on_file_encoded(&mut self, at: FileRow, given: Option<GivenRedshift>, event: ExploreEvent) {
        let ExploreEvent::FileEncoded {
            name,
            spectrum_id,
            object,
            file_redshift,
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
            origin: Origin::File(at),
            id: spectrum_id,
            object,
            redshift,
            redshift_from: given.map_or(redshift_from, |given| given.source().to_owned()),
            file_redshift,
            medium: self.explorer.medium(at.file),
            class,
            median_snr,
            notes,
            truths: Vec::new(),
            pixels: Arc::new(Pixels { serial, flux, ivar }),
            encoded_here: encoding.method == self.explorer.method(),
            encoding,
            scan: None,
            tried: false,
            curve_wanted: false,
            reasons: None,
        };
        let index = self.own.list_file(at, file);
        // One after the other would have the panels follow two hundred spectra.
        if self.own.reading_mut().takes_screen() || self.selected_file() == Some(index) {
            self.select_file(index);
        }
        self.own.encode_again(&mut self.explorer);
        self.send_files();
    }

    /// Returns the way from the user's own spectra to their latents.
    pub fn encoding_method(&self) -> EncodingMethod {
        self.explorer.method()
    }

    /// Chooses the way from the user's own spectra to their latents; all are encoded again.
    pub fn set_encoding_method(&mut self, method: EncodingMethod) {
        if method == self.explorer.method() {
            return;
        }
        self.explorer.set_method(method);
        self.explorer.ignore(|asked| matches!(asked, Asked::Again(_) | Asked::Uncertainty(_)));
        self.noise = None;
        self.own.on_method(method);
        self.own.encode_again(&mut self.explorer);
        self.ask_uncertainty();
    }

    /// Takes in the encoding, by the model on screen, of a spectrum that another one had encoded, or this one in another way.
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
        if let Some(at) = file.file_row() {
            self.close_unused(at.file);
        }
        self.send_files();
    }

    /// Tries redshifts on a spectrum of the user's.
    pub fn scan_redshift(&mut self, index: usize) {
        self.own.start_scan(index, &mut self.explorer);
    }

    /// Stops trying redshifts on a spectrum.
    pub fn stop_scan(&mut self, index: usize) {
        self.own.stop_scan(index, &mut self.explorer);
        self.send_files();
    }

    /// Stops the trials in the background, or lets them go on.
    pub fn stop_trials(&mut self, stopped: bool) {
        self.own.stop_trials(stopped, &mut self.explorer);
        self.send_files();
    }

    pub(super) fn on_redshift_scanned(&mut self, request: u32, event: ExploreEvent) {
        let outcome = match event {
            ExploreEvent::RedshiftScanned { redshift, score, best, error, confidence, .. } => {
                let (redshift, score) = (Arc::new(redshift), Arc::new(score));
                Some(Scan::Done { redshift, score, best, error, confidence })
            }
            _ => None,
        };
        self.own.on_scan_ended(request, outcome);
        self.send_files();
    }
}

/// Returns the name of the coadd whose redshifts a redrock file of DESI holds: `coadd-x.fits` for `redrock-x.fits`.
fn coadd_of(name: &str) -> Option<String> {
    let rest = name.strip_prefix("redrock-")?;
    name.to_ascii_lowercase().contains(".fits").then(|| format!("coadd-{rest}"))
}

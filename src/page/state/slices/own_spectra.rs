//! The user's own spectra: files dropped on the page and galaxies simulated to order.

use std::sync::Arc;

use super::asked::Asked;
use super::explorer::Explorer;
use super::own_file::{FileRow, GivenRedshift, Origin, OwnFile, RowChoice, Scan, UnknownRedshift};
use super::own_reading::Reading;
use crate::protocol::ExploreCommand;
use crate::simulator::GalaxyDials;
use crate::vae::encoding::{Encoding, EncodingMethod};

/// Spectra that are taken of one file at once, at most.
pub const MOST_ROWS: usize = 200;
/// Spectra that the explorer is asked to read at a time, at most: what the sliders ask waits behind them.
const MOST_READ: usize = 4;

/// The list, and what is on its way to it.
#[derive(Debug, Clone, Default)]
pub struct OwnSpectra {
    /// Each is replaced where it changes, so that views tell by its address what is as it was.
    pub(super) files: Vec<Arc<OwnFile>>,
    /// How far the reading of a batch is.
    reading: Reading,
    /// Whether the list is looked at, so that reasons are looked for.
    judged: bool,
    /// Spectra to be encoded once a model is open, with the redshift that was given.
    pub(super) waiting: Vec<(FileRow, Option<GivenRedshift>)>,
    pub(super) redshift_wanted: Vec<UnknownRedshift>,
    /// Files that hold several spectra, until the user has chosen.
    choices: Vec<RowChoice>,
    /// Trials of spectra that are being encoded at the redshift found.
    pub(super) found: Vec<(FileRow, Scan)>,
    /// Whether the user has stopped the trials in the background.
    pub(super) trials_stopped: bool,
    waiting_dials: Option<Box<GalaxyDials>>,
    /// The galaxy that the dials change; by its pixels' serial.
    dialled: Option<u32>,
    /// Galaxies simulated so far, those off the list too.
    simulated: u64,
}

impl OwnSpectra {
    /// Returns the list, in the order read or simulated.
    pub fn files(&self) -> &[Arc<OwnFile>] {
        &self.files
    }

    /// Returns how far the reading of files is.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Returns the reading of files, to tell it of more.
    pub fn reading_mut(&mut self) -> &mut Reading {
        &mut self.reading
    }

    /// Returns whether the list is looked at, so that reasons are looked for.
    pub fn is_judged(&self) -> bool {
        self.judged
    }

    /// Takes in that the list is looked at.
    pub fn judge(&mut self) {
        self.judged = true;
    }

    /// Returns a spectrum of the list to be changed.
    pub(super) fn edit(&mut self, index: usize) -> &mut OwnFile {
        Arc::make_mut(&mut self.files[index])
    }

    /// Returns the files whose redshift the user is asked for.
    pub fn redshift_wanted(&self) -> &[UnknownRedshift] {
        &self.redshift_wanted
    }

    /// Returns how many galaxies were simulated so far.
    pub fn simulated(&self) -> u64 {
        self.simulated
    }

    /// Returns how many spectra are on their way through the explorer.
    pub fn in_progress(&self, explorer: &Explorer) -> usize {
        let read = explorer.count(|asked| matches!(asked, Asked::File { .. }));
        let simulating = self.waiting_dials.is_some() || explorer.waits_for(|a| matches!(a, Asked::Simulation(_)));
        self.waiting.len() + read + usize::from(simulating)
    }

    /// Returns the files that hold several spectra, for the user to choose among.
    pub fn choices(&self) -> &[RowChoice] {
        &self.choices
    }

    /// Returns the index of a file's spectrum in the list.
    pub fn index_of(&self, at: FileRow) -> Option<usize> {
        self.files.iter().position(|own| own.file_row() == Some(at))
    }

    /// Returns the spectrum of a file at an index.
    pub fn file_at(&self, index: usize) -> Option<FileRow> {
        self.files.get(index)?.file_row()
    }

    /// Wants a spectrum encoded, at the redshift that was given.
    pub fn want_file(&mut self, at: FileRow, redshift: Option<GivenRedshift>) {
        self.waiting.push((at, redshift));
    }

    /// Has the user choose among the spectra of a file.
    pub fn offer_rows(&mut self, choice: RowChoice) {
        self.choices.retain(|other| other.file != choice.file);
        self.choices.push(choice);
    }

    /// Takes the spectra of a file that the user was to choose among.
    pub fn take_choice(&mut self, file: u32) -> Option<RowChoice> {
        let at = self.choices.iter().position(|choice| choice.file == file)?;
        Some(self.choices.remove(at))
    }

    /// Wants every spectrum of a file encoded again, whether it is listed, being encoded or without a redshift, since the file is read in
    /// another way. Trials of the old pixels are dropped, and so are the redshifts found by them.
    pub fn read_again(&mut self, file: u32, explorer: &mut Explorer) {
        let encoding = explorer.withdraw(|asked| match asked {
            Asked::File { at, given } if at.file == file => Some((*at, *given)),
            _ => None,
        });
        let typed = |given: &GivenRedshift| matches!(given, GivenRedshift::Typed(_));
        self.waiting.extend(encoding.into_iter().map(|(at, given)| (at, given.filter(typed))));
        while let Some(index) = self.redshift_wanted.iter().position(|unknown| unknown.at.file == file) {
            let unknown = self.redshift_wanted.remove(index);
            unknown.trial.and_then(|request| explorer.forget_request(request));
            self.want_file(unknown.at, None);
        }
        for index in 0..self.files.len() {
            let Some(at) = self.file_at(index).filter(|at| at.file == file) else { continue };
            self.forget_trial(index, explorer);
            if self.waiting.iter().any(|(waiting, _)| *waiting == at) {
                continue;
            }
            let given = self.files[index].given_redshift().filter(typed);
            self.want_file(at, given);
        }
    }

    /// Wants a galaxy simulated. One is simulated at a time; what is dialled meanwhile is the newest only.
    pub fn want_galaxy(&mut self, dials: GalaxyDials) {
        self.waiting_dials = Some(Box::new(dials));
    }

    /// Sends what is wanted, once the model on screen can encode it; `selected` is the index of the selected spectrum.
    pub fn send(&mut self, selected: Option<usize>, explorer: &mut Explorer) {
        if !explorer.can_ask() {
            return;
        }
        let read = explorer.count(|asked| matches!(asked, Asked::File { .. }));
        let next = MOST_READ.saturating_sub(read).min(self.waiting.len());
        for (at, given) in self.waiting.drain(..next) {
            let FileRow { file, row } = at;
            let (redshift, method) = (given.map(GivenRedshift::value), explorer.method());
            let command = ExploreCommand::EncodeFile { file, row, redshift, method };
            explorer.ask_of_file(file, command, Asked::File { at, given });
        }
        let in_progress = explorer.waits_for(|asked| matches!(asked, Asked::Simulation(_)));
        if let Some(dials) = self.waiting_dials.take_if(|_| !in_progress) {
            // The same noise while one galaxy is dialled, so that only the dials move it.
            let seed = if self.dialled_index(selected).is_some() { self.simulated } else { self.simulated + 1 };
            let command = ExploreCommand::SimulateGalaxy { dials: *dials, seed, method: explorer.method() };
            explorer.ask(command, Asked::Simulation(dials));
        }
    }

    /// Gives up what waits for a model and returns the files among it.
    pub fn give_up_waiting(&mut self) -> Vec<u32> {
        self.waiting_dials = None;
        self.give_up_reading()
    }

    /// Gives up the spectra that the explorer has not been sent, and returns their files.
    pub fn give_up_reading(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.waiting).into_iter().map(|(at, _)| at.file).collect()
    }

    /// Takes in why the spectrum with these pixels is odd.
    pub fn on_reasons(&mut self, serial: u32, reasons: Vec<String>) {
        if let Some(index) = self.files.iter().position(|file| file.pixels.serial == serial) {
            self.edit(index).reasons = Some(reasons);
        }
    }

    /// Asks for the redshift of a spectrum: of the user, and by trial unless that was tried.
    pub fn ask_redshift(&mut self, unknown: UnknownRedshift) {
        if !self.redshift_wanted.iter().any(|other| other.at == unknown.at) {
            self.redshift_wanted.push(unknown);
        }
    }

    /// Takes a spectrum whose redshift the user is asked for, by its name, and stops its trial.
    pub fn take_unknown(&mut self, name: &str, explorer: &mut Explorer) -> Option<FileRow> {
        let index = self.redshift_wanted.iter().position(|unknown| unknown.name == name)?;
        let unknown = self.redshift_wanted.remove(index);
        if let Some(request) = unknown.trial {
            explorer.forget_request(request);
        }
        Some(unknown.at)
    }

    /// Returns whether a file is listed, asked about, waiting or being encoded.
    pub fn uses(&self, file: u32, explorer: &Explorer) -> bool {
        self.files.iter().any(|own| own.file_row().is_some_and(|at| at.file == file))
            || self.redshift_wanted.iter().any(|unknown| unknown.at.file == file)
            || self.choices.iter().any(|choice| choice.file == file)
            || self.waiting.iter().any(|(at, _)| at.file == file)
            || explorer.waits_for(|asked| matches!(asked, Asked::File { at, .. } if at.file == file))
    }

    /// Lists a spectrum that was encoded and returns its index: the same one with another redshift stays where it is and keeps its trial.
    pub fn list_file(&mut self, at: FileRow, mut own: OwnFile) -> usize {
        let found = self.found.iter().position(|(other, _)| *other == at).map(|index| self.found.remove(index).1);
        match self.index_of(at) {
            Some(index) => {
                let before = &self.files[index];
                own.scan = found.or_else(|| before.scan.clone());
                (own.tried, own.curve_wanted) = (before.tried, before.curve_wanted);
                self.files[index] = Arc::new(own);
                index
            }
            None => {
                (own.tried, own.scan) = (found.is_some(), found);
                self.files.push(Arc::new(own));
                self.files.len() - 1
            }
        }
    }

    /// Lists a simulated galaxy and returns its index: it replaces the one that the dials change. Its name is given here.
    pub fn list_galaxy(&mut self, galaxy: OwnFile, selected: Option<usize>) -> usize {
        let dialled = self.dialled_index(selected);
        self.simulated += u64::from(dialled.is_none());
        self.dialled = Some(galaxy.pixels.serial);
        match dialled {
            Some(index) => {
                let name = self.files[index].name.clone();
                self.files[index] = Arc::new(OwnFile { name, ..galaxy });
                index
            }
            None => {
                let name = format!("Galaxy {} made here", self.simulated);
                self.files.push(Arc::new(OwnFile { name, ..galaxy }));
                self.files.len() - 1
            }
        }
    }

    /// Leaves the galaxy being dialled as it is: the next one simulated is another.
    pub fn keep_galaxy(&mut self) {
        self.dialled = None;
    }

    /// Returns the index of the galaxy that the dials change: the newest, while it is selected.
    fn dialled_index(&self, selected: Option<usize>) -> Option<usize> {
        let index = selected?;
        let serial = self.files.get(index)?.pixels.serial;
        (self.dialled == Some(serial)).then_some(index)
    }

    /// Takes in that another model is on screen.
    pub fn on_embedding(&mut self) {
        for file in &mut self.files {
            let file = Arc::make_mut(file);
            (file.encoded_here, file.reasons) = (false, None);
        }
    }

    /// Takes in that spectra are encoded in another way from now on.
    pub fn on_method(&mut self, method: EncodingMethod) {
        for file in self.files.iter_mut().filter(|file| file.encoding.method != method) {
            let file = Arc::make_mut(file);
            (file.encoded_here, file.reasons) = (false, None);
        }
    }

    /// Has the model on screen encode the spectra that another one has encoded, or this one in another way.
    pub fn encode_again(&self, explorer: &mut Explorer) {
        if !explorer.can_ask() {
            return;
        }
        let method = explorer.method();
        for file in self.files.iter().filter(|file| !file.encoded_here) {
            let serial = file.pixels.serial;
            if explorer.waits_for(|asked| matches!(asked, Asked::Again(other) if *other == serial)) {
                continue;
            }
            match file.origin {
                Origin::File(FileRow { file: number, row }) => {
                    let redshift = file.given_redshift().map(GivenRedshift::value);
                    let command = ExploreCommand::EncodeFile { file: number, row, redshift, method };
                    explorer.ask_of_file(number, command, Asked::Again(serial));
                }
                Origin::Simulated(_) => {
                    let (flux, ivar) = (file.pixels.flux.clone(), file.pixels.ivar.clone());
                    explorer.ask(ExploreCommand::Encode { flux, ivar, method }, Asked::Again(serial));
                }
            }
        }
    }

    /// Takes in the encoding, by the model on screen, of the spectrum with these pixels. Returns its index.
    pub fn on_encoded_again(&mut self, serial: u32, encoding: Encoding) -> Option<usize> {
        let index = self.files.iter().position(|file| file.pixels.serial == serial)?;
        let file = self.edit(index);
        (file.encoding, file.encoded_here, file.reasons) = (encoding, true, None);
        Some(index)
    }

    /// Takes a spectrum off the list, and stops what would put it back; `selected` is the index of the selected one.
    pub fn remove(&mut self, index: usize, selected: Option<usize>, explorer: &mut Explorer) -> Option<Arc<OwnFile>> {
        if index >= self.files.len() {
            return None;
        }
        self.stop_scan(index, explorer);
        let dialled = self.dialled_index(selected) == Some(index);
        let file = self.files.remove(index);
        explorer.ignore(|asked| match asked {
            Asked::File { at, .. } => file.file_row() == Some(*at),
            Asked::Simulation(_) => dialled,
            Asked::Again(serial) | Asked::WhyOwn(serial) => *serial == file.pixels.serial,
            _ => false,
        });
        self.waiting.retain(|(at, _)| file.file_row() != Some(*at));
        self.waiting_dials.take_if(|_| dialled);
        Some(file)
    }

    /// Takes in that the explorer has stopped: nothing is on its way any more.
    pub fn on_explorer_died(&mut self) {
        self.waiting.clear();
        self.waiting_dials = None;
        for file in self.files.iter_mut().filter(|file| matches!(file.scan, Some(Scan::Running(_)))) {
            Arc::make_mut(file).scan = None;
        }
        for unknown in &mut self.redshift_wanted {
            unknown.trial = None;
        }
    }
}

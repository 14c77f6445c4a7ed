//! The user's own spectra: files dropped on the page and galaxies simulated to order.

use std::sync::Arc;

use super::asked::Asked;
use super::explorer::Explorer;
use super::spectrum_set::Pixels;
use crate::protocol::{Encoding, ExploreCommand};
use crate::simulator::GalaxyDials;
use crate::spectrum::{Class, SourceId};

/// A spectrum of the user's, encoded.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnFile {
    /// The name of the file, or of the simulated galaxy.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Its name in SDSS.
    pub id: SourceId,
    /// The redshift used.
    pub redshift: f64,
    /// The source of the redshift: "the file", "you".
    pub redshift_from: String,
    /// The class by its own lines.
    pub class: Class,
    /// Median signal-to-noise a pixel.
    pub median_snr: f32,
    /// What was guessed or changed when it was read, a sentence each.
    pub notes: Vec<String>,
    /// The true properties of a simulated galaxy: column of the catalogue and value.
    pub truths: Vec<(String, f32)>,
    /// Its pixels.
    pub pixels: Arc<Pixels>,
    /// Its encoding by the newest model that has encoded it.
    pub encoding: Encoding,
    /// Whether that is the model on screen.
    pub encoded_here: bool,
    /// Its redshift by trial, once asked for.
    pub scan: Option<Scan>,
}

/// Where a spectrum of the user's comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// A file; its number.
    File(u32),
    /// The simulator, with these dials.
    Simulated(Box<GalaxyDials>),
}

/// A file whose redshift is not known.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownRedshift {
    /// The file's number.
    pub file: u32,
    /// The file's name.
    pub name: String,
}

/// Redshifts tried on a spectrum.
#[derive(Debug, Clone, PartialEq)]
pub enum Scan {
    /// The scan is in progress; its request.
    Running(u32),
    /// The result.
    Done {
        /// `[n]` trial redshifts.
        redshift: Arc<Vec<f32>>,
        /// `[n]` misfit of each: weighted square deviation a pixel.
        score: Arc<Vec<f32>>,
        /// The redshift of the least misfit.
        best: f64,
        /// How many times worse the next best is.
        confidence: f64,
    },
}

/// The list, and what is on its way to it.
#[derive(Debug, Clone, Default)]
pub struct OwnSpectra {
    files: Vec<OwnFile>,
    /// Files to be encoded once a model is open, with the redshift that the user gave.
    waiting: Vec<(u32, Option<f64>)>,
    redshift_wanted: Vec<UnknownRedshift>,
    waiting_dials: Option<Box<GalaxyDials>>,
    /// The galaxy that the dials change; by its pixels' serial.
    dialled: Option<u32>,
    /// Galaxies simulated so far, those off the list too.
    simulated: u64,
}

impl OwnFile {
    /// Returns its name in SDSS, or its own where it has none.
    pub fn title(&self) -> String {
        if !self.id.is_none() { self.id.to_string() } else { self.name.clone() }
    }

    /// Returns its latents `[d]` under the model on screen; `None` until that has encoded it.
    pub fn latent(&self) -> Option<&[f32]> {
        self.encoded_here.then_some(&self.encoding.posterior.mean)
    }

    /// Returns whether the simulator made it.
    pub fn is_simulated(&self) -> bool {
        matches!(self.origin, Origin::Simulated(_))
    }
}

impl OwnSpectra {
    /// Returns the list, in the order read or simulated.
    pub fn files(&self) -> &[OwnFile] {
        &self.files
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

    /// Returns the index of a file in the list.
    pub fn index_of_file(&self, file: u32) -> Option<usize> {
        self.files.iter().position(|own| own.origin == Origin::File(file))
    }

    /// Returns the number of the file at an index.
    pub fn file_at(&self, index: usize) -> Option<u32> {
        match self.files.get(index)?.origin {
            Origin::File(file) => Some(file),
            Origin::Simulated(_) => None,
        }
    }

    /// Wants a file encoded, at the redshift that the user gave.
    pub fn want_file(&mut self, file: u32, redshift: Option<f64>) {
        self.waiting.push((file, redshift));
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
        for (file, redshift) in std::mem::take(&mut self.waiting) {
            explorer.ask_of_file(file, ExploreCommand::EncodeFile { file, redshift }, Asked::File { file, redshift });
        }
        let in_progress = explorer.waits_for(|asked| matches!(asked, Asked::Simulation(_)));
        if let Some(dials) = self.waiting_dials.take_if(|_| !in_progress) {
            // The same noise while one galaxy is dialled, so that only the dials move it.
            let seed = if self.dialled_index(selected).is_some() { self.simulated } else { self.simulated + 1 };
            explorer.ask(ExploreCommand::SimulateGalaxy { dials: *dials, seed }, Asked::Simulation(dials));
        }
    }

    /// Gives up what waits for a model and returns the files among it.
    pub fn give_up_waiting(&mut self) -> Vec<u32> {
        self.waiting_dials = None;
        std::mem::take(&mut self.waiting).into_iter().map(|(file, _)| file).collect()
    }

    /// Asks the user for a file's redshift.
    pub fn ask_redshift(&mut self, file: u32, name: String) {
        let unknown = UnknownRedshift { file, name };
        if !self.redshift_wanted.contains(&unknown) {
            self.redshift_wanted.push(unknown);
        }
    }

    /// Takes a file whose redshift the user is asked for, by its name.
    pub fn take_unknown(&mut self, name: &str) -> Option<u32> {
        let at = self.redshift_wanted.iter().position(|file| file.name == name)?;
        Some(self.redshift_wanted.remove(at).file)
    }

    /// Returns whether a file is listed, asked about, waiting or being encoded.
    pub fn uses(&self, file: u32, explorer: &Explorer) -> bool {
        self.index_of_file(file).is_some()
            || self.redshift_wanted.iter().any(|unknown| unknown.file == file)
            || self.waiting.iter().any(|(waiting, _)| *waiting == file)
            || explorer.waits_for(|asked| matches!(asked, Asked::File { file: other, .. } if *other == file))
    }

    /// Lists a file that was encoded and returns its index: the same file with another redshift stays where it is.
    pub fn list_file(&mut self, number: u32, file: OwnFile) -> usize {
        match self.index_of_file(number) {
            Some(index) => {
                let scan = self.files[index].scan.take();
                self.files[index] = OwnFile { scan, ..file };
                index
            }
            None => {
                self.files.push(file);
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
                self.files[index] = OwnFile { name, ..galaxy };
                index
            }
            None => {
                self.files.push(OwnFile { name: format!("Galaxy {} made here", self.simulated), ..galaxy });
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
        self.files.iter_mut().for_each(|file| file.encoded_here = false);
    }

    /// Has the model on screen encode the spectra that another one has encoded.
    pub fn encode_again(&self, explorer: &mut Explorer) {
        if !explorer.can_ask() {
            return;
        }
        for file in self.files.iter().filter(|file| !file.encoded_here) {
            let serial = file.pixels.serial;
            if explorer.waits_for(|asked| matches!(asked, Asked::Again(other) if *other == serial)) {
                continue;
            }
            match file.origin {
                Origin::File(number) => {
                    let redshift = (file.redshift_from == "you").then_some(file.redshift);
                    let command = ExploreCommand::EncodeFile { file: number, redshift };
                    explorer.ask_of_file(number, command, Asked::Again(serial));
                }
                Origin::Simulated(_) => {
                    let (flux, ivar) = (file.pixels.flux.clone(), file.pixels.ivar.clone());
                    explorer.ask(ExploreCommand::Encode { flux, ivar }, Asked::Again(serial));
                }
            }
        }
    }

    /// Takes in the encoding, by the model on screen, of the spectrum with these pixels. Returns its index.
    pub fn on_encoded_again(&mut self, serial: u32, encoding: Encoding) -> Option<usize> {
        let index = self.files.iter().position(|file| file.pixels.serial == serial)?;
        let file = &mut self.files[index];
        (file.encoding, file.encoded_here) = (encoding, true);
        Some(index)
    }

    /// Takes a spectrum off the list, and stops what would put it back; `selected` is the index of the selected one.
    pub fn remove(&mut self, index: usize, selected: Option<usize>, explorer: &mut Explorer) -> Option<OwnFile> {
        if index >= self.files.len() {
            return None;
        }
        self.stop_scan(index, explorer);
        let dialled = self.dialled_index(selected) == Some(index);
        let file = self.files.remove(index);
        explorer.ignore(|asked| match asked {
            Asked::File { file: number, .. } => file.origin == Origin::File(*number),
            Asked::Simulation(_) => dialled,
            Asked::Again(serial) => *serial == file.pixels.serial,
            _ => false,
        });
        self.waiting.retain(|(number, _)| file.origin != Origin::File(*number));
        self.waiting_dials.take_if(|_| dialled);
        Some(file)
    }

    /// Tries redshifts on a file.
    pub fn start_scan(&mut self, index: usize, explorer: &mut Explorer) {
        let scanning = self.files.get(index).is_none_or(|file| matches!(file.scan, Some(Scan::Running(_))));
        let Some(file) = self.file_at(index).filter(|_| !scanning && explorer.can_ask()) else { return };
        let request = explorer.ask_of_file(file, ExploreCommand::ScanRedshift { file }, Asked::Scan);
        self.files[index].scan = Some(Scan::Running(request));
    }

    /// Stops trying redshifts.
    pub fn stop_scan(&mut self, index: usize, explorer: &mut Explorer) {
        let Some(Scan::Running(request)) = self.files.get(index).and_then(|file| file.scan.clone()) else { return };
        explorer.forget_request(request);
        self.files[index].scan = None;
    }

    /// Takes in that a scan is over, with a result or without.
    pub fn on_scan_ended(&mut self, request: u32, outcome: Option<Scan>) {
        if let Some(file) = self.files.iter_mut().find(|file| file.scan == Some(Scan::Running(request))) {
            file.scan = outcome;
        }
    }

    /// Takes in that the explorer has stopped: nothing is on its way any more.
    pub fn on_explorer_died(&mut self) {
        self.waiting.clear();
        self.waiting_dials = None;
        for file in &mut self.files {
            file.scan.take_if(|scan| matches!(scan, Scan::Running(_)));
        }
    }
}

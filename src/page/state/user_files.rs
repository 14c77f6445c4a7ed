//! Spectra of the user's own: files dropped on the page and galaxies simulated to order; how they are handed to the explorer and
//! encoded by the model on screen.

use std::sync::Arc;

use super::spectra::{Pixels, Source};
use super::{AppState, Asked, Engine, Scan};
use crate::protocol::{Encoding, ExploreCommand, ExploreEvent};
use crate::simulator::GalaxyDials;
use crate::spectrum::{Class, SpectrumId};

/// A spectrum of the user's, encoded.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnFile {
    /// The file's name, or that of a galaxy made here.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Its name in SDSS.
    pub id: SpectrumId,
    /// Redshift used.
    pub redshift: f64,
    /// Who says so: "the file", "you".
    pub redshift_from: String,
    /// What the file's own measurements say.
    pub class: Class,
    /// Median signal-to-noise a pixel.
    pub median_snr: f32,
    /// What was guessed or changed when it was read, a sentence each.
    pub notes: Vec<String>,
    /// What a galaxy made here truly is: column of the catalogue and value.
    pub truths: Vec<(String, f32)>,
    /// Its pixels.
    pub pixels: Arc<Pixels>,
    /// Where it lands under the model that it was encoded with last.
    pub encoding: Encoding,
    /// Whether that is the model on screen; false until the new one has encoded it, too.
    pub placed: bool,
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

/// A file whose redshift nobody knows.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownRedshift {
    /// The file's number.
    pub file: u32,
    /// The file's name.
    pub name: String,
}

impl OwnFile {
    /// Its name in SDSS, or its own where it has none.
    pub fn title(&self) -> String {
        if self.id.plate > 0 { self.id.to_string() } else { self.name.clone() }
    }

    /// `[d]` where it lies in the space on screen; none while that is not known.
    pub fn place(&self) -> Option<&[f32]> {
        self.placed.then_some(&self.encoding.mean)
    }

    /// Whether the simulator made it.
    pub fn is_simulated(&self) -> bool {
        matches!(self.origin, Origin::Simulated(_))
    }
}

impl AppState {
    /// Hands a file to the explorer; it waits until a model is open.
    pub fn add_file(&mut self, name: String, bytes: Vec<u8>) {
        let file = self.opened_files.keep(name, bytes);
        self.encode_file(file, None);
        self.close_unused(file);
    }

    /// The user says at which redshift a file is.
    pub fn give_redshift(&mut self, name: &str, redshift: f64) {
        let Some(at) = self.redshift_wanted.iter().position(|file| file.name == name) else { return };
        let file = self.redshift_wanted.remove(at).file;
        self.encode_file(file, Some(redshift));
        self.close_unused(file);
    }

    /// The user does not know the redshift of a file either.
    pub fn forget_file(&mut self, name: &str) {
        if let Some(at) = self.redshift_wanted.iter().position(|file| file.name == name) {
            let file = self.redshift_wanted.remove(at).file;
            self.close_unused(file);
        }
    }

    pub(super) fn redshift_is_wanted(&mut self, file: u32) {
        let unknown = UnknownRedshift { file, name: self.opened_files.name(file).to_owned() };
        if !self.redshift_wanted.contains(&unknown) {
            self.redshift_wanted.push(unknown);
        }
    }

    /// A redshift that does not do is asked for again, unless the file is on the list with another.
    pub(super) fn file_failed(&mut self, file: u32, redshift: Option<f64>) {
        if redshift.is_some() && self.index_of_file(file).is_none() {
            self.redshift_is_wanted(file);
        }
        self.close_unused(file);
    }

    fn index_of_file(&self, file: u32) -> Option<usize> {
        self.files.iter().position(|own| own.origin == Origin::File(file))
    }

    /// Forgets a file that is neither listed nor asked about, and has the explorer forget it.
    fn close_unused(&mut self, file: u32) {
        let of_it = |asked: &Asked| matches!(asked, Asked::File { file: other, .. } if *other == file);
        let used = self.index_of_file(file).is_some()
            || self.redshift_wanted.iter().any(|unknown| unknown.file == file)
            || self.waiting_files.iter().any(of_it)
            || self.asked.values().any(of_it);
        if used {
            return;
        }
        if let Some(close) = self.opened_files.close(file) {
            self.ask(close);
        }
    }

    /// Shifts a file of the list to rest with another redshift.
    pub fn redo_with_redshift(&mut self, index: usize, redshift: f64) {
        if let Some(Origin::File(file)) = self.files.get(index).map(|file| &file.origin) {
            self.encode_file(*file, Some(redshift));
        }
    }

    fn encode_file(&mut self, file: u32, redshift: Option<f64>) {
        if self.engine_is_there(&format!("{} cannot be read", self.opened_files.name(file))) {
            self.waiting_files.push(Asked::File { file, redshift });
            self.send_files();
        }
    }

    pub(super) fn engine_is_there(&mut self, otherwise: &str) -> bool {
        let Engine::Dead(why) = &self.engine else { return true };
        let sentence = format!("{otherwise} without the engine. {why}");
        self.fail(sentence);
        false
    }

    /// Hands files and dials to the engine, once the model on screen is there to place them.
    pub(super) fn send_files(&mut self) {
        if self.can_ask() {
            for work in std::mem::take(&mut self.waiting_files) {
                let Asked::File { file, redshift } = work else { continue };
                self.ask_of_file(file, ExploreCommand::EncodeFile { file, redshift }, work);
            }
            let under_way = self.asked.values().any(|asked| matches!(asked, Asked::Simulation(_)));
            if let Some(dials) = self.waiting_dials.take_if(|_| !under_way) {
                // The same noise while one galaxy is dialled, so that only the dials move it.
                let seed = if self.dialled_index().is_some() { self.made } else { self.made + 1 };
                self.ask_for(ExploreCommand::SimulateGalaxy { dials: *dials, seed }, Asked::Simulation(dials));
            }
        }
        self.count_waiting();
    }

    pub(super) fn count_waiting(&mut self) {
        let read = self.asked.values().filter(|asked| matches!(asked, Asked::File { .. })).count();
        let made =
            self.waiting_dials.is_some() || self.asked.values().any(|asked| matches!(asked, Asked::Simulation(_)));
        self.files_waiting = self.waiting_files.len() + read + usize::from(made);
    }

    /// No model will come: files that wait for one are given back in words.
    pub(super) fn give_up_waiting(&mut self) {
        self.waiting_dials = None;
        for work in std::mem::take(&mut self.waiting_files) {
            if let Asked::File { file, .. } = work {
                let name = self.opened_files.name(file).to_owned();
                self.fail(format!("{name} was not read, since the model did not open: drop it again later."));
                self.close_unused(file);
            }
        }
    }

    /// A file has been read and encoded.
    pub(super) fn on_file_encoded(&mut self, file: u32, event: ExploreEvent) {
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
        let same = self.index_of_file(file);
        let file = OwnFile {
            name,
            origin: Origin::File(file),
            id: spectrum_id,
            redshift,
            redshift_from,
            class,
            median_snr,
            notes,
            truths: Vec::new(),
            pixels: Arc::new(Pixels { serial, flux, ivar }),
            encoding,
            placed: true,
            scan: None,
        };
        // The same file with another redshift stays where it is in the list.
        let index = match same {
            Some(index) => {
                let scan = self.files[index].scan.take();
                self.files[index] = OwnFile { scan, ..file };
                index
            }
            None => {
                self.files.push(file);
                self.files.len() - 1
            }
        };
        self.select_file(index);
    }

    /// Has the model on screen encode the spectra of the user's that another one has encoded.
    pub(super) fn encode_files_again(&mut self) {
        if !self.can_ask() {
            return;
        }
        let under_way = |pixels: &Pixels| {
            self.asked.values().any(|asked| matches!(asked, Asked::Again(serial) if *serial == pixels.serial))
        };
        let wanted = (0..self.files.len()).filter(|&at| !self.files[at].placed && !under_way(&self.files[at].pixels));
        for index in wanted.collect::<Vec<_>>() {
            let file = &self.files[index];
            let asked = Asked::Again(file.pixels.serial);
            match file.origin {
                Origin::File(number) => {
                    let redshift = (file.redshift_from == "you").then_some(file.redshift);
                    self.ask_of_file(number, ExploreCommand::EncodeFile { file: number, redshift }, asked);
                }
                Origin::Simulated(_) => {
                    let (flux, ivar) = (file.pixels.flux.clone(), file.pixels.ivar.clone());
                    self.ask_for(ExploreCommand::Encode { flux, ivar }, asked);
                }
            }
        }
    }

    pub(super) fn file_moved(&mut self, serial: u32, encoding: Encoding) {
        let Some(index) = self.files.iter().position(|file| file.pixels.serial == serial) else { return };
        self.pinned_file_moved(serial, &encoding.mean);
        let file = &mut self.files[index];
        (file.encoding, file.placed) = (encoding, true);
        if self.selection.as_ref().is_some_and(|selection| selection.source == Source::File(index)) {
            self.select_file(index);
        }
    }

    /// Takes a spectrum of the user's off the list.
    pub fn remove_file(&mut self, index: usize) {
        if index >= self.files.len() {
            return;
        }
        self.stop_scan(index);
        let dialled = self.dialled_index() == Some(index);
        let file = self.files.remove(index);
        let mut was_selected = false;
        if let Some(selection) = &mut self.selection
            && let Source::File(selected) = &mut selection.source
        {
            was_selected = *selected == index;
            *selected -= usize::from(*selected > index);
        }
        if was_selected {
            self.selection = None;
            self.noise = None;
            self.band = None;
            self.forget_noise_curve();
        }
        // What is under way of it would put it back on the list.
        let of_it = |asked: &Asked| match asked {
            Asked::File { file: number, .. } => file.origin == Origin::File(*number),
            Asked::Simulation(_) => dialled,
            Asked::Again(serial) => *serial == file.pixels.serial,
            _ => false,
        };
        self.asked.retain(|_, asked| !of_it(asked));
        self.waiting_files.retain(|asked| !of_it(asked));
        self.waiting_dials.take_if(|_| dialled);
        if let Origin::File(number) = file.origin {
            self.close_unused(number);
        }
        self.count_waiting();
    }
}

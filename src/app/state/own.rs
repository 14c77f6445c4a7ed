//! Spectra of the user's own: files dropped on the page, galaxies made with the simulator's dials, and the noise they are put under.

use std::sync::Arc;

use super::spectra::{Pixels, Source};
use super::{AppState, Asked, Engine};
use crate::mock::dials::GalaxyDials;
use crate::protocol::{Command, Encoding, Event};
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
    /// A file; its bytes.
    File(Arc<Vec<u8>>),
    /// The simulator, with these dials.
    Made(Box<GalaxyDials>),
}

/// Redshifts tried on a spectrum.
#[derive(Debug, Clone, PartialEq)]
pub enum Scan {
    /// The engine is at it; the request's number.
    Running(u32),
    /// What came out.
    Done {
        /// `[n]` trial redshifts.
        redshift: Arc<Vec<f32>>,
        /// `[n]` how badly each does: weighted square deviation a pixel.
        score: Arc<Vec<f32>>,
        /// The one that does best.
        best: f64,
        /// How many times worse the next best does.
        confidence: f64,
    },
}

/// A file whose redshift nobody knows.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownRedshift {
    /// The file's name.
    pub name: String,
    /// Its bytes.
    pub bytes: Arc<Vec<u8>>,
}

/// The selected spectrum with noise added.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Noise {
    /// Median signal-to-noise a pixel.
    pub snr: f32,
    /// Its pixels, once the engine has made them.
    pub pixels: Option<Arc<Pixels>>,
    /// Where each draw of noise has put the spectrum, newest last.
    pub trail: Vec<NoisePoint>,
    /// Figure 17 of this spectrum, once asked for.
    pub curve: Option<NoiseRatios>,
    /// Draws asked for, the seed of the next.
    draws: u64,
    serial: u32,
    in_flight: bool,
    wanted: Option<f32>,
}

/// Figure 17 of one spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct NoiseRatios {
    /// `[levels]` median signal-to-noise a pixel of the grid.
    pub snr: Arc<Vec<f32>>,
    /// `[levels * d]` variance of the latent means over the latent variance.
    pub variance_ratio: Arc<Vec<f32>>,
}

/// One draw of noise.
#[derive(Debug, Clone, PartialEq)]
pub struct NoisePoint {
    /// Its signal-to-noise.
    pub snr: f32,
    /// `[d]` latent means.
    pub mean: Vec<f32>,
    /// `[d]` log variances.
    pub log_var: Vec<f32>,
}

/// Draws of noise that stay on the scatter.
const TRAIL: usize = 60;

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
    pub fn is_made(&self) -> bool {
        matches!(self.origin, Origin::Made(_))
    }

    fn is_file(&self, name: &str, bytes: &Arc<Vec<u8>>) -> bool {
        self.name == name && matches!(&self.origin, Origin::File(own) if own == bytes)
    }
}

impl AppState {
    /// Hands a file to the engine; it waits until a model is open.
    pub fn add_file(&mut self, name: String, bytes: Vec<u8>) {
        self.encode_file(name, Arc::new(bytes), None);
    }

    /// The user says at which redshift a file is.
    pub fn give_redshift(&mut self, name: &str, redshift: f64) {
        let Some(at) = self.redshift_wanted.iter().position(|file| file.name == name) else { return };
        let file = self.redshift_wanted.remove(at);
        self.encode_file(file.name, file.bytes, Some(redshift));
    }

    /// The user does not know the redshift of a file either.
    pub fn forget_file(&mut self, name: &str) {
        if let Some(at) = self.redshift_wanted.iter().position(|file| file.name == name) {
            self.redshift_wanted.remove(at);
        }
    }

    pub(super) fn redshift_is_wanted(&mut self, name: String, bytes: Arc<Vec<u8>>) {
        let file = UnknownRedshift { name, bytes };
        if !self.redshift_wanted.contains(&file) {
            self.redshift_wanted.push(file);
        }
    }

    /// A redshift that does not do is asked for again, unless the file is on the list with another.
    pub(super) fn file_failed(&mut self, name: String, bytes: Arc<Vec<u8>>, redshift: Option<f64>) {
        if redshift.is_some() && self.place_of_file(&name, &bytes).is_none() {
            self.redshift_is_wanted(name, bytes);
        }
    }

    fn place_of_file(&self, name: &str, bytes: &Arc<Vec<u8>>) -> Option<usize> {
        self.files.iter().position(|file| file.is_file(name, bytes))
    }

    /// Puts a file of the list to rest with another redshift.
    pub fn redo_with_redshift(&mut self, index: usize, redshift: f64) {
        let Some(file) = self.files.get(index) else { return };
        if let Origin::File(bytes) = &file.origin {
            let (name, bytes) = (file.name.clone(), bytes.clone());
            self.encode_file(name, bytes, Some(redshift));
        }
    }

    fn encode_file(&mut self, name: String, bytes: Arc<Vec<u8>>, redshift: Option<f64>) {
        if self.engine_is_there(&format!("{name} cannot be read")) {
            self.waiting_files.push(Asked::File { name, bytes, redshift });
            self.send_files();
        }
    }

    /// Has the simulator make a galaxy. One is made at a time; what is dialled meanwhile is the newest only.
    pub fn make_galaxy(&mut self, dials: GalaxyDials) {
        if self.engine_is_there("A galaxy cannot be made") {
            self.waiting_dials = Some(Box::new(dials));
            self.send_files();
        }
    }

    /// The galaxy being dialled stays as it is: the next one made is another.
    pub fn keep_made(&mut self) {
        self.dialled = None;
    }

    fn engine_is_there(&mut self, otherwise: &str) -> bool {
        let Engine::Dead(why) = &self.engine else { return true };
        let sentence = format!("{otherwise} without the engine. {why}");
        self.fail(sentence);
        false
    }

    /// Hands files and dials to the engine, once the model on screen is there to place them.
    pub(super) fn send_files(&mut self) {
        if self.can_ask() {
            for work in std::mem::take(&mut self.waiting_files) {
                let Asked::File { name, bytes, redshift } = &work else { continue };
                let command = Command::EncodeFile { name: name.clone(), bytes: bytes.to_vec(), redshift: *redshift };
                self.ask_for(command, work);
            }
            let under_way = self.asked.values().any(|asked| matches!(asked, Asked::Make(_)));
            if let Some(dials) = self.waiting_dials.take_if(|_| !under_way) {
                // The same noise while one galaxy is dialled, so that only the dials move it.
                let seed = if self.dialled_index().is_some() { self.made } else { self.made + 1 };
                self.ask_for(Command::MakeGalaxy { dials: *dials, seed }, Asked::Make(dials));
            }
        }
        self.count_waiting();
    }

    pub(super) fn count_waiting(&mut self) {
        let read = self.asked.values().filter(|asked| matches!(asked, Asked::File { .. })).count();
        let made = self.waiting_dials.is_some() || self.asked.values().any(|asked| matches!(asked, Asked::Make(_)));
        self.files_waiting = self.waiting_files.len() + read + usize::from(made);
    }

    /// No model will come: files that wait for one are given back in words.
    pub(super) fn give_up_waiting(&mut self) {
        self.waiting_dials = None;
        for work in std::mem::take(&mut self.waiting_files) {
            if let Asked::File { name, .. } = work {
                self.fail(format!("{name} was not read, since the model did not open: drop it again later."));
            }
        }
    }

    /// The galaxy that the dials change: the one made last, while it is selected.
    fn dialled_index(&self) -> Option<usize> {
        let Some(Source::File(index)) = self.selection.as_ref().map(|selection| selection.source) else { return None };
        let serial = self.files.get(index)?.pixels.serial;
        (self.dialled == Some(serial)).then_some(index)
    }

    /// A file has been read and encoded.
    pub(super) fn file_came(&mut self, bytes: Arc<Vec<u8>>, event: Event) {
        let Event::FileEncoded {
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
        let same = self.place_of_file(&name, &bytes);
        let file = OwnFile {
            name,
            origin: Origin::File(bytes),
            id: spectrum_id,
            redshift,
            redshift_from,
            class,
            median_snr,
            notes,
            truths: Vec::new(),
            pixels: Arc::new(Pixels { serial, flux, ivar }),
            encoding,
            placed: !self.between_models(),
            scan: None,
        };
        // The same file with another redshift takes its own place in the list.
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

    /// The simulator has made a galaxy. It takes the place of the last one made, while that was only being dialled.
    pub(super) fn galaxy_came(&mut self, dials: GalaxyDials, event: Event) {
        let Event::GalaxyMade { flux, ivar, class, median_snr, encoding, truths } = event else { return };
        let serial = self.next_serial();
        let dialled = self.dialled_index();
        if dialled.is_none() {
            self.made += 1;
        }
        let file = OwnFile {
            name: format!("Galaxy {} made here", self.made),
            redshift: truths.iter().find(|(name, _)| name == "redshift").map_or(0.0, |(_, value)| f64::from(*value)),
            redshift_from: "the dials".to_owned(),
            origin: Origin::Made(Box::new(dials)),
            id: SpectrumId { plate: 0, mjd: 0, fiber: 0 },
            class,
            median_snr,
            notes: vec!["Simulated, with the dials that you set.".to_owned()],
            truths,
            pixels: Arc::new(Pixels { serial, flux, ivar }),
            encoding,
            placed: !self.between_models(),
            scan: None,
        };
        self.dialled = Some(serial);
        match dialled {
            Some(index) => {
                let name = self.files[index].name.clone();
                self.files[index] = OwnFile { name, ..file };
                self.select_file(index);
            }
            None => {
                self.files.push(file);
                self.select_file(self.files.len() - 1);
            }
        }
        self.send_files();
    }

    /// Has the model on screen encode the spectra of the user's that another one has encoded.
    pub(super) fn place_files(&mut self) {
        if !self.can_ask() {
            return;
        }
        let under_way = |pixels: &Pixels| {
            self.asked.values().any(|asked| matches!(asked, Asked::Again(serial) if *serial == pixels.serial))
        };
        let elsewhere = self.files.iter().filter(|file| !file.placed).map(|file| file.pixels.clone());
        let wanted: Vec<Arc<Pixels>> = elsewhere.filter(|pixels| !under_way(pixels)).collect();
        for pixels in wanted {
            let command = Command::Encode { flux: pixels.flux.clone(), ivar: pixels.ivar.clone() };
            self.ask_for(command, Asked::Again(pixels.serial));
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
            Asked::File { name, bytes, .. } => file.is_file(name, bytes),
            Asked::Make(_) => dialled,
            Asked::Again(serial) => *serial == file.pixels.serial,
            _ => false,
        };
        self.asked.retain(|_, asked| !of_it(asked));
        self.waiting_files.retain(|asked| !of_it(asked));
        self.waiting_dials.take_if(|_| dialled);
        self.count_waiting();
    }

    /// Tries redshifts on a spectrum of the user's.
    pub fn scan_redshift(&mut self, index: usize) {
        let Some(file) = self.files.get(index).filter(|_| self.can_ask()) else { return };
        let (Origin::File(bytes), false) = (&file.origin, matches!(file.scan, Some(Scan::Running(_)))) else { return };
        let command = Command::ScanRedshift { name: file.name.clone(), bytes: bytes.to_vec() };
        let id = self.ask_for(command, Asked::Scan);
        self.files[index].scan = Some(Scan::Running(id));
    }

    /// Stops trying redshifts.
    pub fn stop_scan(&mut self, index: usize) {
        let Some(Scan::Running(request)) = self.files.get(index).and_then(|file| file.scan.clone()) else { return };
        self.forget(&[request]);
        self.files[index].scan = None;
    }

    pub(super) fn scan_came(&mut self, request: u32, event: Event) {
        let Event::RedshiftScanned { redshift, score, best, confidence, .. } = event else {
            return self.scan_ended(request, None);
        };
        let (redshift, score) = (Arc::new(redshift), Arc::new(score));
        self.scan_ended(request, Some(Scan::Done { redshift, score, best, confidence }));
    }

    /// A scan is over, with a result or without.
    pub(super) fn scan_ended(&mut self, request: u32, outcome: Option<Scan>) {
        if let Some(file) = self.files.iter_mut().find(|file| file.scan == Some(Scan::Running(request))) {
            file.scan = outcome;
        }
    }

    /// The engine is gone: no scan goes on.
    pub(super) fn scans_died(&mut self) {
        self.files.iter_mut().for_each(|file| {
            file.scan.take_if(|scan| matches!(scan, Scan::Running(_)));
        });
    }

    /// Shows the selected spectrum at another signal-to-noise; each call draws noise anew.
    pub fn add_noise(&mut self, snr: f32) {
        if self.selection.is_none() || !snr.is_finite() {
            return;
        }
        self.pause_path();
        let noise = self.noise_on();
        noise.snr = snr;
        noise.wanted = Some(snr);
        self.send_noise();
    }

    /// One draw is under way at a time; what is wanted meanwhile is the newest level only.
    pub(super) fn send_noise(&mut self) {
        if !self.can_ask() {
            return;
        }
        let Some(pixels) = self.selection.as_ref().and_then(|selection| selection.pixels.clone()) else { return };
        let Some(noise) = self.noise.as_mut().filter(|noise| !noise.in_flight) else { return };
        let Some(snr) = noise.wanted.take() else { return };
        noise.in_flight = true;
        noise.draws += 1;
        let (seed, serial) = (noise.draws, noise.serial);
        let command = Command::Degrade { flux: pixels.flux.clone(), ivar: pixels.ivar.clone(), snr, seed };
        self.ask_for(command, Asked::Noisy(serial));
    }

    /// Follows the selected spectrum through all levels of noise: figure 17.
    pub fn ask_noise_curve(&mut self) {
        if !self.can_ask() || self.noise_curve_under_way() {
            return;
        }
        let Some(pixels) = self.selection.as_ref().and_then(|selection| selection.pixels.clone()) else { return };
        let command = Command::NoiseCurve { flux: pixels.flux.clone(), ivar: pixels.ivar.clone(), seed: 1 };
        self.ask_for(command, Asked::NoiseCurve(pixels.serial));
    }

    /// Whether figure 17 is being computed.
    pub fn noise_curve_under_way(&self) -> bool {
        self.asked.values().any(|asked| matches!(asked, Asked::NoiseCurve(_)))
    }

    pub(super) fn noisy_came(&mut self, serial: u32, event: Event) {
        let Event::Degraded { snr, flux, ivar, encoding } = event else { return };
        let new_serial = self.next_serial();
        let Some(noise) = self.noise.as_mut().filter(|noise| noise.serial == serial) else { return };
        noise.in_flight = false;
        noise.pixels = Some(Arc::new(Pixels { serial: new_serial, flux, ivar }));
        if noise.trail.len() >= TRAIL {
            noise.trail.remove(0);
        }
        noise.trail.push(NoisePoint { snr, mean: encoding.mean.clone(), log_var: encoding.log_var });
        self.move_to(encoding.mean);
        self.send_noise();
    }

    pub(super) fn noise_curve_came(&mut self, serial: u32, event: Event) {
        let Event::NoiseCurve { snr, variance_ratio, .. } = event else { return };
        if self.selected_serial() == Some(serial) {
            let noise = self.noise_on();
            noise.curve = Some(NoiseRatios { snr: Arc::new(snr), variance_ratio: Arc::new(variance_ratio) });
        }
    }

    /// Noise that could not be added is not waited for any longer; another level that is wanted meanwhile is tried.
    pub(super) fn noise_failed(&mut self, serial: u32) {
        if let Some(noise) = self.noise.as_mut().filter(|noise| noise.serial == serial) {
            noise.in_flight = false;
            self.send_noise();
        }
    }

    /// A draw whose answer is not wanted any longer; another one is, once the model can be asked again.
    pub(super) fn noise_overtaken(&mut self, serial: u32) {
        if let Some(noise) = self.noise.as_mut().filter(|noise| noise.serial == serial) {
            noise.in_flight = false;
            noise.wanted.get_or_insert(noise.snr);
        }
    }

    /// The engine is gone: what noise has done so far stays.
    pub(super) fn noise_died(&mut self) {
        if let Some(noise) = &mut self.noise {
            (noise.in_flight, noise.wanted) = (false, None);
        }
        self.noise.take_if(|noise| noise.pixels.is_none() && noise.curve.is_none());
    }

    /// Figure 17 of a spectrum that is not selected any longer is not computed to its end.
    pub(super) fn forget_noise_curve(&mut self) {
        let curves = self.asked.iter().filter(|(_, asked)| matches!(asked, Asked::NoiseCurve(_))).map(|(id, _)| *id);
        let curves: Vec<u32> = curves.collect();
        self.forget(&curves);
    }

    fn noise_on(&mut self) -> &mut Noise {
        let serial = self.next_serial();
        self.noise.get_or_insert_with(|| Noise { serial, ..Noise::default() })
    }

    fn selected_serial(&self) -> Option<u32> {
        Some(self.selection.as_ref()?.pixels.as_ref()?.serial)
    }
}

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
    /// Where it lands under the model in use.
    pub encoding: Encoding,
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

    /// Whether the simulator made it.
    pub fn is_made(&self) -> bool {
        matches!(self.origin, Origin::Made(_))
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
        self.redshift_wanted.retain(|file| file.name != name);
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
        self.hand_in(&name.clone(), Asked::File { name, bytes, redshift });
    }

    /// Has the simulator make a galaxy.
    pub fn make_galaxy(&mut self, dials: GalaxyDials) {
        self.hand_in("A galaxy", Asked::Make(Box::new(dials)));
    }

    /// The galaxy being dialled stays as it is: the next one made is another.
    pub fn keep_made(&mut self) {
        if let Some(Source::File(index)) = self.selection.as_ref().map(|selection| selection.source)
            && self.files.get(index).is_some_and(OwnFile::is_made)
        {
            self.selection = None;
        }
    }

    fn hand_in(&mut self, name: &str, work: Asked) {
        if let Engine::Dead(why) = &self.engine {
            let sentence = format!("{name} cannot be read without the engine. {why}");
            self.fail(sentence);
            return;
        }
        self.files_waiting += 1;
        self.waiting_files.push(work);
        self.send_files();
    }

    pub(super) fn send_files(&mut self) {
        if !self.model_open {
            return;
        }
        for work in std::mem::take(&mut self.waiting_files) {
            let command = match &work {
                Asked::File { name, bytes, redshift } => {
                    Command::EncodeFile { name: name.clone(), bytes: bytes.to_vec(), redshift: *redshift }
                }
                Asked::Make(dials) => Command::MakeGalaxy { dials: **dials, seed: self.files.len() as u64 + 1 },
                _ => continue,
            };
            self.ask_for(command, work);
        }
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
            scan: None,
        };
        // The same file with another redshift takes its own place in the list.
        let same = |old: &OwnFile| {
            old.name == file.name && matches!((&old.origin, &file.origin), (Origin::File(a), Origin::File(b)) if a == b)
        };
        let index = match self.files.iter().position(same) {
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
        let number = 1 + self.files.iter().filter(|file| file.is_made()).count();
        let file = OwnFile {
            name: format!("Galaxy {number} made here"),
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
            scan: None,
        };
        let dialled = match self.selection.as_ref().map(|selection| selection.source) {
            Some(Source::File(index)) if self.files.get(index).is_some_and(OwnFile::is_made) => Some(index),
            _ => None,
        };
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
    }

    pub(super) fn file_moved(&mut self, index: usize, encoding: Encoding) {
        let Some(file) = self.files.get_mut(index) else { return };
        file.encoding = encoding;
        if self.selection.as_ref().is_some_and(|selection| selection.source == Source::File(index)) {
            self.select_file(index);
        }
    }

    /// Takes a spectrum of the user's off the list.
    pub fn remove_file(&mut self, index: usize) {
        if index >= self.files.len() {
            return;
        }
        self.files.remove(index);
        if let Some(selection) = &mut self.selection
            && let Source::File(selected) = &mut selection.source
        {
            match (*selected).cmp(&index) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => self.selection = None,
                std::cmp::Ordering::Greater => *selected -= 1,
            }
        }
        // Answers under way speak of files by their place.
        self.asked.retain(|_, asked| !matches!(asked, Asked::Again(_) | Asked::Scan(_)));
    }

    /// Tries redshifts on a spectrum of the user's.
    pub fn scan_redshift(&mut self, index: usize) {
        let Some(file) = self.files.get(index).filter(|_| self.can_ask()) else { return };
        let Origin::File(bytes) = &file.origin else { return };
        let command = Command::ScanRedshift { name: file.name.clone(), bytes: bytes.to_vec() };
        let id = self.ask_for(command, Asked::Scan(index));
        self.files[index].scan = Some(Scan::Running(id));
    }

    /// Stops trying redshifts.
    pub fn stop_scan(&mut self, index: usize) {
        let Some(Scan::Running(request)) = self.files.get(index).and_then(|file| file.scan.clone()) else { return };
        self.ask(Command::Cancel { request });
        self.asked.remove(&request);
        self.files[index].scan = None;
        self.progress = None;
    }

    pub(super) fn scan_came(&mut self, index: usize, event: Event) {
        let Event::RedshiftScanned { redshift, score, best, confidence, .. } = event else { return };
        self.progress = None;
        if let Some(file) = self.files.get_mut(index) {
            let (redshift, score) = (Arc::new(redshift), Arc::new(score));
            file.scan = Some(Scan::Done { redshift, score, best, confidence });
        }
    }

    /// Shows the selected spectrum at another signal-to-noise; each call draws noise anew.
    pub fn add_noise(&mut self, snr: f32) {
        let noise = self.noise.get_or_insert_with(Noise::default);
        noise.snr = snr;
        noise.wanted = Some(snr);
        self.send_noise();
    }

    /// One draw is under way at a time; what is wanted meanwhile is the newest level only.
    fn send_noise(&mut self) {
        if !self.can_ask() {
            return;
        }
        let Some(pixels) = self.selection.as_ref().and_then(|selection| selection.pixels.clone()) else { return };
        let Some(noise) = self.noise.as_mut().filter(|noise| !noise.in_flight) else { return };
        let Some(snr) = noise.wanted.take() else { return };
        noise.in_flight = true;
        noise.draws += 1;
        let seed = noise.draws;
        let command = Command::Degrade { flux: pixels.flux.clone(), ivar: pixels.ivar.clone(), snr, seed };
        self.ask_for(command, Asked::Noisy(pixels.serial));
    }

    /// Follows the selected spectrum through all levels of noise: figure 17.
    pub fn ask_noise_curve(&mut self) {
        if !self.can_ask() {
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
        if self.selected_serial() != Some(serial) {
            return;
        }
        let new_serial = self.next_serial();
        let Some(noise) = &mut self.noise else { return };
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
            let noise = self.noise.get_or_insert_with(Noise::default);
            noise.curve = Some(NoiseRatios { snr: Arc::new(snr), variance_ratio: Arc::new(variance_ratio) });
        }
    }

    /// Noise that could not be added is not waited for any longer.
    pub(super) fn noise_failed(&mut self) {
        if let Some(noise) = &mut self.noise {
            noise.in_flight = false;
        }
    }

    fn selected_serial(&self) -> Option<u32> {
        Some(self.selection.as_ref()?.pixels.as_ref()?.serial)
    }
}

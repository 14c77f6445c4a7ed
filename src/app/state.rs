//! All that the page knows, and how each act of the user and each answer of the engine changes it.
//!
//! No signal, no DOM: a method changes the state and may leave requests in the outbox, which the page then sends.
//! [`AppState::apply`] is the only writer of what the engine answers.

use std::collections::HashMap;
use std::sync::Arc;

use super::cloud::Cloud;
use super::permalink::{AxisChoice, Permalink, View};
use crate::plot;
use crate::protocol::{Command, Encoding, Event, Request, Response, TrainingState};
use crate::shard::{Catalogue, Latents, Manifest};
use crate::spectrum::{Class, SpectrumId};
use crate::vae::card::{EpochReport, ModelCard};
use crate::vae::config::VaeConfig;

/// All that the page knows.
#[derive(Debug, Clone, Default)]
pub struct AppState {
    /// What the address says: set, model, axes, colour, view. Latents and selection are below.
    pub link: Permalink,
    /// The open set.
    pub manifest: Option<Arc<Manifest>>,
    /// Its catalogue.
    pub catalogue: Option<Arc<Catalogue>>,
    /// Where its spectra lie under the model in use.
    pub cloud: Option<Arc<Cloud>>,
    /// `[d]` where the sliders are.
    pub latent: Vec<f32>,
    /// What the model makes of that place, or of the one just before it.
    pub decoded: Option<Decoded>,
    /// The selected spectrum.
    pub selection: Option<Selection>,
    /// Files of the user's, in the order read.
    pub files: Vec<OwnFile>,
    /// Files on their way through the engine.
    pub files_waiting: usize,
    /// What runs.
    pub engine: Engine,
    /// What the model in use says of itself.
    pub card: Option<Arc<ModelCard>>,
    /// The training in this page.
    pub training: Training,
    /// What went wrong and has not been dismissed, one sentence each.
    pub errors: Vec<String>,
    /// Whether the set could not be opened at all.
    pub unavailable: bool,
    /// Whether a scatter is on screen.
    pub scatter_shown: bool,
    /// Whether a decoded spectrum is on screen.
    pub decoded_shown: bool,
    /// Absolute address of the model file.
    pub model_url: String,

    shipped: Option<Arc<Cloud>>,
    wanted_id: Option<SpectrumId>,
    wanted_latent: Option<Vec<f32>>,
    model_open: bool,
    model_asked: bool,
    wanted_decode: Option<Vec<f32>>,
    decode_in_flight: Option<u32>,
    encodes: HashMap<u32, usize>,
    file_asks: Vec<u32>,
    waiting_files: Vec<Command>,
    outbox: Vec<Request>,
    last_id: u32,
    last_serial: u32,
}

/// A decoded place.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Tells answers apart without comparing them.
    pub serial: u32,
    /// `[d]` the place.
    pub latent: Vec<f32>,
    /// `[1000]` normalised flux.
    pub flux: Arc<Vec<f32>>,
}

/// The pixels of an observed spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct Pixels {
    /// Tells spectra apart without comparing them.
    pub serial: u32,
    /// `[1000]` normalised flux.
    pub flux: Vec<f32>,
    /// `[1000]` inverse variance, 0 = masked.
    pub ivar: Vec<f32>,
}

/// The selected spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Where it comes from.
    pub source: Source,
    /// Its pixels, once there.
    pub pixels: Option<Arc<Pixels>>,
}

/// Where a spectrum comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A row of the set.
    Row(usize),
    /// A file of the user's, by its place in [`AppState::files`].
    File(usize),
}

/// A file of the user's, read and encoded.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnFile {
    /// The file's name.
    pub name: String,
    /// Its name in SDSS.
    pub id: SpectrumId,
    /// Redshift used.
    pub redshift: f64,
    /// What the file's own measurements say.
    pub class: Class,
    /// Its pixels.
    pub pixels: Arc<Pixels>,
    /// Where it lands under the model in use.
    pub encoding: Encoding,
}

/// What runs in the worker.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Engine {
    /// It has not said anything yet.
    #[default]
    Starting,
    /// It works; its name in words.
    Ready(String),
    /// It is gone, and why.
    Dead(String),
}

/// A long job.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// In words.
    pub what: String,
    /// Done, in `unit`.
    pub done: u64,
    /// Of.
    pub total: u64,
    /// "spectra", "bytes", "steps".
    pub unit: String,
}

/// The training in this page.
#[derive(Debug, Clone, Default)]
pub struct Training {
    /// What it does; none while nothing is or was trained.
    pub state: Option<TrainingState>,
    /// Its configuration.
    pub config: Option<VaeConfig>,
    /// Epochs done.
    pub history: Vec<EpochReport>,
    /// The best of them on validation, from 1.
    pub best: Option<usize>,
    /// Milliseconds a step in the last epoch.
    pub ms_per_step: Option<f64>,
    /// How far the running job is.
    pub progress: Option<Progress>,
}

impl OwnFile {
    /// Its name in SDSS, or the file's where it has none.
    pub fn title(&self) -> String {
        if self.id.plate > 0 { self.id.to_string() } else { self.name.clone() }
    }
}

impl Training {
    /// Whether a model of this page's own decodes, or is about to.
    pub fn is_on(&self) -> bool {
        self.state.is_some_and(|state| state != TrainingState::Idle)
    }
}

impl AppState {
    /// Starts from an address.
    pub fn open(link: Permalink, problems: Vec<String>) -> Self {
        let wanted_id = link.selected;
        let wanted_latent = link.latent.clone();
        Self { link, errors: problems, wanted_id, wanted_latent, ..Self::default() }
    }

    /// The requests to send since this was last called.
    pub fn take_outbox(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.outbox)
    }

    /// The row whose pixels are wanted and not there.
    pub fn wanted_row(&self) -> Option<usize> {
        match self.selection.as_ref()? {
            Selection { source: Source::Row(row), pixels: None } => Some(*row),
            _ => None,
        }
    }

    /// The manifest has come.
    pub fn manifest_came(&mut self, manifest: Manifest) {
        let known = self.link.color == "class" || manifest.columns.iter().any(|column| column.name == self.link.color);
        if !known {
            self.fail(format!(
                "The set has no column \u{201c}{}\u{201d}: points are coloured by class.",
                self.link.color
            ));
            self.link.color = "class".to_owned();
        }
        self.manifest = Some(Arc::new(manifest));
    }

    /// The latents of the shipped model have come.
    pub fn latents_came(&mut self, latents: Latents) {
        let serial = self.next_serial();
        let cloud = Arc::new(Cloud::new(serial, latents.dims, latents.mean, Arc::new(latents.class)));
        self.shipped = Some(cloud.clone());
        for axis in [self.link.axes.0, self.link.axes.1] {
            if axis.number() > cloud.dims {
                let problem =
                    format!("The model has {} latents: the link's axis {} was left out.", cloud.dims, axis.label());
                self.fail(problem);
                self.link.axes = Permalink::default().axes;
            }
        }
        self.cloud = Some(cloud.clone());
        match self.wanted_latent.take() {
            Some(latent) if latent.len() == cloud.dims => self.latent = latent,
            Some(latent) => {
                let (found, want) = (latent.len(), cloud.dims);
                self.fail(format!(
                    "The link's place has {found} numbers and the model {want} latents: it was left out."
                ));
            }
            None => {}
        }
        if self.latent.is_empty() {
            self.latent = cloud.axes.mean.clone();
            if self.wanted_id.is_none()
                && let Some(row) = cloud.typical()
            {
                self.select_row(row);
            }
        }
        self.ask_decode();
        self.find_wanted();
    }

    /// The catalogue has come.
    pub fn catalogue_came(&mut self, catalogue: Catalogue) {
        self.catalogue = Some(Arc::new(catalogue));
        self.find_wanted();
    }

    /// A spectrum of the set has come; dropped when another is selected by now.
    pub fn pixels_came(&mut self, row: usize, flux: Vec<f32>, ivar: Vec<f32>) {
        if self.wanted_row() != Some(row) {
            return;
        }
        let serial = self.next_serial();
        if let Some(selection) = &mut self.selection {
            selection.pixels = Some(Arc::new(Pixels { serial, flux, ivar }));
        }
    }

    /// A spectrum of the set could not be had: it is no longer selected.
    pub fn pixels_failed(&mut self, row: usize, sentence: String) {
        if self.wanted_row() == Some(row) {
            self.selection = None;
        }
        self.fail(sentence);
    }

    /// Another model file is to be opened than was said first.
    pub fn reopen_model(&mut self, url: String) {
        self.model_url = url;
        self.model_asked = false;
        self.model_open = false;
        if matches!(self.engine, Engine::Ready(_)) {
            self.ask_model();
        }
    }

    /// Something went wrong; the same sentence is not said twice.
    pub fn fail(&mut self, sentence: String) {
        if !self.errors.contains(&sentence) {
            self.errors.push(sentence);
        }
    }

    /// The user has read what went wrong.
    pub fn dismiss(&mut self) {
        self.errors.clear();
    }

    /// Selects a spectrum of the set and moves the sliders to it.
    pub fn select_row(&mut self, row: usize) {
        let Some(cloud) = self.cloud.clone().filter(|cloud| row < cloud.len()) else { return };
        self.wanted_id = None;
        self.selection = Some(Selection { source: Source::Row(row), pixels: None });
        self.move_to(cloud.row(row).to_vec());
    }

    /// Selects a file of the user's and moves the sliders to it.
    pub fn select_file(&mut self, index: usize) {
        let Some(file) = self.files.get(index) else { return };
        let (pixels, latent) = (file.pixels.clone(), file.encoding.mean.clone());
        self.selection = Some(Selection { source: Source::File(index), pixels: Some(pixels) });
        self.move_to(latent);
    }

    /// Moves one slider.
    pub fn set_latent(&mut self, index: usize, value: f32) {
        if !value.is_finite() || self.latent.get(index).is_none_or(|old| *old == value) {
            return;
        }
        self.latent[index] = value;
        self.ask_decode();
    }

    /// Moves all sliders.
    pub fn move_to(&mut self, latent: Vec<f32>) {
        self.latent = latent;
        self.ask_decode();
    }

    /// Moves the sliders back to the selected spectrum.
    pub fn return_to_selection(&mut self) {
        if let Some(latent) = self.selected_latent() {
            self.move_to(latent);
        }
    }

    /// Where the selected spectrum lies.
    pub fn selected_latent(&self) -> Option<Vec<f32>> {
        match self.selection.as_ref()?.source {
            Source::Row(row) => {
                self.cloud.as_ref().filter(|cloud| row < cloud.len()).map(|cloud| cloud.row(row).to_vec())
            }
            Source::File(index) => self.files.get(index).map(|file| file.encoding.mean.clone()),
        }
    }

    /// Whether the sliders have left the selected spectrum.
    pub fn moved(&self) -> bool {
        self.selected_latent().is_some_and(|latent| latent != self.latent)
    }

    /// The selected spectrum's name, once the catalogue is there.
    pub fn selected_id(&self) -> Option<SpectrumId> {
        match self.selection.as_ref()?.source {
            Source::Row(row) => self.id_of(row),
            Source::File(index) => self.files.get(index).map(|file| file.id),
        }
    }

    /// The selected spectrum's class.
    pub fn selected_class(&self) -> Option<Class> {
        match self.selection.as_ref()?.source {
            Source::Row(row) => {
                let code = self.cloud.as_ref()?.class.get(row).copied()?;
                Some(Class::from_code(i32::from(code)))
            }
            Source::File(index) => self.files.get(index).map(|file| file.class),
        }
    }

    /// How well what is decoded fits the selected spectrum: the mean over unmasked pixels of (flux - decoded)^2 ivar.
    pub fn chi2(&self) -> Option<f64> {
        let pixels = self.selection.as_ref()?.pixels.as_ref()?;
        plot::chi2(&pixels.flux, &pixels.ivar, &self.decoded.as_ref()?.flux)
    }

    /// Chooses what the scatter shows along x or y.
    pub fn set_axis(&mut self, vertical: bool, axis: AxisChoice) {
        if vertical {
            self.link.axes.1 = axis;
        } else {
            self.link.axes.0 = axis;
        }
    }

    /// The address of what is on screen.
    pub fn permalink(&self) -> Permalink {
        let settled = self.cloud.is_some();
        let selected = match self.selection.as_ref().map(|selection| selection.source) {
            Some(Source::Row(row)) => self.id_of(row).or(self.link.selected),
            Some(Source::File(_)) => None,
            None => self.wanted_id,
        };
        // A model trained here dies with the page: its places mean nothing elsewhere.
        let own = self.training.is_on() && !self.training.history.is_empty();
        let latent = if settled { Some(self.latent.clone()).filter(|_| !own) } else { self.link.latent.clone() };
        Permalink { latent, selected, ..self.link.clone() }
    }

    /// What the status line reads.
    pub fn status(&self) -> &'static str {
        match self {
            state if state.unavailable => "not loaded",
            state if state.scatter_shown && state.decoded_shown => "ready",
            state if state.scatter_shown && matches!(state.engine, Engine::Dead(_)) => "no engine",
            _ => "loading…",
        }
    }

    /// Whose latents the scatter shows, in words.
    pub fn whose_latents(&self) -> String {
        match (&self.card, self.training.history.last()) {
            (_, Some(last)) if self.training.is_on() => format!("of your model, epoch {}", last.epoch),
            (Some(card), _) => format!("of {}", card.name),
            (None, _) => format!("of {}", self.link.model),
        }
    }

    /// Hands a file to the engine; it waits until a model is open.
    pub fn add_file(&mut self, name: String, bytes: Vec<u8>) {
        if let Engine::Dead(why) = &self.engine {
            let sentence = format!("{name} cannot be read without the engine. {why}");
            self.fail(sentence);
            return;
        }
        self.files_waiting += 1;
        self.waiting_files.push(Command::EncodeFile { name, bytes, redshift: None });
        self.send_files();
    }

    /// Starts training from scratch.
    pub fn train_start(&mut self, set_url: String, config: VaeConfig) {
        self.training =
            Training { state: Some(TrainingState::Loading), config: Some(config.clone()), ..Training::default() };
        self.link.view = View::Train;
        self.ask(Command::TrainStart { set_url, config });
    }

    /// Pauses, or goes on after a pause.
    pub fn train_pause(&mut self) {
        match self.training.state {
            Some(TrainingState::Paused) => self.ask(Command::TrainResume),
            Some(TrainingState::Running | TrainingState::Loading) => self.ask(Command::TrainPause),
            _ => return,
        };
    }

    /// Runs one epoch, then pauses.
    pub fn train_step(&mut self) {
        self.ask(Command::TrainStep);
    }

    /// Ends training; the shipped model comes back.
    pub fn train_stop(&mut self) {
        self.ask(Command::TrainStop);
    }

    /// The worker is gone.
    pub fn engine_died(&mut self, sentence: String) {
        if matches!(self.engine, Engine::Dead(_)) {
            return;
        }
        self.engine = Engine::Dead(sentence.clone());
        self.files_waiting = 0;
        self.waiting_files.clear();
        self.training.progress = None;
        if self.training.state.is_some() {
            self.training.state = Some(TrainingState::Idle);
        }
        self.fail(sentence);
    }

    /// Takes in an answer of the engine. Answers to requests that newer ones have overtaken are dropped.
    pub fn apply(&mut self, response: Response) {
        let Response { id, event } = response;
        match event {
            Event::Ready { engine } => {
                self.engine = Engine::Ready(engine);
                self.ask_model();
            }
            Event::ModelOpened { card } => {
                self.model_open = true;
                self.card = Some(Arc::new(card));
                self.decode_in_flight = None;
                self.ask_decode();
                self.send_files();
            }
            Event::Decoded { latent, flux } => {
                if self.decode_in_flight != Some(id) {
                    return;
                }
                self.decode_in_flight = None;
                if self.between_models() {
                    self.wanted_decode = Some(self.latent.clone());
                    return;
                }
                let serial = self.next_serial();
                self.decoded = Some(Decoded { serial, latent, flux: Arc::new(flux) });
                self.send_decode();
            }
            Event::Encoded(encoding) => {
                if let Some(index) = self.encodes.remove(&id) {
                    self.file_moved(index, encoding);
                }
            }
            Event::FileEncoded { name, spectrum_id, redshift, class, flux, ivar, encoding, .. } => {
                self.file_done(id);
                let serial = self.next_serial();
                let pixels = Arc::new(Pixels { serial, flux, ivar });
                self.files.push(OwnFile { name, id: spectrum_id, redshift, class, pixels, encoding });
                self.select_file(self.files.len() - 1);
            }
            Event::Progress { what, done, total, unit } => {
                self.training.progress = Some(Progress { what, done, total, unit });
            }
            Event::Training { state } => self.training_changed(state),
            Event::Epoch { report, best, ms_per_step, latents } => {
                self.training.history.push(report);
                if best {
                    self.training.best = Some(report.epoch);
                }
                self.training.ms_per_step = Some(ms_per_step);
                self.latents_moved(latents);
            }
            Event::RedshiftWanted { name } => {
                self.file_done(id);
                self.fail(format!("{name} tells no redshift: give one."));
            }
            // Nothing asks for the others yet.
            Event::DecodedMany { .. }
            | Event::Band { .. }
            | Event::OutlierFactors { .. }
            | Event::Explained { .. }
            | Event::RedshiftScanned { .. }
            | Event::GalaxyMade { .. }
            | Event::Degraded { .. }
            | Event::NoiseCurve { .. }
            | Event::Cancelled { .. } => {}
            Event::Failed { message } => {
                self.file_done(id);
                self.encodes.remove(&id);
                if self.decode_in_flight == Some(id) {
                    self.decode_in_flight = None;
                    if self.between_models() {
                        // Asked of one model and answered by the next: it is asked again after the first epoch.
                        self.wanted_decode = Some(self.latent.clone());
                        return;
                    }
                }
                self.fail(message);
            }
        }
    }

    fn training_changed(&mut self, state: TrainingState) {
        self.training.state = Some(state);
        match state {
            TrainingState::Loading | TrainingState::Running => {}
            TrainingState::Paused | TrainingState::Finished => self.training.progress = None,
            TrainingState::Idle => {
                self.training.progress = None;
                if let Some(shipped) = self.shipped.clone() {
                    self.show(shipped);
                }
                self.ask_decode();
            }
        }
    }

    /// Every spectrum has moved: training has gone on.
    fn latents_moved(&mut self, latents: Vec<f32>) {
        let Some(old) = self.cloud.clone().filter(|old| !old.is_empty()) else { return };
        let dims = latents.len() / old.len();
        if dims == 0 || latents.len() != dims * old.len() {
            self.fail("The engine sent latents of another set: reload the page.".to_owned());
            return;
        }
        let serial = self.next_serial();
        self.show(Arc::new(Cloud::new(serial, dims, latents, old.class.clone())));
    }

    /// Shows another cloud, and takes sliders and files along.
    fn show(&mut self, cloud: Arc<Cloud>) {
        if self.cloud.as_ref().is_some_and(|old| old.serial == cloud.serial) {
            return;
        }
        self.link.axes = (clipped(self.link.axes.0, cloud.dims), clipped(self.link.axes.1, cloud.dims));
        self.cloud = Some(cloud.clone());
        for index in 0..self.files.len() {
            let pixels = self.files[index].pixels.clone();
            let id = self.ask(Command::Encode { flux: pixels.flux.clone(), ivar: pixels.ivar.clone() });
            self.encodes.insert(id, index);
        }
        self.latent = match self.selection.as_ref().map(|selection| selection.source) {
            Some(Source::Row(row)) if row < cloud.len() => cloud.row(row).to_vec(),
            _ => cloud.axes.mean.clone(),
        };
        // An answer of the model before would be a place in another space.
        self.decode_in_flight = None;
        self.ask_decode();
    }

    /// Whether the engine decodes with a model whose latents are not on screen yet: in its first epoch of training.
    fn between_models(&self) -> bool {
        let begun = matches!(self.training.state, Some(TrainingState::Running | TrainingState::Paused));
        begun && self.training.history.is_empty()
    }

    fn file_moved(&mut self, index: usize, encoding: Encoding) {
        let Some(file) = self.files.get_mut(index) else { return };
        file.encoding = encoding;
        if self.selection.as_ref().is_some_and(|selection| selection.source == Source::File(index)) {
            self.select_file(index);
        }
    }

    fn file_done(&mut self, id: u32) {
        if let Some(at) = self.file_asks.iter().position(|asked| *asked == id) {
            self.file_asks.remove(at);
            self.files_waiting = self.files_waiting.saturating_sub(1);
        }
    }

    fn id_of(&self, row: usize) -> Option<SpectrumId> {
        let catalogue = self.catalogue.as_ref()?;
        let value = |name: &str| catalogue.integers(name)?.get(row).copied();
        Some(SpectrumId { plate: value("plate")?, mjd: value("mjd")?, fiber: value("fiber")? })
    }

    /// Selects the spectrum that the link names, once cloud and catalogue are there.
    fn find_wanted(&mut self) {
        if self.catalogue.is_none() {
            return;
        }
        let (Some(id), Some(cloud)) = (self.wanted_id, self.cloud.clone()) else { return };
        self.wanted_id = None;
        let Some(row) = (0..cloud.len()).find(|&row| self.id_of(row) == Some(id)) else {
            self.link.selected = None;
            self.fail(format!("The set has no spectrum {id}: the link's selection was left out."));
            return;
        };
        // A place in the link goes before the spectrum's own.
        let place = self.link.latent.as_ref().filter(|place| place.len() == cloud.dims).map(|_| self.latent.clone());
        self.select_row(row);
        if let Some(place) = place {
            self.move_to(place);
        }
    }

    fn ask_model(&mut self) {
        if !self.model_asked && !self.model_url.is_empty() {
            self.model_asked = true;
            let url = self.model_url.clone();
            self.ask(Command::OpenModel { url });
        }
    }

    fn ask_decode(&mut self) {
        if !self.latent.is_empty() {
            self.wanted_decode = Some(self.latent.clone());
        }
        self.send_decode();
    }

    /// One decode is under way at a time; what is wanted meanwhile is the newest place only.
    fn send_decode(&mut self) {
        if !self.model_open || self.decode_in_flight.is_some() || self.between_models() {
            return;
        }
        if let Some(latent) = self.wanted_decode.take() {
            self.decode_in_flight = Some(self.ask(Command::Decode { latent }));
        }
    }

    fn send_files(&mut self) {
        if !self.model_open {
            return;
        }
        for command in std::mem::take(&mut self.waiting_files) {
            let id = self.ask(command);
            self.file_asks.push(id);
        }
    }

    fn ask(&mut self, command: Command) -> u32 {
        self.last_id += 1;
        self.outbox.push(Request { id: self.last_id, command });
        self.last_id
    }

    fn next_serial(&mut self) -> u32 {
        self.last_serial += 1;
        self.last_serial
    }
}

fn clipped(axis: AxisChoice, dims: usize) -> AxisChoice {
    let number = axis.number().min(dims.max(1));
    match axis {
        AxisChoice::Vae(_) => AxisChoice::Vae(number),
        AxisChoice::Latent(_) => AxisChoice::Latent(number),
    }
}

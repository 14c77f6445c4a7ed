//! All that the page knows, and how each act of the user and each answer of the engine changes it.
//!
//! No signal, no DOM: a method changes the state and may leave requests in the outbox, which the page then sends.
//! [`AppState::apply`] is the only writer of what the engine answers. One file a subject: what comes from the server and how
//! sliders and decoder follow each other (here), what is asked of the engine, its answers, the user's own spectra, noise, picked rows, paths, outliers,
//! training, lessons with what they need, and what all of it reads like.

mod answers;
mod asking;
mod draws;
mod epoch_latents;
mod labels;
mod lesson_tasks;
mod lessons;
mod models;
mod noise;
mod opened_files;
mod outliers;
mod paths;
mod pca;
mod picks;
mod runs;
mod scans;
mod simulated;
mod spectra;
mod trainer;
mod training;
mod user_files;
mod wavelengths;

use std::collections::HashMap;
use std::sync::Arc;

pub use draws::{ALIKE, DRAWN, Draw, Draws};
pub use lessons::Lessons;
pub use noise::{Noise, NoisePoint, NoiseRatios};
pub use outliers::{Outlier, Outliers};
pub use paths::{Path, PathKind};
pub use pca::{PcaComparison, PcaScores};
pub use picks::{MOST_PINS, Picked, Pin};
pub use runs::{Kept, Runs};
pub use scans::Scan;
pub use spectra::{Band, Decoded, Pixels, Selection, Source};
pub use trainer::{Trainer, TrainerKind};
pub use training::{Seen, Training};
pub use user_files::{Origin, OwnFile, UnknownRedshift};

use asking::Asked;
use opened_files::OpenedFiles;

use super::axis_choice::{AxisChoice, LOF};
use super::permalink::Permalink;
use super::training_form;
use super::view::embedding::Cloud;
use crate::formats::set::{Catalogue, LatentSet, Manifest};
use crate::protocol::{EpochLatents, ExploreCommand, Progress, Request, TrainCommand};
use crate::simulator::GalaxyDials;
use crate::spectrum::SpectrumId;
use crate::vae::config::VaeConfig;
use crate::vae::model_card::ModelCard;

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
    /// How uncertain that is, where the sliders are on a spectrum.
    pub band: Option<Band>,
    /// The selected spectrum.
    pub selection: Option<Selection>,
    /// The selected spectrum with noise added, while that is looked at.
    pub noise: Option<Noise>,
    /// The wavelengths that the spectrum panel shows, Angstrom in vacuum; all where none.
    pub spectrum_range: Option<(f64, f64)>,
    /// Many spectra picked together.
    pub picked: Option<Picked>,
    /// Spectra kept for comparison.
    pub pins: Vec<Pin>,
    /// The way through latent space that is open.
    pub path: Option<Path>,
    /// The oddest spectra.
    pub outliers: Outliers,
    /// Spectra of the user's, in the order read or made.
    pub files: Vec<OwnFile>,
    /// Files on their way through the engine.
    pub files_waiting: usize,
    /// Files whose redshift the user is asked for.
    pub redshift_wanted: Vec<UnknownRedshift>,
    /// What runs.
    pub engine: Engine,
    /// What the model in use says of itself.
    pub card: Option<Arc<ModelCard>>,
    /// The training in this page.
    pub training: Training,
    /// The form: what the next training is to be.
    pub plan: VaeConfig,
    /// Why a file of weights was not opened, until one is.
    pub refused: Option<String>,
    /// Whether the list of what the browser keeps is on screen.
    pub storage_open: bool,
    /// The scatter's axes from before a model with one latent, which has no pair of them.
    axes_of_pairs: Option<(AxisChoice, AxisChoice)>,
    /// Which worker trains.
    pub trainer: Trainer,
    /// What the browser keeps of trainings.
    pub runs: Runs,
    /// Trainings kept to compare with.
    pub kept: Vec<Kept>,
    /// A file that the user asked for, to be saved: name and bytes.
    pub file_to_save: Option<(String, Arc<Vec<u8>>)>,
    /// How far a long job other than training is.
    pub progress: Option<(u32, Progress)>,
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
    /// Another shipped model that is to be fetched, by its name.
    pub wanted_model: Option<String>,
    /// PCA of some of the set's spectra.
    pub pca: PcaComparison,
    /// Places drawn at random.
    pub draws: Draws,
    /// The guided lessons.
    pub lessons: Lessons,

    shipped: Option<Arc<Cloud>>,
    chosen_to_open: Option<usize>,
    wanted_id: Option<SpectrumId>,
    wanted_latent: Option<Vec<f32>>,
    model_open: bool,
    model_asked: bool,
    wanted_decode: Option<Vec<f32>>,
    decode_in_flight: Option<u32>,
    asked: HashMap<u32, Asked>,
    opened_files: OpenedFiles,
    waiting_files: Vec<Asked>,
    waiting_dials: Option<Box<GalaxyDials>>,
    /// The galaxy that the dials change; by its pixels' serial.
    dialled: Option<u32>,
    /// Galaxies made so far, those off the list too.
    made: u64,
    /// The request that started the newest training.
    training_request: u32,
    pixels: HashMap<usize, Arc<Pixels>>,
    unreachable: Vec<usize>,
    outbox: Vec<Request<ExploreCommand>>,
    trainer_outbox: Vec<Request<TrainCommand>>,
    kept_so_far: u32,
    /// A saved training to go on with once the list of them is here, and where its set is.
    resume_wanted: Option<(String, String)>,
    /// The newest state of the model in training, until the explorer can take it.
    epoch_latents_waiting: Option<(u32, Box<EpochLatents>)>,
    /// The request that has the explorer use one.
    epoch_model_asked: Option<u32>,
    /// Whether the explorer decodes with a model of this page's own, or soon may.
    explores_own: bool,
    last_id: u32,
    last_serial: u32,
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

/// The most spectra kept in memory: 8 kB each.
const MOST_PIXELS: usize = 1024;

impl AppState {
    /// Starts from an address.
    pub fn open(mut link: Permalink, problems: Vec<String>) -> Self {
        link.hidden.sort_unstable();
        link.hidden.dedup();
        let wanted_id = link.selected;
        let wanted_latent = link.latent.clone();
        let region = link.region.clone();
        let plan = link.plan.clone().unwrap_or_else(|| training_form::proposed(6));
        let mut state = Self { link, errors: problems, wanted_id, wanted_latent, plan, ..Self::default() };
        if let Some(key) = region {
            state.show_region(&key);
        }
        state
    }

    /// The requests to send since this was last called.
    pub fn take_outbox(&mut self) -> Vec<Request<ExploreCommand>> {
        std::mem::take(&mut self.outbox)
    }

    /// The manifest has come.
    pub fn on_manifest_loaded(&mut self, manifest: Manifest) {
        let known = |name: &str| name == LOF || manifest.columns.iter().any(|column| column.name == name);
        if self.link.color != "class" && !known(&self.link.color) {
            let color = &self.link.color;
            let problem = format!("The set has no column \u{201c}{color}\u{201d}: points are coloured by class.");
            self.fail(problem);
            self.link.color = "class".to_owned();
        }
        for axis in [self.link.axes.0.clone(), self.link.axes.1.clone()] {
            if let AxisChoice::Column(name) = &axis
                && !known(name)
            {
                self.fail(format!("The set has no column \u{201c}{name}\u{201d}: the link's axes were left out."));
                self.link.axes = Permalink::default().axes;
            }
        }
        self.manifest = Some(Arc::new(manifest));
        if let Some(card) = self.card.clone()
            && let Err(sentence) = self.check_recipe(&card)
        {
            self.refuse_model(sentence);
        }
    }

    /// The latents of the shipped model have come.
    pub fn on_latents_loaded(&mut self, latents: LatentSet) {
        let serial = self.next_serial();
        let cloud = Arc::new(Cloud::of_set(serial, latents));
        self.shipped = Some(cloud.clone());
        for axis in [self.link.axes.0.clone(), self.link.axes.1.clone()] {
            let problem = match &axis {
                AxisChoice::Umap(_) if cloud.umap.is_none() => "The model has no UMAP".to_owned(),
                axis if axis.latents_needed() > cloud.dims => format!("The model has {} latents", cloud.dims),
                _ => continue,
            };
            if self.link.axes != Permalink::default().axes {
                self.fail(format!("{problem}: the link's axis {} was left out.", axis.label()));
            }
            let (x, y) = Permalink::default().axes;
            self.link.axes = (clipped(&x, &cloud), clipped(&y, &cloud));
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
        self.drop_hidden_if_all();
        let placed = !self.latent.is_empty();
        if !placed {
            self.latent = cloud.axes.mean.clone();
            if self.wanted_id.is_none()
                && let Some(row) = cloud.typical(|_| false)
            {
                self.select_row(row);
                self.chosen_to_open = Some(row);
            }
        }
        self.open_linked_path(placed);
        self.ask_decode();
        self.ask_factors_if_shown();
        self.find_wanted();
    }

    /// The catalogue has come.
    pub fn on_catalogue_loaded(&mut self, catalogue: Catalogue) {
        self.catalogue = Some(Arc::new(catalogue));
        self.find_wanted();
        self.open_with_another_if_odd();
    }

    /// The catalogue cannot be had: what it would have coloured and laid out is shown by class and latents.
    pub fn catalogue_failed(&mut self, sentence: String) {
        let usual = Permalink::default();
        let measured = |axis: &AxisChoice| matches!(axis, AxisChoice::Column(name) if name != LOF);
        if self.link.color != LOF {
            self.link.color = usual.color;
        }
        if measured(&self.link.axes.0) || measured(&self.link.axes.1) {
            self.link.axes = usual.axes;
        }
        self.fail(sentence);
    }

    /// The page chose a spectrum to open with before it knew the catalogue: one with something wrong gives way to another, unless
    /// the user has gone on by then.
    fn open_with_another_if_odd(&mut self) {
        let Some(row) = self.chosen_to_open.take() else { return };
        let odd = |row: usize| self.value_of(row, "truth_oddity").is_some_and(|code| code > 0.0);
        let still = self.selection.as_ref().is_some_and(|selection| selection.source == Source::Row(row));
        if !still || !odd(row) || self.moved() {
            return;
        }
        if let Some(other) = self.cloud.as_ref().and_then(|cloud| cloud.typical(odd)) {
            self.select_row(other);
        }
    }

    /// Another model file is to be opened than was said first.
    pub fn reopen_model(&mut self, url: String) {
        self.model_url = url;
        self.model_asked = false;
        self.model_open = false;
        self.asked.retain(|_, asked| !matches!(asked, Asked::Model));
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

    /// Chooses what the scatter shows along x or y.
    pub fn set_axis(&mut self, vertical: bool, axis: AxisChoice) {
        if vertical {
            self.link.axes.1 = axis;
        } else {
            self.link.axes.0 = axis;
        }
        self.ask_factors_if_shown();
    }

    /// Chooses what colours the points.
    pub fn set_color(&mut self, column: String) {
        self.link.color = column;
        self.ask_factors_if_shown();
    }

    /// Moves one slider.
    pub fn set_latent(&mut self, index: usize, value: f32) {
        if !value.is_finite() || self.latent.get(index).is_none_or(|old| *old == value) {
            return;
        }
        self.latent[index] = value;
        self.pause_path();
        self.ask_decode();
    }

    /// Moves all sliders; a place of another space, or nowhere, leaves them.
    pub fn move_to(&mut self, latent: Vec<f32>) {
        let fits = self.cloud.as_ref().is_none_or(|cloud| cloud.dims == latent.len());
        if !fits || !latent.iter().all(|value| value.is_finite()) {
            return;
        }
        self.latent = latent;
        self.ask_decode();
    }

    /// The explorer is gone.
    pub fn explorer_died(&mut self, sentence: String) {
        if matches!(self.engine, Engine::Dead(_)) {
            return;
        }
        self.engine = Engine::Dead(sentence.clone());
        self.model_open = false;
        self.decode_in_flight = None;
        self.waiting_files.clear();
        self.waiting_dials = None;
        self.asked.clear();
        self.outbox.clear();
        self.opened_files.on_explorer_lost();
        self.progress = None;
        self.count_waiting();
        self.scans_died();
        self.noise_died();
        self.outliers_died();
        self.pca_died();
        self.epoch_model_asked = None;
        self.fail(sentence);
    }

    /// Shows another cloud, and takes sliders and files along. What is missing then is asked for with [`AppState::ask_all`].
    fn show(&mut self, cloud: Arc<Cloud>) {
        if self.cloud.as_ref().is_some_and(|old| old.serial == cloud.serial) {
            return;
        }
        if cloud.dims > 1
            && let Some(before) = self.axes_of_pairs.take()
        {
            self.link.axes = before;
        }
        let axes = (clipped(&self.link.axes.0, &cloud), clipped(&self.link.axes.1, &cloud));
        if cloud.dims == 1 && axes.0 == axes.1 {
            // One latent against itself is a line: against star formation, or what every catalogue has.
            let column = |name: &str| self.manifest.as_ref().is_some_and(|m| m.columns.iter().any(|c| c.name == name));
            let other = if column("truth_ssfr") { "truth_ssfr" } else { "redshift" };
            self.axes_of_pairs.get_or_insert_with(|| self.link.axes.clone());
            self.link.axes = (axes.0, AxisChoice::Column(other.to_owned()));
        } else {
            self.link.axes = axes;
        }
        self.cloud = Some(cloud.clone());
        self.forget_asked();
        self.files.iter_mut().for_each(|file| file.placed = false);
        self.latent = match self.selection.as_ref().map(|selection| selection.source) {
            Some(Source::Row(row)) if row < cloud.len() => cloud.row(row).to_vec(),
            _ => cloud.axes.mean.clone(),
        };
        // What belonged to the model before is a place in another space.
        self.decode_in_flight = None;
        self.band = None;
        self.noise = None;
        if let Some(selection) = &mut self.selection {
            selection.log_var = None;
        }
        self.encode_pins_again(&cloud);
        self.outliers = Outliers { wanted: self.outliers.wanted, ..Outliers::default() };
        self.pca.scores = None;
        self.follow_path_anew();
    }

    fn next_serial(&mut self) -> u32 {
        self.last_serial += 1;
        self.last_serial
    }
}

/// The same axis, or one that the cloud has.
fn clipped(axis: &AxisChoice, cloud: &Cloud) -> AxisChoice {
    match axis {
        AxisChoice::Vae(number) => AxisChoice::Vae((*number).min(cloud.dims.max(1))),
        AxisChoice::Latent(number) => AxisChoice::Latent((*number).min(cloud.dims.max(1))),
        AxisChoice::Umap(number) if cloud.umap.is_none() => AxisChoice::Vae((*number).min(cloud.dims.max(1))),
        other => other.clone(),
    }
}

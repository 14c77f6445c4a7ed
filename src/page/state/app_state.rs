//! The page's state: its slices, and what views read of them.

use std::sync::Arc;

use super::slices::decoder::{Band, Decoded, Decoder};
use super::slices::draws::Draws;
use super::slices::explorer::{Engine, Explorer};
use super::slices::found::Found;
use super::slices::lessons::Lessons;
use super::slices::noise::Noise;
use super::slices::notices::Notices;
use super::slices::outliers::Outliers;
use super::slices::own_catalogues::OwnCatalogues;
use super::slices::own_file::{OwnFile, RowChoice, UnknownRedshift};
use super::slices::own_spectra::OwnSpectra;
use super::slices::own_trials::TrialsProgress;
use super::slices::path::Path;
use super::slices::pca::PcaComparison;
use super::slices::picks::{Picked, Picks, Pin};
use super::slices::pictures::Pictures;
use super::slices::runs::{Archive, Kept, Runs};
use super::slices::selection::{Selecting, Selection};
use super::slices::site::Site;
use super::slices::spectrum_set::SpectrumSet;
use super::slices::spectrum_view::SpectrumView;
use super::slices::trainer::Trainer;
use super::slices::training::{Training, TrainingSlice};
use crate::formats::set::{Catalogue, Manifest};
use crate::page::axis_choice::AxisChoice;
use crate::page::permalink::Permalink;
use crate::page::training_form;
use crate::page::view::embedding::Cloud;
use crate::protocol::{ExploreCommand, Progress, Request, TrainCommand, WeightsHash};
use crate::vae::config::VaeConfig;
use crate::vae::linear_head::LinearHead;
use crate::vae::model_card::ModelCard;

/// All that the page knows.
#[derive(Debug, Clone, Default)]
pub struct AppState {
    /// What the address says: set, model, axes, colour, view. Latents and selection have slices of their own.
    pub(super) link: Permalink,
    pub(super) site: Site,
    pub(super) notices: Notices,
    pub(super) explorer: Explorer,
    pub(super) set: SpectrumSet,
    pub(super) decoder: Decoder,
    pub(super) selecting: Selecting,
    /// The selected spectrum with noise added, while that is looked at.
    pub(super) noise: Option<Noise>,
    pub(super) picks: Picks,
    /// The path that is open.
    pub(super) path: Option<Path>,
    pub(super) outliers: Outliers,
    pub(super) own: OwnSpectra,
    pub(super) pca: PcaComparison,
    pub(super) draws: Draws,
    pub(super) lessons: Lessons,
    pub(super) training: TrainingSlice,
    pub(super) trainer: Trainer,
    pub(super) archive: Archive,
    pub(super) catalogues: OwnCatalogues,
    pub(super) pictures: Pictures,
    /// Result of the newest search for an object.
    pub(super) found: Option<Found>,
    /// Chooses the curves that the spectrum panel shows, and how smooth.
    pub(super) spectrum_view: SpectrumView,
    /// The wavelengths that the spectrum panel shows, Angstrom in vacuum; all where none.
    pub(super) spectrum_range: Option<(f64, f64)>,
    /// Another shipped model that is to be fetched, by its name.
    pub(super) wanted_model: Option<String>,
    /// The scatter's axes from before a model with one latent, which has no pair of them.
    pub(super) axes_of_pairs: Option<(AxisChoice, AxisChoice)>,
    /// The scatter's axes from before a map of the sky.
    pub(super) axes_before_sky: Option<(AxisChoice, AxisChoice)>,
    clicked: bool,
    scatter_shown: bool,
    decoded_shown: bool,
    last_serial: u32,
}

impl AppState {
    /// Starts from a link, and the problems found in it.
    pub fn open(mut link: Permalink, problems: Vec<String>) -> Self {
        link.hidden.sort_unstable();
        link.hidden.dedup();
        let region = link.region.clone();
        let plan = link.plan.clone().unwrap_or_else(|| training_form::proposed(6));
        let selecting = Selecting::new(link.selected, link.latent.clone());
        let (notices, training) = (Notices::new(problems), TrainingSlice::new(plan, link.ends));
        let mut state = Self { link, notices, selecting, training, ..Self::default() };
        state.explorer.set_method(state.link.encoding);
        state.spectrum_view.smooth(state.link.smoothing);
        match (region, state.link.range.take()) {
            (Some(key), _) => state.show_region(&key),
            (None, range) => state.show_wavelengths(range),
        }
        state
    }

    /// Returns the requests to send to the explorer since this was last called.
    pub fn take_outbox(&mut self) -> Vec<Request<ExploreCommand>> {
        self.explorer.take_outbox()
    }

    /// Returns the requests to send to the trainer since this was last called; none before it listens.
    pub fn take_trainer_outbox(&mut self) -> Vec<Request<TrainCommand>> {
        self.trainer.take_outbox()
    }

    /// Returns what the address says.
    pub fn link(&self) -> &Permalink {
        &self.link
    }

    /// Returns what went wrong and has not been dismissed.
    pub fn errors(&self) -> &[String] {
        self.notices.all()
    }

    /// Reports what went wrong; the same sentence is not repeated.
    pub fn fail(&mut self, sentence: String) {
        self.notices.add(sentence);
    }

    /// Dismisses what went wrong.
    pub fn dismiss(&mut self) {
        self.notices.clear();
    }

    /// Returns what runs in the explorer's worker.
    pub fn engine(&self) -> &Engine {
        self.explorer.engine()
    }

    /// Returns the card of the model in use.
    pub fn card(&self) -> Option<&Arc<ModelCard>> {
        self.explorer.card()
    }

    /// Returns the head of the model in use, which predicts class and measurements from latents; `None` for a model without.
    pub fn head(&self) -> Option<&Arc<LinearHead>> {
        self.explorer.head()
    }

    /// Returns how far a long job of the explorer's is, and its request.
    pub fn progress(&self) -> Option<&(u32, Progress)> {
        self.explorer.progress()
    }

    /// Returns the open set's manifest.
    pub fn manifest(&self) -> Option<&Arc<Manifest>> {
        self.set.manifest()
    }

    /// Returns the open set's catalogue.
    pub fn catalogue(&self) -> Option<&Arc<Catalogue>> {
        self.set.catalogue()
    }

    /// Returns the set's latents under the model in use.
    pub fn embedding(&self) -> Option<&Arc<Cloud>> {
        self.set.embedding()
    }

    /// Returns the values of the sliders, `[d]`.
    pub fn latent(&self) -> &[f32] {
        self.decoder.latent()
    }

    /// Returns the newest decoded spectrum: at the sliders, or just behind them.
    pub fn decoded(&self) -> Option<&Decoded> {
        self.decoder.decoded()
    }

    /// Returns the newest band: the uncertainty of the spectrum decoded at one position.
    pub fn band(&self) -> Option<&Band> {
        self.decoder.band()
    }

    /// Returns the selected spectrum.
    pub fn selection(&self) -> Option<&Selection> {
        self.selecting.current()
    }

    /// Returns the selected spectrum with noise added, while that is looked at.
    pub fn noise(&self) -> Option<&Noise> {
        self.noise.as_ref()
    }

    /// Returns the spectra picked together.
    pub fn picked(&self) -> Option<&Picked> {
        self.picks.picked()
    }

    /// Returns the spectra kept for comparison.
    pub fn pins(&self) -> &[Pin] {
        self.picks.pins()
    }

    /// Returns the path that is open.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_ref()
    }

    /// Returns the outliers.
    pub fn outliers(&self) -> &Outliers {
        &self.outliers
    }

    /// Returns the user's own spectra, in the order read or simulated.
    pub fn files(&self) -> &[Arc<OwnFile>] {
        self.own.files()
    }

    /// Returns how many of the user's spectra are on their way through the explorer.
    pub fn files_waiting(&self) -> usize {
        self.own.in_progress(&self.explorer)
    }

    /// Returns the files whose redshift the user is asked for.
    pub fn redshift_wanted(&self) -> &[UnknownRedshift] {
        self.own.redshift_wanted()
    }

    /// Returns the files that hold several spectra, for the user to choose among.
    pub fn row_choices(&self) -> &[RowChoice] {
        self.own.choices()
    }

    /// Returns how far the trials of redshifts in the background are.
    pub fn trials(&self) -> TrialsProgress {
        self.own.trials()
    }

    /// Returns the comparison with PCA.
    pub fn pca(&self) -> &PcaComparison {
        &self.pca
    }

    /// Returns the draws from the prior.
    pub fn draws(&self) -> &Draws {
        &self.draws
    }

    /// Returns the guided lessons.
    pub fn lessons(&self) -> &Lessons {
        &self.lessons
    }

    /// Returns the training in this page.
    pub fn training(&self) -> &Training {
        self.training.training()
    }

    /// Returns the settings of the next training.
    pub fn plan(&self) -> &VaeConfig {
        self.training.plan()
    }

    /// Returns a plan, and the hash of the weights that it ends with, from the link that opened the page.
    pub fn promised_weights(&self) -> Option<&(VaeConfig, WeightsHash)> {
        self.training.promised()
    }

    /// Changes the settings of the next training.
    pub fn edit_plan<T>(&mut self, change: impl FnOnce(&mut VaeConfig) -> T) -> T {
        change(self.training.plan_mut())
    }

    /// Returns why the newest file of weights was not opened.
    pub fn refused(&self) -> Option<&String> {
        self.training.refused()
    }

    /// Returns the worker that trains.
    pub fn trainer(&self) -> &Trainer {
        &self.trainer
    }

    /// Returns what the browser keeps of trainings.
    pub fn runs(&self) -> &Runs {
        self.archive.saved()
    }

    /// Returns the trainings kept to compare with.
    pub fn kept(&self) -> &[Kept] {
        self.archive.kept()
    }

    /// Returns a file that the user asked for, to be saved: name and bytes.
    pub fn file_to_save(&self) -> Option<&(String, Arc<Vec<u8>>)> {
        self.archive.file_to_save()
    }

    /// Returns the wavelengths that the spectrum panel shows, Angstrom in vacuum; all where none.
    pub fn spectrum_range(&self) -> Option<(f64, f64)> {
        self.spectrum_range
    }

    /// Returns the name of another shipped model that is to be fetched.
    pub fn wanted_model(&self) -> Option<&str> {
        self.wanted_model.as_deref()
    }

    /// Returns whether a scatter is on screen.
    pub fn scatter_is_shown(&self) -> bool {
        self.scatter_shown
    }

    /// Returns whether a decoded spectrum is on screen.
    pub fn decoded_is_shown(&self) -> bool {
        self.decoded_shown
    }

    /// Returns whether the reader has clicked anything.
    pub fn was_clicked(&self) -> bool {
        self.clicked
    }

    /// Takes in that the reader has clicked something.
    pub fn on_clicked(&mut self) {
        self.clicked = true;
    }

    /// Takes in that a scatter is on screen.
    pub fn on_scatter_shown(&mut self) {
        self.scatter_shown = true;
    }

    /// Takes in that a decoded spectrum is on screen.
    pub fn on_decoded_shown(&mut self) {
        self.decoded_shown = true;
    }

    /// Returns a number that no other value of this page has.
    pub(super) fn next_serial(&mut self) -> u32 {
        self.last_serial += 1;
        self.last_serial
    }
}

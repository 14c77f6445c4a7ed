//! The selected spectrum: its pixels, where it lies, what is decoded there and how uncertain that is.

use std::sync::Arc;

use super::{AppState, Asked, MOST_PIXELS};
use crate::plot;
use crate::protocol::{Encoding, ExploreCommand};
use crate::simulator::ODDITY_NAMES;
use crate::spectrum::{Class, SpectrumId};

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

/// How uncertain the decoded spectrum of one place is.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Tells bands apart without comparing them.
    pub serial: u32,
    /// `[d]` the place.
    pub latent: Vec<f32>,
    /// `[1000]` one standard deviation, by the latent variance.
    pub sigma: Arc<Vec<f32>>,
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
    /// `[d]` log variance of its latents, once known.
    pub log_var: Option<Vec<f32>>,
}

/// Where a spectrum comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A row of the set.
    Row(usize),
    /// A spectrum of the user's, by its place in [`AppState::files`].
    File(usize),
}

impl AppState {
    /// Rows whose pixels are wanted and not there: the selected one first, then those of lists, then those of a picked crowd.
    pub fn wanted_rows(&self) -> Vec<usize> {
        let selected = match &self.selection {
            Some(Selection { source: Source::Row(row), pixels: None, .. }) => Some(*row),
            _ => None,
        };
        let listed = self.outliers.rows_without_pixels();
        let crowd = self.picked.iter().flat_map(|picked| picked.sample_wanted());
        let watched = self.training.watch.iter().copied().filter(|_| self.training.seen.is_some());
        let mut rows: Vec<usize> = Vec::new();
        for row in selected.into_iter().chain(listed).chain(watched).chain(crowd) {
            if !self.pixels.contains_key(&row) && !self.unreachable.contains(&row) && !rows.contains(&row) {
                rows.push(row);
            }
        }
        rows
    }

    /// The row whose pixels are wanted most and not there.
    pub fn wanted_row(&self) -> Option<usize> {
        self.wanted_rows().first().copied()
    }

    /// The pixels of a row, if they are there.
    pub fn pixels_of(&self, row: usize) -> Option<Arc<Pixels>> {
        self.pixels.get(&row).cloned()
    }

    /// A spectrum of the set has come.
    pub fn on_pixels_loaded(&mut self, row: usize, flux: Vec<f32>, ivar: Vec<f32>) {
        let serial = self.next_serial();
        let pixels = Arc::new(Pixels { serial, flux, ivar });
        if self.pixels.len() >= MOST_PIXELS {
            self.pixels.clear();
        }
        self.pixels.insert(row, pixels.clone());
        if let Some(selection) = &mut self.selection
            && selection.source == Source::Row(row)
            && selection.pixels.is_none()
        {
            selection.pixels = Some(pixels.clone());
            self.ask_uncertainty();
            self.send_noise();
        }
        self.on_outlier_pixels_loaded(row, &pixels);
        self.on_picked_pixels_loaded();
    }

    /// A spectrum of the set could not be had: it is no longer selected.
    pub fn pixels_failed(&mut self, row: usize, sentence: String) {
        let selected = self.selection.as_ref().is_some_and(|selection| selection.source == Source::Row(row));
        if selected {
            self.selection = None;
        }
        if let Some(picked) = &mut self.picked {
            picked.drop_from_sample(row);
        }
        if !selected {
            // Lists go without it; a click on it asks again.
            self.unreachable.push(row);
        }
        self.fail(sentence);
        self.on_picked_pixels_loaded();
    }

    /// Selects a spectrum of the set and moves the sliders to it.
    pub fn select_row(&mut self, row: usize) {
        let Some(cloud) = self.cloud.clone().filter(|cloud| row < cloud.len()) else { return };
        self.wanted_id = None;
        self.unreachable.retain(|other| *other != row);
        self.select(Source::Row(row), self.pixels.get(&row).cloned());
        self.move_to(cloud.row(row).to_vec());
        self.ask_uncertainty();
    }

    /// Selects a spectrum of the user's and moves the sliders to it.
    pub fn select_file(&mut self, index: usize) {
        let Some(file) = self.files.get(index) else { return };
        let (pixels, latent) = (file.pixels.clone(), file.place().map(<[f32]>::to_vec));
        self.wanted_id = None;
        self.select(Source::File(index), Some(pixels));
        if let Some(latent) = latent {
            self.move_to(latent);
        }
        self.ask_uncertainty();
    }

    fn select(&mut self, source: Source, pixels: Option<Arc<Pixels>>) {
        self.selection = Some(Selection { source, pixels, log_var: None });
        self.noise = None;
        self.band = None;
        self.pause_path();
        self.forget_noise_curve();
    }

    /// Moves the sliders back to the selected spectrum.
    pub fn return_to_selection(&mut self) {
        self.noise = None;
        self.pause_path();
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
            Source::File(index) => self.files.get(index)?.place().map(<[f32]>::to_vec),
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

    /// Returns the row of the selected spectrum; `None` for one of the user's.
    pub fn selected_row(&self) -> Option<usize> {
        match self.selection.as_ref()?.source {
            Source::Row(row) => Some(row),
            Source::File(_) => None,
        }
    }

    /// The selected spectrum's class.
    pub fn selected_class(&self) -> Option<Class> {
        match self.selection.as_ref()?.source {
            Source::Row(row) => self.class_of(row),
            Source::File(index) => self.files.get(index).map(|file| file.class),
        }
    }

    /// The pixels on screen: the selected spectrum's, with noise added while that is looked at.
    pub fn shown_pixels(&self) -> Option<Arc<Pixels>> {
        let noisy = self.noise.as_ref().and_then(|noise| noise.pixels.clone());
        noisy.or_else(|| self.selection.as_ref()?.pixels.clone())
    }

    /// The band to draw: that of the place on screen.
    pub fn shown_band(&self) -> Option<Arc<Vec<f32>>> {
        let (band, decoded) = (self.band.as_ref()?, self.decoded.as_ref()?);
        (band.latent == decoded.latent).then(|| band.sigma.clone())
    }

    /// How well what is decoded fits what is observed: the mean over unmasked pixels of (flux - decoded)^2 ivar.
    pub fn chi2(&self) -> Option<f64> {
        let pixels = self.shown_pixels()?;
        plot::chi2(&pixels.flux, &pixels.ivar, &self.decoded.as_ref()?.flux)
    }

    /// The name of a row, once the catalogue is there.
    pub fn id_of(&self, row: usize) -> Option<SpectrumId> {
        let catalogue = self.catalogue.as_ref()?;
        let value = |name: &str| catalogue.integers(name)?.get(row).copied();
        Some(SpectrumId { plate: value("plate")?, mjd: value("mjd")?, fiber: value("fiber")? })
    }

    /// The class of a row.
    pub fn class_of(&self, row: usize) -> Option<Class> {
        let code = self.cloud.as_ref()?.class.get(row).copied()?;
        Some(Class::from_code(i32::from(code)))
    }

    /// A value of the catalogue.
    pub fn value_of(&self, row: usize, column: &str) -> Option<f32> {
        self.catalogue.as_ref()?.column(column)?.get(row)
    }

    /// Rows that are stars in front: by their class, or by what the simulation knows.
    pub fn star_rows(&self) -> Vec<usize> {
        let Some(cloud) = &self.cloud else { return Vec::new() };
        let oddity = self.catalogue.as_ref().and_then(|catalogue| catalogue.column("truth_oddity"));
        let is_star = |row: &usize| {
            let named = oddity.and_then(|codes| codes.get(*row)).and_then(|code| ODDITY_NAMES.get(code as usize));
            self.class_of(*row) == Some(Class::Star) || named.is_some_and(|name| name.ends_with("star"))
        };
        (0..cloud.len()).filter(is_star).collect()
    }

    /// Selects the spectrum that the link names, once cloud and catalogue are there.
    pub(super) fn find_wanted(&mut self) {
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

    /// Asks how uncertain the spectrum decoded at the selected one is. Where nothing has brought the log variances of its latents,
    /// asks for these first, once its pixels are there.
    pub(super) fn ask_uncertainty(&mut self) {
        let known = self.known_log_var();
        let Some(selection) = &mut self.selection else { return };
        if selection.log_var.is_none() {
            selection.log_var = known;
        }
        let (log_var, pixels) = (selection.log_var.clone(), selection.pixels.clone());
        if !self.can_ask() {
            return;
        }
        if let Some(log_var) = log_var {
            return self.ask_band(log_var);
        }
        let Some(pixels) = pixels else { return };
        let already = |asked: &Asked| matches!(asked, Asked::Uncertainty(serial) if *serial == pixels.serial);
        if !self.asked.values().any(already) {
            let command = ExploreCommand::Encode { flux: pixels.flux.clone(), ivar: pixels.ivar.clone() };
            self.ask_for(command, Asked::Uncertainty(pixels.serial));
        }
    }

    /// The log variances of the selected spectrum's latents, as far as they were downloaded or encoded before.
    fn known_log_var(&self) -> Option<Vec<f32>> {
        match self.selection.as_ref()?.source {
            Source::Row(row) => self.cloud.as_ref()?.log_var(row).map(<[f32]>::to_vec),
            Source::File(index) => {
                self.files.get(index).filter(|file| file.placed).map(|file| file.encoding.log_var.clone())
            }
        }
    }

    fn ask_band(&mut self, log_var: Vec<f32>) {
        let Some(latent) = self.selected_latent() else { return };
        let known = self.band.as_ref().is_some_and(|band| band.latent == latent);
        let already = |asked: &Asked| matches!(asked, Asked::Band(other) if *other == latent);
        if !known && !self.asked.values().any(already) {
            self.ask_for(ExploreCommand::Band { latent: latent.clone(), log_var }, Asked::Band(latent));
        }
    }

    pub(super) fn on_uncertainty(&mut self, serial: u32, encoding: Encoding) {
        let of_selection = self.selection.as_mut().filter(|s| s.pixels.as_ref().is_some_and(|p| p.serial == serial));
        let Some(selection) = of_selection else { return };
        selection.log_var = Some(encoding.log_var.clone());
        self.ask_band(encoding.log_var);
    }

    pub(super) fn on_band(&mut self, latent: Vec<f32>, sigma: Vec<f32>) {
        if self.selected_latent().as_ref() == Some(&latent) {
            let serial = self.next_serial();
            self.band = Some(Band { serial, latent, sigma: Arc::new(sigma) });
        }
    }
}

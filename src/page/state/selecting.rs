//! Selecting a spectrum: its pixels, its latents, what is decoded there and how uncertain that is.

use std::sync::Arc;

use super::AppState;
use super::slices::asked::Asked;
use super::slices::decoder::Band;
use super::slices::selection::Source;
use super::slices::spectrum_set::Pixels;
use super::slices::spectrum_view::Curve;
use crate::page::permalink::rounded;
use crate::plot;
use crate::protocol::ExploreCommand;
use crate::spectrum::{Class, SourceId};
use crate::vae::encoding::Encoding;

impl AppState {
    /// Returns the rows whose pixels are to be fetched: the selected one first, then those of lists, then those of the picked sample.
    pub fn wanted_rows(&self) -> Vec<usize> {
        let selected = self.selecting.row_without_pixels();
        let listed = self.outliers.rows_without_pixels();
        let training = self.training.training();
        let watched = training.watch.iter().copied().filter(|_| training.seen.is_some());
        let picked = self.picks.picked().into_iter().flat_map(|picked| picked.sample_wanted());
        let pins = self.picks.wanted_pins().iter().copied();
        let mut rows: Vec<usize> = Vec::new();
        for row in selected.into_iter().chain(pins).chain(listed).chain(watched).chain(picked) {
            if self.set.is_missing(row) && !rows.contains(&row) {
                rows.push(row);
            }
        }
        rows
    }

    /// Returns the row whose pixels are to be fetched first.
    pub fn wanted_row(&self) -> Option<usize> {
        self.wanted_rows().first().copied()
    }

    /// Returns the pixels of a row, if they were fetched.
    pub fn pixels_of(&self, row: usize) -> Option<Arc<Pixels>> {
        self.set.pixels_of(row)
    }

    /// Takes in the pixels of a row, `[1000]` each.
    pub fn on_pixels_loaded(&mut self, row: usize, flux: Vec<f32>, ivar: Vec<f32>) {
        let serial = self.next_serial();
        let pixels = Arc::new(Pixels { serial, flux, ivar });
        self.set.keep_pixels(row, pixels.clone());
        if self.selecting.on_pixels(row, &pixels) {
            self.ask_uncertainty();
            self.send_noise();
            self.choose_seen_line(row);
        }
        self.outliers.on_pixels(row, &pixels, &self.set, &mut self.explorer);
        self.picks.update_spread(&self.set);
        self.pin_wanted();
    }

    /// Takes in that the pixels of a row could not be had: it is no longer selected.
    pub fn pixels_failed(&mut self, row: usize, sentence: String) {
        if self.selecting.row() == Some(row) {
            self.selecting.clear();
        } else {
            // Lists go without it; a click on it asks again.
            self.set.give_up(row);
        }
        self.picks.drop_from_sample(row);
        self.picks.drop_wanted_pin(row);
        self.pin_wanted();
        self.fail(sentence);
        self.picks.update_spread(&self.set);
    }

    /// Selects a spectrum of the set and moves the sliders to it.
    pub fn select_row(&mut self, row: usize) {
        let Some(embedding) = self.set.embedding().cloned().filter(|embedding| row < embedding.len()) else { return };
        self.set.retry(|other| other == row);
        self.select(Source::Row(row), self.set.pixels_of(row));
        self.move_to(embedding.row(row).to_vec());
        self.ask_uncertainty();
    }

    /// Selects a spectrum of the user's and moves the sliders to it.
    pub fn select_file(&mut self, index: usize) {
        let Some(file) = self.own.files().get(index) else { return };
        let (pixels, latent) = (file.shown_pixels(), file.latent().map(<[f32]>::to_vec));
        self.select(Source::File(index), Some(pixels));
        if let Some(latent) = latent {
            self.move_to(latent);
        }
        self.ask_uncertainty();
    }

    fn select(&mut self, source: Source, pixels: Option<Arc<Pixels>>) {
        self.selecting.select(source, pixels);
        self.noise = None;
        self.decoder.set_band(None);
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

    /// Moves one slider.
    pub fn set_latent(&mut self, index: usize, value: f32) {
        if self.decoder.set_one(index, value) {
            self.pause_path();
            self.decoder.ask(&mut self.explorer);
        }
    }

    /// Moves all sliders; latents of another space, or not finite ones, leave them.
    pub fn move_to(&mut self, latent: Vec<f32>) {
        let fits = self.set.embedding().is_none_or(|embedding| embedding.dims == latent.len());
        if fits && latent.iter().all(|value| value.is_finite()) {
            self.decoder.set(latent);
            self.decoder.ask(&mut self.explorer);
        }
    }

    /// Returns whether what is decoded is not the selected spectrum's: the sliders have left its latents, and those of its newest
    /// draw of noise. Then it is not to be held against the observed flux.
    pub fn is_elsewhere(&self) -> bool {
        let drawn = self.noise.as_ref().and_then(|noise| noise.trail.last());
        self.moved() && !drawn.is_some_and(|draw| are_alike(&draw.mean, self.decoder.latent()))
    }

    /// Returns whether the spectrum panel shows a curve.
    pub fn shows(&self, curve: Curve) -> bool {
        self.spectrum_view.shows(curve, self.is_elsewhere())
    }

    /// Shows a curve in the spectrum panel, or hides it.
    pub fn toggle_curve(&mut self, curve: Curve) {
        let away = self.is_elsewhere();
        self.spectrum_view.toggle(curve, away);
    }

    /// Returns the pixels that observed flux is averaged over; 1 for none.
    pub fn smoothing(&self) -> usize {
        self.spectrum_view.smoothing()
    }

    /// Averages observed flux over so many pixels.
    pub fn smooth(&mut self, pixels: usize) {
        self.spectrum_view.smooth(pixels);
    }

    /// Returns the latents of the selected spectrum.
    pub fn selected_latent(&self) -> Option<Vec<f32>> {
        match self.selecting.source()? {
            Source::Row(row) => {
                let embedding = self.set.embedding().filter(|embedding| row < embedding.len())?;
                Some(embedding.row(row).to_vec())
            }
            Source::File(index) => self.own.files().get(index)?.latent().map(<[f32]>::to_vec),
        }
    }

    /// Returns whether the sliders have left the selected spectrum, by more than the decimals of a link tell apart.
    pub fn moved(&self) -> bool {
        self.selected_latent().is_some_and(|latent| !are_alike(&latent, self.decoder.latent()))
    }

    /// Returns the name of the selected spectrum, once the catalogue is there.
    pub fn selected_id(&self) -> Option<SourceId> {
        match self.selecting.source()? {
            Source::Row(row) => self.id_of(row),
            Source::File(index) => self.own.files().get(index).map(|file| file.id),
        }
    }

    /// Returns the row of the selected spectrum; `None` for one of the user's.
    pub fn selected_row(&self) -> Option<usize> {
        self.selecting.row()
    }

    /// Returns the class of the selected spectrum.
    pub fn selected_class(&self) -> Option<Class> {
        match self.selecting.source()? {
            Source::Row(row) => self.class_of(row),
            Source::File(index) => self.own.files().get(index).map(|file| file.class),
        }
    }

    /// Returns the pixels on screen: the selected spectrum's, with noise added while that is looked at.
    pub fn shown_pixels(&self) -> Option<Arc<Pixels>> {
        let noisy = self.noise.as_ref().and_then(|noise| noise.pixels.clone());
        noisy.or_else(|| self.selecting.pixels().cloned())
    }

    /// Returns the band at the decoded spectrum on screen, `[1000]`.
    pub fn shown_band(&self) -> Option<Arc<Vec<f32>>> {
        self.decoder.shown_band()
    }

    /// Returns the chi-squared per pixel of the decoded spectrum: the mean over unmasked pixels of (flux - decoded)^2 ivar. `None` once
    /// that is not the selected spectrum's.
    pub fn chi2(&self) -> Option<f64> {
        let pixels = self.shown_pixels().filter(|_| !self.is_elsewhere())?;
        plot::chi2(&pixels.flux, &pixels.ivar, &self.decoded()?.flux)
    }

    /// Returns the name of a row, once the catalogue is there.
    pub fn id_of(&self, row: usize) -> Option<SourceId> {
        self.set.id_of(row)
    }

    /// Returns the class of a row.
    pub fn class_of(&self, row: usize) -> Option<Class> {
        self.set.class_of(row)
    }

    /// Returns a value of the catalogue.
    pub fn value_of(&self, row: usize, column: &str) -> Option<f32> {
        self.set.value_of(row, column)
    }

    /// Returns the rows that are stars: by their class, or by what the simulation knows.
    pub fn star_rows(&self) -> Vec<usize> {
        self.set.star_rows()
    }

    /// Selects the spectrum that the link names, once embedding and catalogue are there.
    pub(super) fn find_wanted(&mut self) {
        let Some(dims) = self.set.embedding().map(|embedding| embedding.dims) else { return };
        if self.set.catalogue().is_none() {
            return;
        }
        let Some(id) = self.selecting.take_wanted_id() else { return };
        let Some(row) = self.set.row_of(id) else {
            self.link.selected = None;
            return self.fail(format!("The set has no spectrum {id}: the link's selection was left out."));
        };
        // Latents in the link go before the spectrum's own.
        let linked = self.link.latent.as_ref().filter(|latent| latent.len() == dims);
        let linked = linked.map(|_| self.decoder.latent().to_vec());
        self.select_row(row);
        // The spectrum's own ones come back whole, although a link has them rounded.
        if let Some(latent) = linked.filter(|linked| !are_alike(linked, self.decoder.latent())) {
            self.move_to(latent);
        }
    }

    /// Returns whether the model on screen gives a distribution of latents: what an autoencoder's file calls log variances was never
    /// trained.
    pub fn has_latent_variance(&self) -> bool {
        self.explorer.card().is_none_or(|card| card.config.variational)
    }

    /// Asks how uncertain the spectrum decoded at the selected one is. Where nothing has brought the log variances of its latents,
    /// asks for these first, once its pixels are there.
    pub(super) fn ask_uncertainty(&mut self) {
        let known = self.known_log_var();
        let log_var = self.selecting.know_log_var(known);
        if !self.explorer.can_ask() || !self.has_latent_variance() {
            return;
        }
        if let Some(log_var) = log_var {
            return self.ask_band(log_var);
        }
        let Some(pixels) = self.selecting.pixels() else { return };
        let already = |asked: &Asked| matches!(asked, Asked::Uncertainty(serial) if *serial == pixels.serial);
        if !self.explorer.waits_for(already) {
            // The latents of a set are those of its file, or of the encoder while a model is in training.
            let method = match (self.selecting.source(), self.set.embedding()) {
                (Some(Source::Row(_)), Some(cloud)) => cloud.encoding,
                _ => self.explorer.method(),
            };
            let command = ExploreCommand::Encode { flux: pixels.flux.clone(), ivar: pixels.ivar.clone(), method };
            self.explorer.ask(command, Asked::Uncertainty(pixels.serial));
        }
    }

    /// Returns the log variances of the selected spectrum's latents, as far as they were downloaded or encoded before.
    fn known_log_var(&self) -> Option<Vec<f32>> {
        match self.selecting.source()? {
            Source::Row(row) => self.set.embedding()?.log_var(row).map(<[f32]>::to_vec),
            Source::File(index) => {
                let file = self.own.files().get(index).filter(|file| file.encoded_here)?;
                Some(file.encoding.posterior.log_var.clone())
            }
        }
    }

    fn ask_band(&mut self, log_var: Vec<f32>) {
        let Some(latent) = self.selected_latent() else { return };
        let known = self.decoder.band().is_some_and(|band| band.latent == latent);
        let already = |asked: &Asked| matches!(asked, Asked::Band(other) if *other == latent);
        if !known && !self.explorer.waits_for(already) {
            self.explorer.ask(ExploreCommand::Band { latent: latent.clone(), log_var }, Asked::Band(latent));
        }
    }

    pub(super) fn on_uncertainty(&mut self, serial: u32, encoding: Encoding) {
        if self.has_latent_variance() && self.selecting.on_log_var(serial, encoding.posterior.log_var.clone()) {
            self.ask_band(encoding.posterior.log_var);
        }
    }

    pub(super) fn on_band(&mut self, latent: Vec<f32>, sigma: Vec<f32>) {
        if self.has_latent_variance() && self.selected_latent().as_ref() == Some(&latent) {
            let serial = self.next_serial();
            self.decoder.set_band(Some(Band { serial, latent, sigma: Arc::new(sigma) }));
        }
    }
}

/// Returns whether two latents are the same to the decimals of a link.
fn are_alike(one: &[f32], other: &[f32]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| rounded(*a) == rounded(*b))
}

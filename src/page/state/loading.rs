//! What the server sends when the page opens, the axes and colours of the scatter, and changing the embedding on screen.

use std::sync::Arc;

use super::AppState;
use super::slices::selection::Source;
use crate::formats::set::{Catalogue, LatentSet, Manifest};
use crate::page::axis_choice::{AxisChoice, is_measure};
use crate::page::permalink::Permalink;
use crate::page::view::color_scale::ScaleKind;
use crate::page::view::embedding::Cloud;

impl AppState {
    /// Takes in the manifest.
    pub fn on_manifest_loaded(&mut self, manifest: Manifest) {
        self.set.set_manifest(manifest);
        if let Some(card) = self.explorer.card().cloned()
            && let Err(sentence) = self.check_recipe(&card)
        {
            self.refuse_model(sentence);
        }
        let known = |state: &Self, name: &str| is_measure(name) || state.set.has_column(name);
        if self.link.color != "class" && !known(self, &self.link.color) {
            let color = &self.link.color;
            let problem = format!("The set has no column \u{201c}{color}\u{201d}: points are coloured by class.");
            self.fail(problem);
            self.link.color = "class".to_owned();
        }
        self.check_linked_sky();
        for axis in [self.link.axes.0.clone(), self.link.axes.1.clone()] {
            if let AxisChoice::Column(name) = &axis
                && !known(self, name)
            {
                self.fail(format!("The set has no column \u{201c}{name}\u{201d}: the link's axes were left out."));
                self.replace_axes(Permalink::default().axes);
            }
        }
    }

    /// Shows the usual axes where the link wants a map of the sky and the set says no positions.
    fn check_linked_sky(&mut self) {
        if self.link.axes.0 == AxisChoice::Sky && !self.has_positions() {
            self.fail("The set says no positions on the sky: the link's map was left out.".to_owned());
            self.replace_axes(Permalink::default().axes);
        }
    }

    /// Takes in the latents of the shipped model.
    pub fn on_latents_loaded(&mut self, latents: LatentSet) {
        let serial = self.next_serial();
        let embedding = Arc::new(Cloud::of_set(serial, latents));
        self.set.set_shipped(embedding.clone());
        self.check_linked_axes(&embedding);
        self.set.set_embedding(embedding.clone());
        match self.selecting.take_wanted_latent() {
            Some(latent) if latent.len() == embedding.dims => self.decoder.set(latent),
            Some(latent) => {
                let (found, want) = (latent.len(), embedding.dims);
                self.fail(format!(
                    "The link's place has {found} numbers and the model {want} latents: it was left out."
                ));
            }
            None => {}
        }
        self.drop_hidden_if_all();
        let linked = !self.decoder.latent().is_empty();
        if !linked {
            self.decoder.set(embedding.axes.mean.clone());
            if self.selecting.wanted_id().is_none()
                && let Some(row) = embedding.typical(|_| false)
            {
                self.select_row(row);
                self.selecting.opened_with(row);
            }
        }
        self.open_linked_path(linked);
        self.decoder.ask(&mut self.explorer);
        self.ask_factors_if_shown();
        self.find_wanted();
        self.find_linked_picks();
    }

    /// Leaves out axes of the link that the embedding does not have.
    fn check_linked_axes(&mut self, embedding: &Cloud) {
        for axis in [self.link.axes.0.clone(), self.link.axes.1.clone()] {
            let problem = match &axis {
                AxisChoice::Umap(_) if embedding.umap.is_none() => "The model has no UMAP".to_owned(),
                axis if axis.latents_needed() > embedding.dims => format!("The model has {} latents", embedding.dims),
                _ => continue,
            };
            if self.link.axes != Permalink::default().axes {
                self.fail(format!("{problem}: the link's axis {} was left out.", axis.label()));
            }
            let (x, y) = Permalink::default().axes;
            let axes = (clipped(&x, embedding), clipped(&y, embedding));
            self.replace_axes(axes);
        }
    }

    /// Takes in the catalogue.
    pub fn on_catalogue_loaded(&mut self, catalogue: Catalogue) {
        self.set.set_catalogue(catalogue);
        self.join_catalogues();
        self.find_wanted();
        self.find_linked_picks();
        self.open_with_another_if_odd();
    }

    /// Takes in that the catalogue cannot be had: what it would have coloured and laid out is shown by class and latents.
    pub fn catalogue_failed(&mut self, sentence: String) {
        let usual = Permalink::default();
        let measured = |axis: &AxisChoice| match axis {
            AxisChoice::Column(name) => !is_measure(name),
            axis => *axis == AxisChoice::Sky,
        };
        if !is_measure(&self.link.color) {
            self.link.color = usual.color;
        }
        if measured(&self.link.axes.0) || measured(&self.link.axes.1) {
            self.replace_axes(usual.axes);
        }
        self.fail(sentence);
    }

    /// Takes in that the set or model of the link cannot be had. Returns whether those that this site opens first are to be opened in
    /// their place: not where these are the ones that failed.
    pub fn on_set_failed(&mut self, sentence: String) -> bool {
        self.fail(sentence);
        if self.other_site().is_some() {
            return self.return_to_this_site();
        }
        let usual = Permalink::default();
        let (set, model) = match self.library() {
            Some(library) => (library.opens.set.clone(), library.opens.model.clone()),
            None => (usual.data, usual.model),
        };
        if self.link.data == set && self.link.model == model {
            self.set.give_up_all();
            return false;
        }
        self.link = Permalink { data: set, model, ..self.link.clone() };
        true
    }

    /// The page chose a spectrum to open with before it knew the catalogue: one with something wrong gives way to another, unless
    /// the user has gone on by then.
    fn open_with_another_if_odd(&mut self) {
        let Some(row) = self.selecting.take_opened_with() else { return };
        if self.selecting.row() != Some(row) || !self.set.is_odd(row) || self.moved() {
            return;
        }
        if let Some(other) = self.set.embedding().and_then(|embedding| embedding.typical(|row| self.set.is_odd(row))) {
            self.select_row(other);
        }
    }

    /// Chooses what the scatter shows along x or y. A map of the sky takes both; with any other choice, the other axis is again what it
    /// was before.
    pub fn set_axis(&mut self, vertical: bool, axis: AxisChoice) {
        self.link.zoom = None;
        if axis == AxisChoice::Sky {
            if self.link.axes.0 != AxisChoice::Sky {
                self.axes_before_sky = Some(self.link.axes.clone());
            }
            self.link.axes = (AxisChoice::Sky, AxisChoice::Sky);
            return;
        }
        if self.link.axes.0 == AxisChoice::Sky {
            self.leave_sky();
        }
        if vertical {
            self.link.axes.1 = axis;
        } else {
            self.link.axes.0 = axis;
        }
        self.ask_factors_if_shown();
    }

    /// Shows other axes, all of their range: a part of it was of the axes before.
    fn replace_axes(&mut self, axes: (AxisChoice, AxisChoice)) {
        self.link.axes = axes;
        self.link.zoom = None;
    }

    /// Shows the axes from before the map of the sky, as far as the embedding has them.
    fn leave_sky(&mut self) {
        let before = self.axes_before_sky.take().unwrap_or_else(|| Permalink::default().axes);
        self.link.axes = match self.set.embedding() {
            Some(embedding) => (clipped(&before.0, embedding), clipped(&before.1, embedding)),
            None => before,
        };
    }

    /// Chooses what colours the points.
    pub fn set_color(&mut self, column: String) {
        if self.link.color != column {
            self.link.scale = None;
        }
        self.link.color = column;
        self.ask_factors_if_shown();
    }

    /// Chooses the scale of the colours; `None` leaves it to the page.
    pub fn set_scale(&mut self, scale: Option<ScaleKind>) {
        self.link.scale = scale;
    }

    /// Shows another embedding, and takes sliders and files along. What is missing then is asked for with [`AppState::ask_all`].
    pub(super) fn show(&mut self, embedding: Arc<Cloud>) {
        if self.set.embedding().is_some_and(|old| old.serial == embedding.serial) {
            return;
        }
        self.link.zoom = None;
        self.fit_axes(&embedding);
        self.set.set_embedding(embedding.clone());
        self.forget_model_answers();
        self.own.on_embedding();
        self.decoder.set(match self.selecting.source() {
            Some(Source::Row(row)) if row < embedding.len() => embedding.row(row).to_vec(),
            _ => embedding.axes.mean.clone(),
        });
        // What belonged to the model before is a position in another space.
        self.decoder.forget_flight();
        self.decoder.set_band(None);
        self.noise = None;
        self.selecting.forget_log_var();
        self.picks.on_embedding(&embedding);
        self.outliers.reset();
        self.pca.forget_scores();
        self.follow_path_again();
    }

    /// Keeps the scatter's axes within those that an embedding has.
    fn fit_axes(&mut self, embedding: &Cloud) {
        if embedding.dims > 1
            && let Some(before) = self.axes_of_pairs.take()
        {
            self.link.axes = before;
        }
        if self.link.axes.0 == AxisChoice::Sky {
            return;
        }
        let axes = (clipped(&self.link.axes.0, embedding), clipped(&self.link.axes.1, embedding));
        if embedding.dims > 1 || axes.0 != axes.1 {
            self.link.axes = axes;
            return;
        }
        // One latent against itself is a line: against star formation, or what every catalogue has.
        let other = if self.set.has_column("truth_ssfr") { "truth_ssfr" } else { "redshift" };
        self.axes_of_pairs.get_or_insert_with(|| self.link.axes.clone());
        self.link.axes = (axes.0, AxisChoice::Column(other.to_owned()));
    }
}

/// Returns the same axis, or one that the embedding has.
fn clipped(axis: &AxisChoice, embedding: &Cloud) -> AxisChoice {
    let most = embedding.dims.max(1);
    match axis {
        AxisChoice::Vae(number) => AxisChoice::Vae((*number).min(most)),
        AxisChoice::Latent(number) => AxisChoice::Latent((*number).min(most)),
        AxisChoice::Umap(number) if embedding.umap.is_none() => AxisChoice::Vae((*number).min(most)),
        other => other.clone(),
    }
}

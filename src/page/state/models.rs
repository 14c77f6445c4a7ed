//! Changing from one shipped model to another while the page is open.

use std::sync::Arc;

use super::AppState;
use super::slices::asked::Asked;
use super::slices::explorer::ModelAddress;
use crate::formats::set::LatentSet;
use crate::page::view::embedding::Cloud;
use crate::vae::model_card::ModelCard;

impl AppState {
    /// Wants another shipped model, by its name: the page fetches its latents, then calls [`AppState::model_chosen`].
    pub fn choose_model(&mut self, name: &str) {
        if self.training.training().is_on() {
            self.fail(format!(
                "{name} cannot be opened while a model of yours is in use: go back to the shipped model first."
            ));
            return;
        }
        let set = self.set_name();
        if let Some(library) = self.library()
            && library.pair(&set, name).is_none()
        {
            let names: Vec<&str> = library.models_of(&set).map(|model| model.name.as_str()).collect();
            let sentence = format!("This site has no model {name} for the set {set}: it has {}.", names.join(", "));
            self.fail(sentence);
            return;
        }
        self.wanted_model = (self.link.model != name || self.wanted_model.is_some()).then(|| name.to_owned());
    }

    /// Takes in the latents of a model that was wanted; the explorer is to open its file.
    pub fn model_chosen(&mut self, name: String, file: impl Into<ModelAddress>, latents: LatentSet) {
        if self.wanted_model.take_if(|wanted| *wanted == name).is_none() || self.training.training().is_on() {
            return;
        }
        let count = self.set.embedding().map_or(0, |embedding| embedding.len());
        if latents.len() != count {
            let found = latents.len();
            self.fail(format!("The latents of {name} are of {found} spectra, the set has {count}: it was not opened."));
            return;
        }
        let serial = self.next_serial();
        let embedding = Arc::new(Cloud::of_set(serial, latents));
        self.link.model = name;
        self.set.set_shipped(embedding.clone());
        // Nothing is asked of the model before it is open.
        self.explorer.close_model();
        self.show(embedding);
        self.decoder.want();
        self.reopen_model(file);
    }

    /// Takes in that a model that was wanted cannot be had: the one in use stays.
    pub fn model_failed(&mut self, name: &str, sentence: String) {
        self.wanted_model.take_if(|wanted| wanted == name);
        self.fail(sentence);
    }

    /// Opens another model file than the one that was to be opened first.
    pub fn reopen_model(&mut self, file: impl Into<ModelAddress>) {
        self.explorer.set_model_file(file.into());
        self.explorer.close_model();
        self.explorer.ignore(|asked| matches!(asked, Asked::Model));
        if self.explorer.is_ready() {
            self.explorer.open_model();
        }
    }

    /// Refuses a model that was trained on spectra prepared by another recipe than the set's; the error is a sentence for the user.
    pub(super) fn check_recipe(&self, card: &ModelCard) -> Result<(), String> {
        let Some(manifest) = self.set.manifest() else { return Ok(()) };
        card.check_recipe(&manifest.name, manifest.recipe).map_err(|error| {
            let text = error.to_string();
            format!("{}{}.", text[..1].to_uppercase(), &text[1..])
        })
    }

    /// Takes a model that does not fit the set out of use: nothing is asked of it, and files that wait for it are given back.
    pub(super) fn refuse_model(&mut self, sentence: String) {
        self.explorer.refuse_model();
        self.decoder.forget_flight();
        self.forget_model_answers();
        self.give_up_waiting();
        self.fail(sentence);
    }

    /// Returns the name of the model that decodes, or of the one being opened.
    pub fn model_name(&self) -> String {
        let training = self.training.training();
        match training.is_on() && !training.history.is_empty() {
            true => "your model".to_owned(),
            false => self.link.model.clone(),
        }
    }

    /// Returns whether a shipped model decodes, its latents are on screen, and it is this one.
    pub fn has_model(&self, name: &str) -> bool {
        let opening = self.explorer.waits_for(|asked| matches!(asked, Asked::Model));
        self.explorer.model_is_open() && !opening && self.wanted_model.is_none() && self.model_name() == name
    }
}

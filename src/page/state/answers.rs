//! Routing of the explorer's answers, and asking again when a model is open.

use std::sync::Arc;

use super::slices::asked::Asked;
use super::slices::decoder::Decoded;
use super::slices::seen::Seen;
use super::{AppState, Engine};
use crate::latent::Densities;
use crate::numerics::pca::Pca;
use crate::page::view::measures::Scores;
use crate::protocol::{ExploreEvent, Response, TrainingState};
use crate::vae::linear_head::LinearHead;
use crate::vae::model_card::ModelCard;

impl AppState {
    /// Takes in an answer of the explorer. Answers to requests that newer ones have overtaken are dropped.
    pub fn apply(&mut self, response: Response<ExploreEvent>) {
        let Response { id, event } = response;
        match event {
            ExploreEvent::Ready { engine } => {
                self.explorer.on_ready(engine);
                let (serial, epoch) = (self.next_serial(), self.training.take_lost_epoch());
                match epoch {
                    Some(seen) => self.training.ask_epoch(Seen { serial, ..seen }, &mut self.explorer),
                    None => self.explorer.open_model(),
                }
                self.pca.ask_fit(&mut self.explorer);
            }
            ExploreEvent::ModelOpened { card, head } => self.on_model_opened(id, card, head),
            ExploreEvent::Decoded { latent, flux } => {
                let serial = self.next_serial();
                self.explorer.on_decoded();
                let decoded = Decoded { serial, latent, flux: Arc::new(flux) };
                self.decoder.on_decoded(id, decoded, &mut self.explorer);
            }
            ExploreEvent::Progress(progress) => self.explorer.on_progress(id, progress),
            ExploreEvent::Failed { message } => self.on_failed(id, message),
            event => {
                if let Some(asked) = self.explorer.answered(id) {
                    self.on_answered(id, asked, event);
                }
            }
        }
    }

    /// Takes in that a model is open. One that a newer request has overtaken may have replaced the newer one: that is opened again.
    fn on_model_opened(&mut self, id: u32, card: ModelCard, head: Option<LinearHead>) {
        match self.explorer.answered(id) {
            Some(Asked::EpochLatents { seen, .. }) => {
                self.explorer.on_trained_model_opened(card, head);
                self.decoder.forget_flight();
                self.on_epoch_opened(*seen);
            }
            Some(Asked::Model) => {
                if let Err(sentence) = self.check_recipe(&card) {
                    return self.refuse_model(sentence);
                }
                self.explorer.on_model_opened(card, head);
                self.decoder.forget_flight();
                self.forget_model_answers();
                self.ask_all();
            }
            _ => self.explorer.on_overtaken_model(),
        }
    }

    fn on_answered(&mut self, id: u32, asked: Asked, event: ExploreEvent) {
        match (asked, event) {
            (Asked::File { at, .. }, ExploreEvent::RedshiftWanted { name, file_redshift }) => {
                self.ask_redshift(at, name, file_redshift, false);
            }
            (Asked::File { at, .. }, ExploreEvent::SpectraListed { name, spectra }) => {
                self.offer_rows(at.file, name, spectra);
            }
            (Asked::File { at, given }, event) => self.on_file_encoded(at, given, event),
            (Asked::Simulation(dials), event) => self.on_galaxy_simulated(*dials, event),
            (Asked::Again(serial), ExploreEvent::Encoded(encoding) | ExploreEvent::FileEncoded { encoding, .. }) => {
                self.on_encoded_again(serial, encoding);
            }
            (Asked::Uncertainty(serial), ExploreEvent::Encoded(encoding)) => self.on_uncertainty(serial, encoding),
            (Asked::Band(_), ExploreEvent::Band { latent, sigma }) => self.on_band(latent, sigma),
            (Asked::Nodes(serial), ExploreEvent::DecodedMany { flux }) => {
                if let Some(path) = self.path.as_mut().filter(|path| path.serial == serial) {
                    path.on_decoded(&flux);
                }
            }
            (Asked::Factors(serial), ExploreEvent::OutlierFactors { factor, k_distance, density }) => {
                let dims = self.set.embedding().map_or(0, |embedding| embedding.dims);
                let scores = Scores::new(factor, Densities::new(k_distance, density), dims);
                self.outliers.on_scores(serial, scores, &self.set, &mut self.explorer);
            }
            (Asked::Why(row), ExploreEvent::Explained { reasons, .. }) => self.outliers.on_reasons(row, reasons),
            (Asked::WhyOwn(serial), ExploreEvent::Explained { reasons, .. }) => self.on_own_reasons(serial, reasons),
            (Asked::Scan { .. }, event) => self.on_redshift_scanned(id, event),
            (Asked::Noisy(serial), event) => self.on_noisy_encoded(serial, event),
            (Asked::NoiseCurve(serial), event) => self.on_noise_curve(serial, event),
            (Asked::PcaFit(pixels), ExploreEvent::PcaFitted { mean, components, eigenvalues }) => {
                self.on_pca_fitted(&pixels, Pca { mean, components, eigenvalues });
            }
            (Asked::PcaComparison(serial), ExploreEvent::DecodedMany { flux }) => {
                self.pca.on_decoded(serial, &flux, &self.set);
            }
            (Asked::Draws { round, latents }, ExploreEvent::DecodedMany { flux }) => {
                let (model, sample) = (self.model_name(), self.pca.sample().cloned());
                self.draws.on_decoded(model, round, &latents, &flux, sample.as_deref());
            }
            _ => {}
        }
    }

    /// Takes in that a request has failed. Nothing else changes, and what can be asked again is.
    fn on_failed(&mut self, id: u32, message: String) {
        match self.explorer.answered(id) {
            Some(Asked::File { at, given }) => self.on_file_failed(at, given),
            Some(Asked::Simulation(_)) => self.send_files(),
            Some(Asked::Noisy(serial)) => self.on_noise_failed(serial),
            Some(Asked::Scan { background }) => {
                self.own.on_scan_ended(id, None);
                self.send_files();
                // The spectrum is on screen, and the user did not ask for its trial.
                if background {
                    return;
                }
            }
            Some(Asked::Factors(_)) => self.on_factors_failed(),
            Some(Asked::Model) => self.give_up_waiting(),
            // The user did not ask for these: what they would have added is missing, and that is all.
            Some(Asked::Why(row)) => return self.outliers.on_reasons(row, Vec::new()),
            Some(Asked::WhyOwn(serial)) => return self.on_own_reasons(serial, Vec::new()),
            Some(Asked::Uncertainty(_) | Asked::Band(_) | Asked::Nodes(_) | Asked::PcaComparison(_)) => return,
            Some(Asked::EpochLatents { training, .. }) => {
                self.on_epoch_failed();
                // One that newer ones have overtaken is not missed.
                if training != self.training.request() || self.training.waits_for_explorer() {
                    return;
                }
            }
            Some(Asked::PcaFit(_)) => return self.sample_failed(message),
            Some(Asked::Again(_) | Asked::NoiseCurve(_) | Asked::Draws { .. }) => {}
            None if self.decoder.on_failed(id, &mut self.explorer) || id == 0 => {}
            // Overtaken, or of a model that is gone.
            None => return,
        }
        self.fail(message);
    }

    /// Asks the model on screen for all that is not there yet.
    pub(super) fn ask_all(&mut self) {
        self.decoder.ask(&mut self.explorer);
        self.send_files();
        self.own.encode_again(&mut self.explorer);
        self.ask_uncertainty();
        self.ask_nodes();
        self.ask_factors_if_shown();
        self.outliers.ask_reasons(&self.set, &mut self.explorer);
        self.send_noise();
        self.ask_pca_comparison();
    }

    /// Forgets what was asked of another model than the one on screen.
    pub(super) fn forget_model_answers(&mut self) {
        let overtaken = self.explorer.forget(Asked::is_of_model);
        if let Some(noise) = self.noise.as_mut().filter(|noise| overtaken.iter().any(|serial| noise.is(*serial))) {
            noise.on_overtaken();
        }
    }

    /// Takes in that an explorer that worked has stopped, or does not answer any more: another is started, unless that stops again and
    /// again. What was on its way through it is lost.
    pub fn explorer_stopped(&mut self, sentence: String) {
        if matches!(self.explorer.engine(), Engine::Dead(_)) {
            return;
        }
        let epoch = self.explorer.asked_epoch().cloned();
        self.explorer_died(sentence.clone());
        if !self.explorer.start_again() {
            return;
        }
        self.notices.replace(&sentence, "The engine stopped and was started again: ask anew for what is missing.");
        self.training.lose_epoch(epoch);
        if self.training.explores_own() && !self.trainer.is_ready() {
            // Nobody has its model any more.
            self.on_training_state(TrainingState::Idle);
        }
    }

    /// Takes in that there is no explorer.
    pub fn explorer_died(&mut self, sentence: String) {
        if !self.explorer.on_died(sentence.clone()) {
            return;
        }
        self.decoder.forget_flight();
        self.own.on_explorer_died();
        self.noise.take_if(|noise| !noise.on_explorer_died());
        if self.outliers.factor().is_none() {
            self.on_factors_failed();
        }
        self.outliers.on_explorer_died();
        if self.pca.on_explorer_died() {
            self.draws.want(false);
        }
        self.training.on_epoch_failed();
        self.fail(sentence);
    }

    /// Returns whether the explorer works; reports what cannot be done without it.
    pub(super) fn explorer_works(&mut self, otherwise: &str) -> bool {
        let Engine::Dead(why) = self.explorer.engine() else { return true };
        let sentence = format!("{otherwise} without the engine. {why}");
        self.fail(sentence);
        false
    }
}

//! The explorer's answers.

use std::sync::Arc;

use super::{AppState, Asked, Decoded, Engine};
use crate::numerics::pca::Pca;
use crate::protocol::{ExploreEvent, Response};
use crate::vae::model_card::ModelCard;

impl AppState {
    /// Takes in an answer of the explorer. Answers to requests that newer ones have overtaken are dropped.
    pub fn apply(&mut self, response: Response<ExploreEvent>) {
        let Response { id, event } = response;
        match event {
            ExploreEvent::Ready { engine } => {
                self.engine = Engine::Ready(engine);
                self.opened_files.on_explorer_lost();
                self.ask_model();
                self.ask_pca_fit();
            }
            ExploreEvent::ModelOpened { card } => self.model_opened(id, card),
            ExploreEvent::Decoded { latent, flux } => self.on_decoded(id, latent, flux),
            ExploreEvent::Progress(progress) => {
                if self.asked.contains_key(&id) {
                    self.progress = Some((id, progress));
                }
            }
            ExploreEvent::Failed { message } => self.failed(id, message),
            event => {
                let Some(asked) = self.asked.remove(&id) else { return };
                self.progress.take_if(|(request, _)| *request == id);
                self.answered(id, asked, event);
                self.count_waiting();
            }
        }
    }

    /// The model is in use. One that a newer request has overtaken may have put itself in the newer one's place: that one is opened
    /// again.
    fn model_opened(&mut self, id: u32, card: ModelCard) {
        let asked = self.asked.remove(&id);
        if let Some(Asked::EpochLatents { seen, .. }) = asked {
            self.card = Some(Arc::new(card));
            self.decode_in_flight = None;
            return self.epoch_model_opened(*seen);
        }
        if !matches!(asked, Some(Asked::Model)) {
            if std::mem::take(&mut self.model_open) {
                self.model_asked = false;
                self.ask_model();
            }
            return;
        }
        if let Err(sentence) = self.check_recipe(&card) {
            return self.refuse_model(sentence);
        }
        self.model_open = true;
        self.card = Some(Arc::new(card));
        self.decode_in_flight = None;
        self.forget_asked();
        self.ask_all();
    }

    /// An answer to something that was asked for by name.
    fn answered(&mut self, id: u32, asked: Asked, event: ExploreEvent) {
        match (asked, event) {
            (Asked::File { file, .. }, ExploreEvent::RedshiftWanted { .. }) => self.redshift_is_wanted(file),
            (Asked::File { file, .. }, event) => self.on_file_encoded(file, event),
            (Asked::Simulation(dials), event) => self.on_galaxy_simulated(*dials, event),
            (Asked::Again(serial), ExploreEvent::Encoded(encoding) | ExploreEvent::FileEncoded { encoding, .. }) => {
                self.file_moved(serial, encoding)
            }
            (Asked::Uncertainty(serial), ExploreEvent::Encoded(encoding)) => self.on_uncertainty(serial, encoding),
            (Asked::Band(_), ExploreEvent::Band { latent, sigma }) => self.on_band(latent, sigma),
            (Asked::Nodes(serial), ExploreEvent::DecodedMany { flux }) => self.on_nodes_decoded(serial, flux),
            (Asked::Factors(serial), ExploreEvent::OutlierFactors { factor }) => {
                self.on_outlier_factors(serial, factor)
            }
            (Asked::Why(row), ExploreEvent::Explained { reasons, .. }) => self.on_reasons(row, reasons),
            (Asked::Scan, event) => self.on_redshift_scanned(id, event),
            (Asked::Noisy(serial), event) => self.on_noisy_encoded(serial, event),
            (Asked::NoiseCurve(serial), event) => self.on_noise_curve(serial, event),
            (Asked::PcaFit(pixels), ExploreEvent::PcaFitted { mean, components, eigenvalues }) => {
                self.on_pca_fitted(&pixels, Pca { mean, components, eigenvalues });
            }
            (Asked::PcaComparison(serial), ExploreEvent::DecodedMany { flux }) => self.on_sample_decoded(serial, &flux),
            (Asked::Draws { round, latents }, ExploreEvent::DecodedMany { flux }) => {
                self.on_draws_decoded(round, &latents, &flux)
            }
            _ => {}
        }
    }

    fn on_decoded(&mut self, id: u32, latent: Vec<f32>, flux: Vec<f32>) {
        if self.decode_in_flight != Some(id) {
            return;
        }
        self.decode_in_flight = None;
        let serial = self.next_serial();
        self.decoded = Some(Decoded { serial, latent, flux: Arc::new(flux) });
        self.send_decode();
    }

    /// Whatever was waited for is not waited for any longer. Nothing else changes, and what can be asked again is.
    fn failed(&mut self, id: u32, message: String) {
        self.progress.take_if(|(request, _)| *request == id);
        match self.asked.remove(&id) {
            Some(Asked::File { file, redshift }) => self.file_failed(file, redshift),
            Some(Asked::Simulation(_)) => self.send_files(),
            Some(Asked::Noisy(serial)) => self.noise_failed(serial),
            Some(Asked::Scan) => self.scan_ended(id, None),
            Some(Asked::Factors(_)) => self.factors_failed(),
            Some(Asked::Model) => self.give_up_waiting(),
            // Nobody asked for these in so many words: what they would have added is not there, and that is all.
            Some(Asked::Why(row)) => return self.on_reasons(row, Vec::new()),
            Some(Asked::Uncertainty(_) | Asked::Band(_) | Asked::Nodes(_) | Asked::PcaComparison(_)) => return,
            Some(Asked::EpochLatents { training, .. }) => {
                self.epoch_latents_failed();
                // One that newer ones have overtaken is not missed.
                if training != self.training_request || self.epoch_model_asked.is_some() {
                    return;
                }
            }
            Some(Asked::PcaFit(_)) => return self.sample_failed(message),
            Some(Asked::Again(_) | Asked::NoiseCurve(_) | Asked::Draws { .. }) => {}
            None if self.decode_in_flight == Some(id) => {
                self.decode_in_flight = None;
                self.send_decode();
            }
            None if id == 0 => {}
            // Overtaken, or of a model that is gone.
            None => return,
        }
        self.count_waiting();
        self.fail(message);
    }
}

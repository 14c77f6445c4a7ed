//! The engine's answers.

use std::sync::Arc;

use super::own::UnknownRedshift;
use super::{AppState, Asked, Decoded, Engine, Progress};
use crate::protocol::{Event, Response};

impl AppState {
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
                self.ask_uncertainty();
                self.ask_nodes();
                self.ask_factors_if_shown();
            }
            Event::Decoded { latent, flux } => self.decoded_came(id, latent, flux),
            Event::Progress { what, done, total, unit } => {
                let progress = Progress { what, done, total, unit };
                if self.asked.contains_key(&id) {
                    self.progress = Some((id, progress));
                } else {
                    self.training.progress = Some(progress);
                }
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
            Event::Failed { message } => self.failed(id, message),
            event => {
                if let Some(asked) = self.asked.remove(&id) {
                    self.answered(asked, event);
                }
            }
        }
    }

    /// An answer to something that was asked for by name.
    fn answered(&mut self, asked: Asked, event: Event) {
        if matches!(asked, Asked::File { .. } | Asked::Make(_)) {
            self.files_waiting = self.files_waiting.saturating_sub(1);
        }
        match (asked, event) {
            (Asked::File { bytes, .. }, Event::RedshiftWanted { name }) => {
                self.redshift_wanted.push(UnknownRedshift { name, bytes });
            }
            (Asked::File { bytes, .. }, event) => self.file_came(bytes, event),
            (Asked::Make(dials), event) => self.galaxy_came(*dials, event),
            (Asked::Again(index), Event::Encoded(encoding)) => self.file_moved(index, encoding),
            (Asked::Uncertainty(serial), Event::Encoded(encoding)) => self.uncertainty_came(serial, encoding),
            (Asked::Band(serial), Event::Band { latent, sigma }) => self.band_came(serial, latent, sigma),
            (Asked::Nodes(serial), Event::DecodedMany { flux }) => self.nodes_came(serial, flux),
            (Asked::Factors(serial), Event::OutlierFactors { factor }) => self.factors_came(serial, factor),
            (Asked::Why(row), Event::Explained { reasons, .. }) => self.reasons_came(row, reasons),
            (Asked::Scan(index), event) => self.scan_came(index, event),
            (Asked::Noisy(serial), event) => self.noisy_came(serial, event),
            (Asked::NoiseCurve(serial), event) => self.noise_curve_came(serial, event),
            _ => {}
        }
    }

    fn decoded_came(&mut self, id: u32, latent: Vec<f32>, flux: Vec<f32>) {
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

    fn failed(&mut self, id: u32, message: String) {
        if self.progress.as_ref().is_some_and(|(request, _)| *request == id) {
            self.progress = None;
        }
        match self.asked.remove(&id) {
            Some(Asked::File { .. } | Asked::Make(_)) => self.files_waiting = self.files_waiting.saturating_sub(1),
            Some(Asked::Noisy(_)) => self.noise_failed(),
            Some(Asked::Scan(index)) => {
                if let Some(file) = self.files.get_mut(index) {
                    file.scan = None;
                }
            }
            // Nobody asked for these in so many words: what they would have added is not there, and that is all.
            Some(Asked::Uncertainty(_) | Asked::Band(_) | Asked::Nodes(_)) => return,
            _ => {}
        }
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

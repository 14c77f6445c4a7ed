//! What is asked of the explorer, and which answers the page still waits for.

use std::sync::Arc;

use super::pca::SamplePixels;
use super::{AppState, Engine, Seen};
use crate::protocol::{ExploreCommand, Request};
use crate::simulator::GalaxyDials;

/// What an answer is waited for, by the request's number. Decoding where the sliders are is followed apart.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    /// A model is opened.
    Model,
    /// The model in training is to decode, that of the training with this request.
    EpochLatents { training: u32, seen: Box<Seen> },
    /// A file is read and encoded; its redshift where the user gave one.
    File { file: u32, redshift: Option<f64> },
    /// A galaxy is simulated.
    Simulation(Box<GalaxyDials>),
    /// A spectrum of the user's is encoded again, by another model; by its pixels' serial.
    Again(u32),
    /// The selected spectrum is encoded, to know how uncertain its latents are; by the pixels' serial.
    Uncertainty(u32),
    /// The band at one latent position.
    Band(Vec<f32>),
    /// The nodes of a path are decoded; by its serial.
    Nodes(u32),
    /// The outlier factors of a cloud; by its serial.
    Factors(u32),
    /// Why a row is odd.
    Why(usize),
    /// The redshift of a file by trial; the file knows the request's number.
    Scan,
    /// The selected spectrum with noise added; by the noise's serial.
    Noisy(u32),
    /// Figure 17 of the selected spectrum; by the pixels' serial.
    NoiseCurve(u32),
    /// Principal components are fitted to some of the set's spectra.
    PcaFit(Arc<SamplePixels>),
    /// The sample's spectra by the model, to compare with PCA; by the cloud's serial.
    PcaComparison(u32),
    /// Random latent positions are decoded.
    Draws { round: u64, latents: Vec<f32> },
}

impl AppState {
    /// Asks the model on screen for all that is not there yet.
    pub(super) fn ask_all(&mut self) {
        self.ask_decode();
        self.send_files();
        self.encode_files_again();
        self.ask_uncertainty();
        self.ask_nodes();
        self.ask_factors_if_shown();
        self.ask_reasons();
        self.send_noise();
        self.ask_pca_comparison();
    }

    /// Forgets what was asked of a model that is not the one on screen any longer, or not yet: its answers would be positions in
    /// another latent space.
    pub(super) fn forget_asked(&mut self) {
        let of_model = |asked: &Asked| {
            let kept = matches!(
                asked,
                Asked::Model
                    | Asked::EpochLatents { .. }
                    | Asked::File { .. }
                    | Asked::Simulation(_)
                    | Asked::Scan
                    | Asked::PcaFit(_)
            );
            !kept
        };
        let gone: Vec<u32> = self.asked.iter().filter(|(_, asked)| of_model(asked)).map(|(id, _)| *id).collect();
        self.forget(&gone);
    }

    /// The answers to these requests are not wanted any longer.
    pub(super) fn forget(&mut self, requests: &[u32]) {
        for request in requests {
            let Some(asked) = self.asked.remove(request) else { continue };
            self.progress.take_if(|(id, _)| id == request);
            match asked {
                Asked::Nodes(_)
                | Asked::Factors(_)
                | Asked::NoiseCurve(_)
                | Asked::Scan
                | Asked::PcaComparison(_)
                | Asked::Draws { .. } => {
                    self.ask(ExploreCommand::Cancel { request: *request });
                }
                Asked::Noisy(serial) => self.noise_overtaken(serial),
                _ => {}
            }
        }
    }

    pub(super) fn ask_model(&mut self) {
        if !self.model_asked && !self.model_url.is_empty() {
            self.model_asked = true;
            let url = self.model_url.clone();
            self.ask_for(ExploreCommand::OpenModel { url }, Asked::Model);
        }
    }

    pub(super) fn ask_decode(&mut self) {
        if !self.latent.is_empty() {
            self.wanted_decode = Some(self.latent.clone());
        }
        self.send_decode();
    }

    /// One decode is under way at a time; what is wanted meanwhile is the newest position only.
    pub(super) fn send_decode(&mut self) {
        if !self.model_open || self.decode_in_flight.is_some() {
            return;
        }
        if let Some(latent) = self.wanted_decode.take() {
            self.decode_in_flight = Some(self.ask(ExploreCommand::Decode { latent }));
        }
    }

    pub(super) fn ask(&mut self, command: ExploreCommand) -> u32 {
        self.last_id += 1;
        self.outbox.push(Request { id: self.last_id, command });
        self.last_id
    }

    pub(super) fn ask_for(&mut self, command: ExploreCommand, asked: Asked) -> u32 {
        let id = self.ask(command);
        self.asked.insert(id, asked);
        id
    }

    /// Asks something about a file, which the explorer is sent first where it does not have it.
    pub(super) fn ask_of_file(&mut self, file: u32, command: ExploreCommand, asked: Asked) -> u32 {
        if let Some(open) = self.opened_files.open(file) {
            self.ask(open);
        }
        self.ask_for(command, asked)
    }

    /// Whether the model on screen can be asked something.
    pub(super) fn can_ask(&self) -> bool {
        self.model_open && matches!(self.engine, Engine::Ready(_))
    }
}

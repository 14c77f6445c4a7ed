//! What the explorer is asked, so that its answers find their way.

use std::sync::Arc;

use super::own_file::{FileRow, GivenRedshift};
use super::sample_pixels::SamplePixels;
use super::seen::Seen;
use crate::simulator::GalaxyDials;

/// What an answer is waited for. Decoding where the sliders are is followed by the decoder itself.
#[derive(Debug, Clone)]
pub enum Asked {
    /// A model is opened.
    Model,
    /// The model in training is to decode, that of the training with this request.
    EpochLatents { training: u32, seen: Box<Seen> },
    /// A spectrum of a file is encoded, at the redshift that was given.
    File { at: FileRow, given: Option<GivenRedshift> },
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
    /// The outlier factors of an embedding; by its serial.
    Factors(u32),
    /// Why a row is odd.
    Why(usize),
    /// Why a spectrum of the user's is odd; by its pixels' serial.
    WhyOwn(u32),
    /// The redshift of a file by trial; the file knows the request's number. One in the background was not asked for by the user.
    Scan { background: bool },
    /// The selected spectrum with noise added; by the noise's serial.
    Noisy(u32),
    /// Figure 17 of the selected spectrum; by the pixels' serial.
    NoiseCurve(u32),
    /// Principal components are fitted to some of the set's spectra.
    PcaFit(Arc<SamplePixels>),
    /// The sample's spectra by the model, to compare with PCA; by the embedding's serial.
    PcaComparison(u32),
    /// Random latent positions are decoded.
    Draws { round: u64, latents: Vec<f32> },
}

impl Asked {
    /// Returns whether the answer belongs to the model that was open when it was asked for: that of another one would be a position in
    /// another latent space.
    pub fn is_of_model(&self) -> bool {
        !matches!(
            self,
            Asked::Model
                | Asked::EpochLatents { .. }
                | Asked::File { .. }
                | Asked::Simulation(_)
                | Asked::Scan { .. }
                | Asked::PcaFit(_)
        )
    }

    /// Returns whether it is a long job, which is cancelled where its answer is not wanted any longer.
    pub fn is_long(&self) -> bool {
        matches!(
            self,
            Asked::Nodes(_)
                | Asked::Factors(_)
                | Asked::NoiseCurve(_)
                | Asked::Scan { .. }
                | Asked::PcaComparison(_)
                | Asked::Draws { .. }
        )
    }
}

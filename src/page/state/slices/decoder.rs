//! The sliders and what is decoded at their latents.

use std::sync::Arc;

use super::explorer::Explorer;
use crate::protocol::ExploreCommand;

/// A decoded spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Tells answers apart without comparing them.
    pub serial: u32,
    /// `[d]` the latents.
    pub latent: Vec<f32>,
    /// `[1000]` normalised flux.
    pub flux: Arc<Vec<f32>>,
}

/// The uncertainty of the spectrum decoded at one position.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Tells bands apart without comparing them.
    pub serial: u32,
    /// `[d]` the latents.
    pub latent: Vec<f32>,
    /// `[1000]` one standard deviation, by the latent variance.
    pub sigma: Arc<Vec<f32>>,
}

/// The sliders and what is decoded there.
#[derive(Debug, Clone, Default)]
pub struct Decoder {
    latent: Vec<f32>,
    decoded: Option<Decoded>,
    band: Option<Band>,
    wanted: Option<Vec<f32>>,
    in_flight: Option<u32>,
}

impl Decoder {
    /// Returns the values of the sliders, `[d]`; empty until a set is open.
    pub fn latent(&self) -> &[f32] {
        &self.latent
    }

    /// Returns the newest decoded spectrum: at the sliders, or just behind them.
    pub fn decoded(&self) -> Option<&Decoded> {
        self.decoded.as_ref()
    }

    /// Returns the newest band.
    pub fn band(&self) -> Option<&Band> {
        self.band.as_ref()
    }

    /// Returns the band at the decoded spectrum.
    pub fn shown_band(&self) -> Option<Arc<Vec<f32>>> {
        let (band, decoded) = (self.band.as_ref()?, self.decoded.as_ref()?);
        (band.latent == decoded.latent).then(|| band.sigma.clone())
    }

    /// Moves the sliders without decoding.
    pub fn set(&mut self, latent: Vec<f32>) {
        self.latent = latent;
    }

    /// Moves one slider, and returns whether that changed it.
    pub fn set_one(&mut self, index: usize, value: f32) -> bool {
        let changes = value.is_finite() && self.latent.get(index).is_some_and(|old| *old != value);
        if changes {
            self.latent[index] = value;
        }
        changes
    }

    /// Wants the spectrum at the sliders.
    pub fn want(&mut self) {
        self.wanted = Some(self.latent.clone());
    }

    /// Asks for the spectrum at the sliders.
    pub fn ask(&mut self, explorer: &mut Explorer) {
        if !self.latent.is_empty() {
            self.want();
        }
        self.send(explorer);
    }

    /// Sends what is wanted. One decode is in progress at a time; what is wanted meanwhile is the newest position only.
    pub fn send(&mut self, explorer: &mut Explorer) {
        if !explorer.model_is_open() || self.in_flight.is_some() {
            return;
        }
        if let Some(latent) = self.wanted.take() {
            self.in_flight = Some(explorer.send(ExploreCommand::Decode { latent }));
        }
    }

    /// Takes in a decoded spectrum, unless its request was overtaken, and sends what is wanted by now.
    pub fn on_decoded(&mut self, id: u32, decoded: Decoded, explorer: &mut Explorer) {
        if self.in_flight == Some(id) {
            self.in_flight = None;
            self.decoded = Some(decoded);
            self.send(explorer);
        }
    }

    /// Takes in that a decode failed, and sends what is wanted by now. Returns whether it was the one in progress.
    pub fn on_failed(&mut self, id: u32, explorer: &mut Explorer) -> bool {
        let was_in_flight = self.in_flight == Some(id);
        if was_in_flight {
            self.in_flight = None;
            self.send(explorer);
        }
        was_in_flight
    }

    /// Stops waiting for the decode in progress: another model is in use, or none.
    pub fn forget_flight(&mut self) {
        self.in_flight = None;
    }

    /// Sets the band.
    pub fn set_band(&mut self, band: Option<Band>) {
        self.band = band;
    }
}

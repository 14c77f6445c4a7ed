//! Noise added to the selected spectrum, and figure 17 of it.

use std::sync::Arc;

use super::spectra::Pixels;
use super::{AppState, Asked};
use crate::protocol::{ExploreCommand, ExploreEvent};

/// The selected spectrum with noise added.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Noise {
    /// Median signal-to-noise a pixel.
    pub snr: f32,
    /// Its pixels, once the engine has made them.
    pub pixels: Option<Arc<Pixels>>,
    /// Where each draw of noise has put the spectrum, newest last.
    pub trail: Vec<NoisePoint>,
    /// Figure 17 of this spectrum, once asked for.
    pub curve: Option<NoiseRatios>,
    /// Draws asked for, the seed of the next.
    draws: u64,
    serial: u32,
    in_flight: bool,
    /// Level of the draw under way.
    drawing: f32,
    wanted: Option<f32>,
}

/// Figure 17 of one spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct NoiseRatios {
    /// `[levels]` median signal-to-noise a pixel of the grid.
    pub snr: Arc<Vec<f32>>,
    /// `[levels * d]` variance of the latent means over the latent variance.
    pub variance_ratio: Arc<Vec<f32>>,
}

/// One draw of noise.
#[derive(Debug, Clone, PartialEq)]
pub struct NoisePoint {
    /// The level asked for.
    pub level: f32,
    /// The signal-to-noise that it came to.
    pub snr: f32,
    /// `[d]` latent means.
    pub mean: Vec<f32>,
    /// `[d]` log variances.
    pub log_var: Vec<f32>,
}

/// Draws of noise that stay on the scatter.
const TRAIL: usize = 60;

impl AppState {
    /// Shows the selected spectrum at another signal-to-noise; each call draws noise anew.
    pub fn add_noise(&mut self, snr: f32) {
        if self.selection.is_none() || !snr.is_finite() {
            return;
        }
        self.pause_path();
        let noise = self.noise_on();
        noise.snr = snr;
        noise.wanted = Some(snr);
        self.send_noise();
    }

    /// One draw is under way at a time; what is wanted meanwhile is the newest level only.
    pub(super) fn send_noise(&mut self) {
        if !self.can_ask() {
            return;
        }
        let Some(pixels) = self.selection.as_ref().and_then(|selection| selection.pixels.clone()) else { return };
        let Some(noise) = self.noise.as_mut().filter(|noise| !noise.in_flight) else { return };
        let Some(snr) = noise.wanted.take() else { return };
        noise.in_flight = true;
        noise.drawing = snr;
        noise.draws += 1;
        let (seed, serial) = (noise.draws, noise.serial);
        let command = ExploreCommand::Degrade { flux: pixels.flux.clone(), ivar: pixels.ivar.clone(), snr, seed };
        self.ask_for(command, Asked::Noisy(serial));
    }

    /// Follows the selected spectrum through all levels of noise: figure 17.
    pub fn ask_noise_curve(&mut self) {
        if !self.can_ask() || self.noise_curve_under_way() {
            return;
        }
        let Some(pixels) = self.selection.as_ref().and_then(|selection| selection.pixels.clone()) else { return };
        let command = ExploreCommand::NoiseCurve { flux: pixels.flux.clone(), ivar: pixels.ivar.clone(), seed: 1 };
        self.ask_for(command, Asked::NoiseCurve(pixels.serial));
    }

    /// Whether figure 17 is being computed.
    pub fn noise_curve_under_way(&self) -> bool {
        self.asked.values().any(|asked| matches!(asked, Asked::NoiseCurve(_)))
    }

    pub(super) fn on_noisy_encoded(&mut self, serial: u32, event: ExploreEvent) {
        let ExploreEvent::Degraded { snr, flux, ivar, encoding } = event else { return };
        let new_serial = self.next_serial();
        let Some(noise) = self.noise.as_mut().filter(|noise| noise.serial == serial) else { return };
        noise.in_flight = false;
        let level = noise.drawing;
        noise.pixels = Some(Arc::new(Pixels { serial: new_serial, flux, ivar }));
        if noise.trail.len() >= TRAIL {
            noise.trail.remove(0);
        }
        noise.trail.push(NoisePoint { level, snr, mean: encoding.mean.clone(), log_var: encoding.log_var });
        self.move_to(encoding.mean);
        self.send_noise();
    }

    pub(super) fn on_noise_curve(&mut self, serial: u32, event: ExploreEvent) {
        let ExploreEvent::NoiseCurve { snr, variance_ratio, .. } = event else { return };
        if self.selected_serial() == Some(serial) {
            let noise = self.noise_on();
            noise.curve = Some(NoiseRatios { snr: Arc::new(snr), variance_ratio: Arc::new(variance_ratio) });
        }
    }

    /// Noise that could not be added is not waited for any longer; another level that is wanted meanwhile is tried.
    pub(super) fn noise_failed(&mut self, serial: u32) {
        if let Some(noise) = self.noise.as_mut().filter(|noise| noise.serial == serial) {
            noise.in_flight = false;
            self.send_noise();
        }
    }

    /// A draw whose answer is not wanted any longer; another one is, once the model can be asked again.
    pub(super) fn noise_overtaken(&mut self, serial: u32) {
        if let Some(noise) = self.noise.as_mut().filter(|noise| noise.serial == serial) {
            noise.in_flight = false;
            noise.wanted.get_or_insert(noise.snr);
        }
    }

    /// The engine is gone: what noise has done so far stays.
    pub(super) fn noise_died(&mut self) {
        if let Some(noise) = &mut self.noise {
            (noise.in_flight, noise.wanted) = (false, None);
        }
        self.noise.take_if(|noise| noise.pixels.is_none() && noise.curve.is_none());
    }

    /// Figure 17 of a spectrum that is not selected any longer is not computed to its end.
    pub(super) fn forget_noise_curve(&mut self) {
        let curves = self.asked.iter().filter(|(_, asked)| matches!(asked, Asked::NoiseCurve(_))).map(|(id, _)| *id);
        let curves: Vec<u32> = curves.collect();
        self.forget(&curves);
    }

    fn noise_on(&mut self) -> &mut Noise {
        let serial = self.next_serial();
        self.noise.get_or_insert_with(|| Noise { serial, ..Noise::default() })
    }

    fn selected_serial(&self) -> Option<u32> {
        Some(self.selection.as_ref()?.pixels.as_ref()?.serial)
    }
}

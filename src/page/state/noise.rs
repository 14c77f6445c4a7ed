//! Noise added to the selected spectrum, and figure 17 of it.

use std::sync::Arc;

use super::AppState;
use super::slices::asked::Asked;
use super::slices::noise::{Noise, NoiseDraw, NoiseRatios};
use super::slices::spectrum_set::Pixels;
use crate::protocol::{ExploreCommand, ExploreEvent};

impl AppState {
    /// Shows the selected spectrum at another signal-to-noise; each call draws the noise again.
    pub fn add_noise(&mut self, snr: f32) {
        if self.selecting.current().is_none() || !snr.is_finite() {
            return;
        }
        self.pause_path();
        self.noise_or_new().want(snr);
        self.send_noise();
    }

    /// Asks for the draw of noise that is wanted.
    pub(super) fn send_noise(&mut self) {
        let Some(pixels) = self.selecting.pixels().filter(|_| self.explorer.can_ask()) else { return };
        let Some(NoiseDraw { snr, seed, serial }) = self.noise.as_mut().and_then(Noise::take_wanted) else { return };
        let (flux, ivar, method) = (pixels.flux.clone(), pixels.ivar.clone(), self.explorer.method());
        let command = ExploreCommand::Degrade { flux, ivar, snr, seed, method };
        self.explorer.ask(command, Asked::Noisy(serial));
    }

    /// Follows the selected spectrum through all levels of noise: figure 17.
    pub fn ask_noise_curve(&mut self) {
        if !self.explorer.can_ask() || !self.has_latent_variance() || self.noise_curve_under_way() {
            return;
        }
        let Some(pixels) = self.selecting.pixels() else { return };
        let command = ExploreCommand::NoiseCurve { flux: pixels.flux.clone(), ivar: pixels.ivar.clone(), seed: 1 };
        self.explorer.ask(command, Asked::NoiseCurve(pixels.serial));
    }

    /// Returns whether figure 17 is being computed.
    pub fn noise_curve_under_way(&self) -> bool {
        self.explorer.waits_for(|asked| matches!(asked, Asked::NoiseCurve(_)))
    }

    pub(super) fn on_noisy_encoded(&mut self, serial: u32, event: ExploreEvent) {
        let ExploreEvent::Degraded { snr, flux, ivar, encoding } = event else { return };
        let pixels = Pixels { serial: self.next_serial(), flux, ivar };
        let variational = self.has_latent_variance();
        let Some(noise) = self.noise.as_mut().filter(|noise| noise.is(serial)) else { return };
        let log_var = if variational { encoding.posterior.log_var } else { Vec::new() };
        noise.on_drawn(pixels, snr, encoding.posterior.mean.clone(), log_var);
        self.move_to(encoding.posterior.mean);
        self.send_noise();
    }

    pub(super) fn on_noise_curve(&mut self, serial: u32, event: ExploreEvent) {
        let ExploreEvent::NoiseCurve { snr, variance_ratio, .. } = event else { return };
        if self.selecting.pixels().is_some_and(|pixels| pixels.serial == serial) {
            let curve = NoiseRatios { snr: Arc::new(snr), variance_ratio: Arc::new(variance_ratio) };
            self.noise_or_new().set_curve(curve);
        }
    }

    /// Takes in that a draw has failed; another level that is wanted meanwhile is tried.
    pub(super) fn on_noise_failed(&mut self, serial: u32) {
        if let Some(noise) = self.noise.as_mut().filter(|noise| noise.is(serial)) {
            noise.on_failed();
            self.send_noise();
        }
    }

    /// Stops computing figure 17 of a spectrum that is not selected any longer.
    pub(super) fn forget_noise_curve(&mut self) {
        self.explorer.forget(|asked| matches!(asked, Asked::NoiseCurve(_)));
    }

    fn noise_or_new(&mut self) -> &mut Noise {
        let serial = self.next_serial();
        self.noise.get_or_insert_with(|| Noise::new(serial))
    }
}

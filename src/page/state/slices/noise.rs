//! The selected spectrum with noise added.

use std::sync::Arc;

use super::spectrum_set::Pixels;

/// The selected spectrum with noise added.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Noise {
    /// Median signal-to-noise a pixel.
    pub snr: f32,
    /// The noisy pixels, once drawn.
    pub pixels: Option<Arc<Pixels>>,
    /// Where each draw of noise has put the spectrum, newest last.
    pub trail: Vec<NoisePoint>,
    /// Figure 17 of this spectrum, once asked for.
    pub curve: Option<NoiseRatios>,
    /// Draws asked for, the seed of the next.
    draws: u64,
    serial: u32,
    in_flight: bool,
    /// Level of the draw in progress.
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
    /// The signal-to-noise that resulted.
    pub snr: f32,
    /// `[d]` latent means.
    pub mean: Vec<f32>,
    /// `[d]` log variances.
    pub log_var: Vec<f32>,
}

/// A draw to ask for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NoiseDraw {
    /// Median signal-to-noise a pixel.
    pub snr: f32,
    /// Seed of the draw.
    pub seed: u64,
    /// Serial of the noise.
    pub serial: u32,
}

/// Draws of noise that stay on the scatter.
const TRAIL: usize = 60;

impl Noise {
    /// Starts without a draw.
    pub fn new(serial: u32) -> Self {
        Self { serial, ..Self::default() }
    }

    /// Returns whether it has this serial.
    pub fn is(&self, serial: u32) -> bool {
        self.serial == serial
    }

    /// Wants a draw at a level.
    pub fn want(&mut self, snr: f32) {
        self.snr = snr;
        self.wanted = Some(snr);
    }

    /// Takes the draw to ask for next. One is in progress at a time; what is wanted meanwhile is the newest level only.
    pub fn take_wanted(&mut self) -> Option<NoiseDraw> {
        if self.in_flight {
            return None;
        }
        let snr = self.wanted.take()?;
        self.in_flight = true;
        self.drawing = snr;
        self.draws += 1;
        Some(NoiseDraw { snr, seed: self.draws, serial: self.serial })
    }

    /// Takes in a draw: its pixels, the signal-to-noise that resulted, and where it is encoded.
    pub fn on_drawn(&mut self, pixels: Pixels, snr: f32, mean: Vec<f32>, log_var: Vec<f32>) {
        self.in_flight = false;
        self.pixels = Some(Arc::new(pixels));
        if self.trail.len() >= TRAIL {
            self.trail.remove(0);
        }
        self.trail.push(NoisePoint { level: self.drawing, snr, mean, log_var });
    }

    /// Sets figure 17.
    pub fn set_curve(&mut self, curve: NoiseRatios) {
        self.curve = Some(curve);
    }

    /// Takes in that the draw in progress has failed.
    pub fn on_failed(&mut self) {
        self.in_flight = false;
    }

    /// Takes in that the draw in progress was overtaken: another one is wanted, once the model can be asked again.
    pub fn on_overtaken(&mut self) {
        self.in_flight = false;
        self.wanted.get_or_insert(self.snr);
    }

    /// Takes in that no draw will come any more. Returns whether anything is left to show.
    pub fn on_explorer_died(&mut self) -> bool {
        (self.in_flight, self.wanted) = (false, None);
        self.pixels.is_some() || self.curve.is_some()
    }
}

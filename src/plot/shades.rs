//! The shades of a picture, looked up by the sum of weights on a pixel.

use super::cell::Cell;
use super::tone::Tone;

/// The shades of pixels from a single point to the densest ones, indexed by the leading bits of the weight: 32 steps per
/// octave, which is finer than the shades of a screen.
pub(super) struct Shades(Vec<Shade>);

#[derive(Clone, Copy)]
pub(super) struct Shade {
    keep: f32,
    lift: Cell,
    factor: f32,
}

/// Smallest weight with a shade of its own.
const LIGHTEST: f32 = 1.0 / 64.0;
/// Octaves of weights with shades of their own.
const OCTAVES: u32 = 24;
/// Bits of a float below the leading five of its mantissa.
const DROPPED: u32 = 18;

impl Shades {
    /// Computes the shades of a tone; `full` is the weight of the densest pixels.
    pub(super) fn new(tone: &Tone, full: f32) -> Self {
        let first = LIGHTEST.to_bits() >> DROPPED;
        let steps = OCTAVES << (23 - DROPPED);
        let shade = |step: u32| {
            // The middle of the weights that share these bits; small whole numbers are the first of theirs.
            let weight = f32::from_bits((first + step) << DROPPED);
            let along = (weight.max(1.0).ln() / full.ln()).min(1.0);
            let opacity = (tone.single + (tone.dense - tone.single) * along) * weight.min(1.0);
            let depth = tone.depth * along * along;
            let lift = Cell::of(tone.deep, 1.0).times(depth * opacity);
            Shade { keep: 1.0 - opacity, lift, factor: (1.0 - depth) * opacity }
        };
        Self((0..steps).map(shade).collect())
    }

    #[inline(always)]
    pub(super) fn at(&self, weight: f32) -> &Shade {
        let step = (weight.to_bits() >> DROPPED).saturating_sub(LIGHTEST.to_bits() >> DROPPED) as usize;
        &self.0[step.min(self.0.len() - 1)]
    }
}

impl Shade {
    #[inline(always)]
    pub(super) fn over(&self, beneath: Cell, sums: Cell, weight: f32) -> [u8; 4] {
        beneath.times(self.keep).plus(self.lift).plus(sums.times(self.factor / weight)).rgba()
    }
}

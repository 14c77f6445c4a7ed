//! The errors of a spectrum whose table has none.

use super::samples::Samples;
use crate::numerics::statistics::upper_median;

/// Pixels on either side over which the scatter is measured.
const REACH: usize = 50;

/// Smallest error relative to the median flux: a table of a model has no scatter at all.
const LEAST: f64 = 1e-3;

/// Estimates errors from the scatter of neighbouring pixels: 1.482602 / sqrt(6) times the median of
/// |2 flux`[i]` - flux[i-2] - flux[i+2]| (DER_SNR, Stoehr et al. 2008, ASPC 394, 505) over 50 pixels on either side. It holds where the
/// noise of neighbours is independent; lines are too few to change the median.
pub(in crate::formats) fn estimate(samples: &mut Samples) {
    let flux = &samples.flux;
    let count = flux.len();
    let bend = |i: usize| {
        let value = 2.0 * flux[i] - flux[i.checked_sub(2)?] - *flux.get(i + 2)?;
        value.is_finite().then_some(value.abs())
    };
    let bends: Vec<Option<f64>> = (0..count).map(bend).collect();
    let sizes = flux.iter().filter(|value| value.is_finite()).map(|value| value.abs());
    let typical = upper_median(&mut sizes.collect::<Vec<f64>>()).unwrap_or(1.0);
    let floor = if typical > 0.0 { typical * LEAST } else { LEAST };
    let all = upper_median(&mut bends.iter().flatten().copied().collect::<Vec<f64>>()).unwrap_or(0.0);
    // One error for ten neighbours: it changes slowly, and medians take time.
    let mut errors = Vec::with_capacity(count);
    for start in (0..count).step_by(10) {
        let near = &bends[start.saturating_sub(REACH)..(start + 10 + REACH).min(count)];
        let scatter = upper_median(&mut near.iter().flatten().copied().collect::<Vec<f64>>()).unwrap_or(all);
        errors.resize((start + 10).min(count), (1.482_602 / 6f64.sqrt() * scatter).max(floor));
    }
    for ((error, estimated), flux) in samples.error.iter_mut().zip(errors).zip(&samples.flux) {
        *error = if flux.is_finite() { estimated } else { 0.0 };
    }
}

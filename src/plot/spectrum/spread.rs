//! Mean and spread of many spectra.

use crate::numerics::statistics::{percentile, sorted};
use crate::spectrum::PIXELS;

/// The mean and the 16th and 84th percentile of many spectra, pixel by pixel; NaN where no spectrum has an unmasked pixel.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Number of spectra.
    pub count: usize,
    /// `[1000]` mean flux.
    pub mean: Vec<f32>,
    /// `[1000]` 16th percentile.
    pub low: Vec<f32>,
    /// `[1000]` 84th percentile.
    pub high: Vec<f32>,
}

/// Computes the spread of spectra given as (`[1000]` flux, `[1000]` inverse variance, 0 = masked), each unmasked pixel counting the same.
/// Percentiles are interpolated linearly, as NumPy's.
pub fn spread_of(rows: &[(&[f32], &[f32])]) -> Spread {
    let mut spread = Spread {
        count: rows.len(),
        mean: Vec::with_capacity(PIXELS),
        low: Vec::with_capacity(PIXELS),
        high: Vec::with_capacity(PIXELS),
    };
    for pixel in 0..PIXELS {
        let unmasked = rows.iter().filter(|(_, ivar)| ivar.get(pixel).is_some_and(|&weight| weight > 0.0));
        let values = sorted(unmasked.filter_map(|(flux, _)| flux.get(pixel)).map(|&value| f64::from(value)));
        // 0 / 0 is NaN where every spectrum is masked.
        spread.mean.push((values.iter().sum::<f64>() / values.len() as f64) as f32);
        spread.low.push(percentile(&values, 16.0) as f32);
        spread.high.push(percentile(&values, 84.0) as f32);
    }
    spread
}

impl Spread {
    /// Returns the name in a legend.
    pub fn label(&self) -> String {
        match self.count {
            1 => "the one picked".to_owned(),
            count => format!("mean of {count} picked, 16–84 %"),
        }
    }
}

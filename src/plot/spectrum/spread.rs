//! Many spectra at once: their mean and how far they spread.

use crate::numerics::statistics::{percentile, sorted};
use crate::spectrum::PIXELS;

/// Mean and 16th and 84th percentile of many spectra, pixel by pixel; NaN where no spectrum has an unmasked pixel.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Spectra in it.
    pub count: usize,
    /// `[1000]` mean flux.
    pub mean: Vec<f32>,
    /// `[1000]` 16th percentile.
    pub low: Vec<f32>,
    /// `[1000]` 84th percentile.
    pub high: Vec<f32>,
}

/// The spread of spectra given as (`[1000]` flux, `[1000]` inverse variance, 0 = masked), each unmasked pixel counting
/// the same. Percentiles lie between neighbours on a straight line, as NumPy's do.
pub fn spread_of(rows: &[(&[f32], &[f32])]) -> Spread {
    let mut spread = Spread {
        count: rows.len(),
        mean: Vec::with_capacity(PIXELS),
        low: Vec::with_capacity(PIXELS),
        high: Vec::with_capacity(PIXELS),
    };
    for pixel in 0..PIXELS {
        let seen = rows.iter().filter(|(_, ivar)| ivar.get(pixel).is_some_and(|&weight| weight > 0.0));
        let values = sorted(seen.filter_map(|(flux, _)| flux.get(pixel)).map(|&value| f64::from(value)));
        // 0 / 0 is NaN: nothing is known.
        spread.mean.push((values.iter().sum::<f64>() / values.len() as f64) as f32);
        spread.low.push(percentile(&values, 16.0) as f32);
        spread.high.push(percentile(&values, 84.0) as f32);
    }
    spread
}

impl Spread {
    /// What its curve shows, for a legend.
    pub fn label(&self) -> String {
        match self.count {
            1 => "the one picked".to_owned(),
            count => format!("mean of {count} picked, 16–84 %"),
        }
    }
}

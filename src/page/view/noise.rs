//! The noise slider's scale, a description of the scatter of the draws, and figure 17 of one spectrum.

use crate::page::state::Noise;
use crate::plot::{Chart, Mark, Rgb, Series, Theme};

/// Lowest and highest signal-to-noise of the slider, which is linear in the logarithm.
const RANGE: (f32, f32) = (1.0, 100.0);

/// Returns the signal-to-noise at a position of the slider, 0 to 1.
pub fn level_at(position: f32) -> f32 {
    RANGE.0 * (RANGE.1 / RANGE.0).powf(position)
}

/// Returns the position of the slider, 0 to 1, for a signal-to-noise.
pub fn position_of(level: f32) -> f32 {
    ((level / RANGE.0).ln() / (RANGE.1 / RANGE.0).ln()).clamp(0.0, 1.0)
}

/// Describes how much the newest draws scatter, relative to the uncertainty that the encoder states.
pub fn noise_text(noise: &Noise) -> String {
    let Some(level) = noise.trail.last().map(|newest| newest.level) else { return String::new() };
    let same: Vec<_> = noise.trail.iter().rev().take_while(|point| point.level == level).collect();
    let newest = same[0];
    if same.len() < 4 {
        return format!("{} of at least 4 draws at this level: draw again to see the scatter.", same.len());
    }
    if newest.log_var.is_empty() {
        return "An autoencoder states no uncertainty of its latents: there is nothing to hold the scatter against."
            .to_owned();
    }
    let dims = newest.mean.len();
    let count = same.len() as f32;
    let mut ratios: Vec<f32> = (0..dims)
        .map(|latent| {
            let mean = same.iter().map(|point| point.mean[latent]).sum::<f32>() / count;
            let variance = same.iter().map(|point| (point.mean[latent] - mean).powi(2)).sum::<f32>() / (count - 1.0);
            variance / (same.iter().map(|point| point.log_var[latent].exp()).sum::<f32>() / count)
        })
        .collect();
    ratios.sort_by(f32::total_cmp);
    format!(
        "{} draws near S/N {:.1}: the latents scatter by {:.1} times the variance that the encoder states (median over latents).",
        same.len(),
        level,
        ratios[dims / 2]
    )
}

/// Returns figure 17 of one spectrum: the variance ratio `[levels * d]` of each latent against signal-to-noise `[levels]`.
pub fn noise_chart(snr: &[f32], ratio: &[f32], theme: &Theme) -> Chart {
    let dims = (ratio.len() / snr.len().max(1)).max(1);
    let x: Vec<f64> = snr.iter().map(|value| f64::from(*value)).collect();
    let values = ratio.iter().map(|value| f64::from(*value));
    let (across, up) = (Chart::axis_of(x.iter().copied(), true), Chart::axis_of(values.chain([1.0]), true));
    let mut chart = Chart::new(across, up, "median signal-to-noise a pixel of the grid", "scatter / latent variance");
    for latent in 0..dims {
        let y: Vec<f64> = ratio.iter().skip(latent).step_by(dims).map(|value| f64::from(*value)).collect();
        let fraction = latent as f64 / (dims - 1).max(1) as f64;
        let color: Rgb = theme.colormap().at(0.1 + 0.75 * fraction);
        chart
            .series
            .push(Series::line(&format!("latent {}", latent + 1), x.clone(), y, color).drawn(Mark::LineAndDots));
    }
    chart.rules.push(1.0);
    chart.y = Chart::with_legend_space(chart.y);
    chart.legend = true;
    chart
}

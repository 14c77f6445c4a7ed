//! The density of the data behind each slider, and a warning far from the data.

use super::embedding::Cloud;
use super::neighbourhood::Neighbourhood;
use crate::page::state::AppState;

/// Number of bins of the density behind a slider.
pub const DENSITY_BINS: usize = 48;

/// Returns the histogram of a latent over its slider's range as an SVG path, 10 high; square roots, so that the wings show.
pub fn density_path(cloud: &Cloud, latent: usize) -> String {
    let (low, high) = cloud.slider_range(latent);
    let mut bins = [0f32; DENSITY_BINS];
    for value in cloud.mean.iter().skip(latent).step_by(cloud.dims).copied() {
        let bin = (value - low) / (high - low) * DENSITY_BINS as f32;
        if bin >= 0.0 && bin < DENSITY_BINS as f32 {
            bins[bin as usize] += 1.0;
        }
    }
    let most = bins.iter().copied().fold(1f32, f32::max).sqrt();
    let mut path = "M0,10".to_owned();
    for (bin, count) in bins.iter().enumerate() {
        path.push_str(&format!("L{:.1},{:.2}", bin as f32 + 0.5, 10.0 - 9.0 * count.sqrt() / most));
    }
    path + &format!("L{DENSITY_BINS},10Z")
}

/// Returns a warning where the latents of the sliders are further from their neighbours than almost all spectra are from theirs.
pub fn extrapolation_text(state: &AppState, neighbourhood: &Neighbourhood) -> Option<String> {
    state.cloud.as_ref().filter(|cloud| cloud.serial == neighbourhood.serial)?;
    let familiarity = neighbourhood.familiarity(&state.latent).filter(|familiarity| familiarity.is_extrapolating())?;
    let share = match familiarity.percentile {
        percentile if percentile >= 99.95 => "hardly a spectrum of the set lies".to_owned(),
        percentile => format!("only {:.1} % of the set's spectra lie", (100.0 - percentile).max(0.0)),
    };
    Some(format!(
        "Extrapolating: {share} as far from {} neighbours as these latents do. What is decoded here is a guess.",
        if familiarity.percentile >= 99.95 { "its" } else { "their" }
    ))
}

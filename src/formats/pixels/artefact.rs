//! Artefacts that the file does not mark: deep negative features of a few pixels.

use crate::formats::observation::Observation;
use crate::numerics::statistics::upper_median_f32;

/// Depth below zero of an artefact, in errors: no object is that dark, and no noise that large.
const DEPTH: f32 = 40.0;

/// Most pixels of an artefact; a wider one is no lone feature.
const WIDEST: usize = 60;

/// Pixels on either side of an artefact whose median is its neighbourhood's flux.
const REACH: usize = 100;

/// Distance below the neighbourhood, in errors, down to which pixels next to an artefact belong to it.
const WING: f32 = 3.0;

/// Most pixels of a spectrum that may be masked, as a fraction: where more are that deep, the spectrum is at fault and not a few pixels.
const MOST: f64 = 0.05;

/// Masks the lone deep negative features of a spectrum (flux 40 errors or more below zero) with their wings, and says so in a note.
pub(in crate::formats) fn mask(observation: &mut Observation) {
    let spectrum = &observation.spectrum;
    let deep = |(flux, error): (&f32, &f32)| *flux < -DEPTH * error && *error > 0.0;
    // Nearly every spectrum ends here, after one quick pass.
    if !spectrum.flux.iter().zip(&spectrum.error).any(deep) {
        return;
    }
    let runs = runs(&spectrum.flux, &spectrum.error);
    let pixels: usize = runs.iter().map(|run| run.len()).sum();
    if pixels == 0 || pixels as f64 > MOST * spectrum.flux.len() as f64 {
        return;
    }
    let places: Vec<String> = runs
        .iter()
        .take(3)
        .map(|run| format!("{:.0}", 10f64.powf(spectrum.log_wavelength[(run.start + run.end - 1) / 2])))
        .collect();
    let more = if runs.len() > places.len() { " and elsewhere" } else { "" };
    observation.notes.push(format!(
        "{pixels} pixels near {} Å{more} belong to a feature over {DEPTH} errors below zero, which is no galaxy's: they were masked.",
        places.join(", ")
    ));
    for run in runs {
        observation.spectrum.error[run].fill(0.0);
    }
}

/// Returns the ranges of pixels of the artefacts, with their wings.
fn runs(flux: &[f32], error: &[f32]) -> Vec<std::ops::Range<usize>> {
    let count = flux.len().min(error.len());
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    let mut pixel = 0;
    while pixel < count {
        if !(flux[pixel] < -DEPTH * error[pixel] && error[pixel] > 0.0) {
            pixel += 1;
            continue;
        }
        let near = pixel.saturating_sub(REACH)..(pixel + REACH).min(count);
        let usual = upper_median_f32(near.filter(|&i| error[i] > 0.0).map(|i| flux[i])).unwrap_or(0.0);
        let low = |&i: &usize| error[i] <= 0.0 || flux[i] < usual - WING * error[i];
        let end = (pixel..count).find(|i| !low(i)).unwrap_or(count);
        let start = (0..=pixel).rev().take_while(low).last().unwrap_or(pixel);
        if end - start <= WIDEST {
            // A pixel more on either side, where the feature begins.
            runs.push(start.saturating_sub(1)..(end + 1).min(count));
        }
        pixel = end.max(pixel + 1);
    }
    runs
}

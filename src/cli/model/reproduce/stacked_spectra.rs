//! Spectra drawn above each other, as in the paper's figures of tracks and sweeps.

use super::study::Study;
use super::svg::{self, Sheet};
use crate::cli::model::table::Table;
use crate::numerics::statistics::{percentile, sorted};
use crate::plot::palette::SERIES;
use crate::plot::{Anchor, Area, Axis, Chart, Note, Rgb, Series};

/// Draws spectra (`[m * 1000]`) above each other, each divided by its mean flux and offset from the one below.
pub(super) fn stacked(
    study: &Study<'_>,
    sheet: &mut Sheet<'_, '_>,
    area: Area,
    spectra: &[f32],
    labels: &[String],
    offset: f64,
) -> svg::Drawn {
    let pixels = study.wavelengths.len();
    let count = spectra.len() / pixels;
    let scaled: Vec<Vec<f64>> = spectra
        .chunks(pixels)
        .enumerate()
        .map(|(at, flux)| {
            let mean = flux.iter().map(|&f| f64::from(f)).sum::<f64>() / pixels as f64;
            flux.iter().map(|&f| f64::from(f) / mean + offset * at as f64).collect()
        })
        .collect();
    // Strong lines are clipped, or they would flatten everything else.
    let all = sorted(scaled.iter().flatten().copied());
    let top = percentile(&all, 99.6).max(offset * count as f64 + 1.0) + 0.4;
    let mut chart = Chart::new(
        Axis::linear(study.wavelengths[0], study.wavelengths[pixels - 1]),
        Axis::linear(0.0, top),
        "rest wavelength / Å",
        "flux / mean + offset",
    );
    let scale = sheet.theme.colormap();
    for (at, flux) in scaled.into_iter().enumerate() {
        let color = scale.at(at as f64 / (count.max(2) - 1) as f64);
        let end = flux[pixels - 12..].iter().sum::<f64>() / 12.0;
        let note = Note {
            x: study.wavelengths[pixels - 1] + 25.0,
            y: end,
            text: labels[at].clone(),
            color,
            anchor: Anchor::Start,
            lift: 0.0,
        };
        chart.series.push(Series { width: 1.0, ..Series::line("", study.wavelengths.clone(), flux, color) });
        chart.notes.push(note);
    }
    let area = Area { right: area.right - 30.0, ..area };
    chart.draw(&mut sheet.pen, &sheet.theme, area)
}

/// Adds a row for each pixel: its wavelength, then its flux in each spectrum.
pub(super) fn wavelength_rows(study: &Study<'_>, csv: &mut Table, spectra: &[f32]) {
    let pixels = study.wavelengths.len();
    for (pixel, &wavelength) in study.wavelengths.iter().enumerate() {
        let values = spectra.chunks(pixels).map(|flux| f64::from(flux[pixel]));
        csv.row(&[], &std::iter::once(wavelength).chain(values).collect::<Vec<f64>>());
    }
}

/// Returns a colour for series `at` of a cycle of ten.
pub(super) fn color_of(at: usize) -> Rgb {
    SERIES[at % SERIES.len()]
}

//! The watched spectra and their reconstructions.

use crate::page::state::AppState;
use crate::plot::{Axis, Chart, Mark, Series, Theme};
use crate::spectrum::{PIXELS, grid};

/// Returns a number that changes whenever the plots do.
pub fn watched_revision(state: &AppState) -> u64 {
    let seen = state.training.seen.as_ref().map_or(0, |seen| u64::from(seen.serial));
    let fetched = state.training.watch.iter().filter(|row| state.pixels_of(**row).is_some()).count() as u64;
    seen << 8 | fetched << 1 | u64::from(state.training.rival.is_some())
}

/// Returns the plot of one watched spectrum: observed, by PCA, by the model.
pub fn watched_chart(state: &AppState, at: usize, row: usize, theme: &Theme) -> Chart {
    let x: Vec<f64> = (0..PIXELS).map(|pixel| grid::wavelength(pixel as f64)).collect();
    let wide = |values: &[f32]| values.iter().map(|&value| f64::from(value)).collect::<Vec<f64>>();
    let observed = state.pixels_of(row).map(|pixels| wide(&pixels.flux));
    let part = |all: &[f32]| all.get(at * PIXELS..(at + 1) * PIXELS).map(wide);
    let model = state.training.seen.as_ref().and_then(|seen| part(&seen.watched));
    let baseline = state.training.rival.as_ref().and_then(|baseline| part(&baseline.watched));
    let up = Chart::axis_of(observed.iter().chain(&model).flatten().copied(), false);
    let mut chart = Chart::new(Axis::linear(x[0], x[PIXELS - 1]), up, "wavelength / Å", "flux");
    // The model is drawn as a thin line: where it is right it lies on the spectrum, and what deviates is noise.
    for (values, color, mark, width) in [
        (observed, theme.muted, Mark::Line, 1.25),
        (baseline, theme.spread, Mark::Dashes, 1.0),
        (model, theme.decoded, Mark::Line, 1.0),
    ] {
        if let Some(values) = values {
            chart.series.push(Series { width, ..Series::line("", x.clone(), values, color).drawn(mark) });
        }
    }
    chart
}

/// Returns the mean squared residual over the noise's variance, for the model and for PCA, where known.
fn scores(state: &AppState, at: usize, row: usize) -> Option<[Option<f64>; 2]> {
    let pixels = state.pixels_of(row)?;
    let score = |all: Option<&[f32]>| {
        let guess = all?.get(at * PIXELS..(at + 1) * PIXELS)?;
        let good = pixels.flux.iter().zip(&pixels.ivar).zip(guess).filter(|((_, ivar), _)| **ivar > 0.0);
        let (sum, count) = good.fold((0.0, 0u32), |(sum, count), ((flux, ivar), guess)| {
            (sum + f64::from((flux - guess).powi(2) * ivar), count + 1)
        });
        Some(sum / f64::from(count.max(1)))
    };
    let model = score(state.training.seen.as_ref().map(|seen| seen.watched.as_slice()));
    Some([model, score(state.training.rival.as_ref().map(|baseline| baseline.watched.as_slice()))])
}

/// Returns the caption of one watched spectrum's plot.
pub fn watched_caption(state: &AppState, at: usize, row: usize) -> String {
    let name = state.name_of_row(row);
    match scores(state, at, row) {
        Some([Some(model), Some(baseline)]) => format!("{name}: χ² a pixel {model:.2} yours, {baseline:.2} PCA"),
        Some([Some(model), None]) => format!("{name}: χ² a pixel {model:.2} yours"),
        _ => name,
    }
}

/// Describes the plot of one watched spectrum for a screen reader.
pub fn watched_text(state: &AppState, at: usize, row: usize) -> String {
    let name = state.name_of_row(row);
    let Some([model, baseline]) = scores(state, at, row) else { return format!("{name}: loading.") };
    let one = |name: &str, value: Option<f64>| value.map(|v| format!(", chi squared a pixel {v:.2} by {name}"));
    format!("{name}{}{}.", one("your model", model).unwrap_or_default(), one("PCA", baseline).unwrap_or_default())
}

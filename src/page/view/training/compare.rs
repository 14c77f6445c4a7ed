//! The comparison of a kept training with the newest.

use std::sync::Arc;

use super::loss_text;
use crate::page::state::{AppState, Kept};
use crate::page::training_form;
use crate::plot::{Axis, Chart, Mark, Series, Theme};
use crate::protocol::LinearBaseline;
use crate::vae::model_card::EpochReport;

/// Returns the validation losses of a kept training and of the newest.
pub fn comparison_chart(state: &AppState, at: usize, theme: &Theme) -> Chart {
    let newest = &state.training().history;
    let Some(kept) = state.kept().get(at) else {
        return Chart::new(Axis::linear(1.0, 2.0), Axis::linear(0.0, 1.0), "epoch", "validation loss");
    };
    let valid = |history: &[EpochReport]| -> (Vec<f64>, Vec<f64>) {
        history.iter().map(|report| (report.epoch as f64, report.valid.total)).unzip()
    };
    let ((x, y), (newest_x, newest_y)) = (valid(&kept.history), valid(newest));
    let all: Vec<f64> = y.iter().chain(&newest_y).copied().collect();
    let last = x.iter().chain(&newest_x).copied().fold(5.0, f64::max);
    let wide = all.iter().copied().fold(f64::INFINITY, f64::min) * 5.0 < all.iter().copied().fold(0.0, f64::max);
    let mut chart = Chart::new(Axis::linear(1.0, last), Chart::axis_of(all, wide), "epoch", "validation loss");
    chart.series.push(Series::line(&kept.name, x, y, theme.train).drawn(Mark::LineAndDots));
    chart.series.push(Series::line("newest", newest_x, newest_y, theme.decoded).drawn(Mark::LineAndDots));
    chart.legend = true;
    chart
}

/// Returns the settings that differ, and the results: name, value of the kept training, value of the newest.
pub fn comparison_table(state: &AppState, kept: &Kept) -> Vec<(String, String, String)> {
    let mut rows = Vec::new();
    if let Some(config) = &state.training().config {
        rows.extend(
            training_form::differences(&kept.config, config).into_iter().map(|(what, a, b)| (what.to_owned(), a, b)),
        );
    }
    let best = |history: &[EpochReport], best: Option<usize>| {
        best.and_then(|epoch| history.get(epoch.checked_sub(1)?).copied())
    };
    let (one, other) = (best(&kept.history, kept.best), best(&state.training().history, state.training().best));
    let text = |value: Option<f64>| value.map_or("–".to_owned(), loss_text);
    rows.push(("epochs".to_owned(), kept.history.len().to_string(), state.training().history.len().to_string()));
    rows.push((
        "best validation loss".to_owned(),
        text(one.map(|e| e.valid.total)),
        text(other.map(|e| e.valid.total)),
    ));
    rows.push((
        "its reconstruction".to_owned(),
        text(one.map(|e| e.valid.reconstruction)),
        text(other.map(|e| e.valid.reconstruction)),
    ));
    let baseline = |baseline: &Option<Arc<LinearBaseline>>| text(baseline.as_ref().map(|b| b.reconstruction));
    rows.push((
        "PCA's with as many numbers".to_owned(),
        baseline(&kept.baseline),
        baseline(&state.training().baseline),
    ));
    rows
}

/// Returns a warning where the losses of a kept training and of the newest are not of the same objective.
pub fn objectives_text(state: &AppState, at: usize) -> Option<&'static str> {
    let (kept, config) = (state.kept().get(at)?, state.training().config.as_ref()?);
    (!training_form::same_objective(&kept.config, config)).then_some(
        "These two minimise different losses, whose values cannot be compared: compare the reconstructions in the table.",
    )
}

/// Describes the curves for a screen reader.
pub fn comparison_text(state: &AppState, at: usize) -> String {
    let Some(kept) = state.kept().get(at) else { return String::new() };
    let last = |history: &[EpochReport]| history.last().map_or("–".to_owned(), |e| loss_text(e.valid.total));
    format!(
        "Validation losses by epoch: {} ends at {}, the newest is at {}.",
        kept.name,
        last(&kept.history),
        last(&state.training().history)
    )
}

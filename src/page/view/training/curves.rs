//! The losses of the training, epoch by epoch.

use super::{loss_text, or_dash};
use crate::page::state::AppState;
use crate::plot::{Anchor, Axis, Chart, LossCurve, Mark, Note, Series, Theme};
use crate::protocol::TrainingState;
use crate::vae::model_card::EpochReport;
use crate::vae::objective::LossTerms;

/// Returns a number that changes whenever the curves do.
pub fn curve_revision(state: &AppState) -> u64 {
    let training = state.training();
    let last = training.history.last().map_or(0, |report| report.train.total.to_bits());
    let baseline = u64::from(training.baseline.is_some());
    last ^ (training.history.len() as u64) << 1 ^ baseline ^ (training.best.unwrap_or(0) as u64) << 20
}

/// Returns a number that changes whenever the losses of batches do.
pub fn steps_revision(state: &AppState) -> u64 {
    let steps = &state.training().steps;
    steps.last().map_or(0, |(at, _)| at.to_bits()) ^ steps.len() as u64
}

/// Describes the loss curve for a screen reader.
pub fn curve_text(state: &AppState) -> String {
    let Some(last) = state.training().history.last() else {
        let newest = state.training().steps.last().map(|(_, loss)| format!("; the newest batch {}", loss_text(*loss)));
        return format!("Loss curve: no epoch yet{}.", newest.unwrap_or_default());
    };
    format!(
        "Loss curve over {} epochs: training {}, validation {}.{}",
        state.training().history.len(),
        loss_text(last.train.total),
        loss_text(last.valid.total),
        ending_text(state).unwrap_or_default()
    )
}

/// Describes one term of the loss for a screen reader.
pub fn term_text(state: &AppState, name: &str, of: fn(&LossTerms) -> f64) -> String {
    let newest = state.training().history.last().map(|report| loss_text(of(&report.valid)));
    format!("{name} by epoch; now {} on validation.", or_dash(newest))
}

/// Says what the terms of the loss are.
pub fn terms_text(variational: bool, predicts: bool) -> String {
    let terms = match variational {
        true => {
            "The reconstruction is what the model leaves of each spectrum, weighted by its noise. The KL divergence is how far the cloud \
             of each spectrum is from the prior N(0, 1): it rises while the model learns, because spectra can be told apart only \
             where their clouds are. The MMD is how far all clouds together are from the prior."
        }
        false => {
            "The reconstruction is what the model leaves of each spectrum, weighted by its noise: an autoencoder’s whole loss."
        }
    };
    let predictions = match predicts {
        true => {
            " The predictions’ term is the cross-entropy of the class and half the squared errors of the measurements, before its weight."
        }
        false => "",
    };
    format!("{terms}{predictions}")
}

/// Returns the chart of one term of the loss over the epochs, for training and validation. The reconstruction has a rule at the
/// error of PCA with as many components.
pub fn term_chart(state: &AppState, name: &str, of: fn(&LossTerms) -> f64, theme: &Theme) -> Chart {
    let history = &state.training().history;
    let baseline = state.training().baseline.as_ref().filter(|_| name == "reconstruction");
    let baseline = baseline.map(|baseline| (baseline.components, baseline.reconstruction));
    let epochs: Vec<f64> = history.iter().map(|report| report.epoch as f64).collect();
    let train: Vec<f64> = history.iter().map(|report| of(&report.train)).collect();
    let valid: Vec<f64> = history.iter().map(|report| of(&report.valid)).collect();
    let last = epochs.last().copied().unwrap_or(1.0).max(5.0);
    let all = train.iter().chain(&valid).copied().chain(baseline.map(|(_, value)| value));
    let wide = {
        let positive: Vec<f64> = all.clone().filter(|value| *value > 0.0).collect();
        let most = positive.iter().copied().fold(0.0, f64::max);
        positive.iter().copied().fold(f64::INFINITY, f64::min) * 5.0 < most
    };
    let mut up = Chart::axis_of(all, wide);
    if up.max - up.min <= 0.0 {
        up = Axis::linear(up.min - 0.5, up.max + 0.5);
    }
    let mut chart = Chart::new(Axis::linear(1.0, last), up, "epoch", name);
    let mark = if epochs.len() < 3 { Mark::LineAndDots } else { Mark::Line };
    chart.series.push(Series::line("", epochs.clone(), train, theme.train).drawn(mark.clone()));
    chart.series.push(Series::line("", epochs, valid, theme.decoded).drawn(mark));
    if let Some((components, value)) = baseline {
        chart.rules.push(value);
        let text = format!("PCA with {components}");
        chart.notes.push(Note { x: last, y: value, text, color: theme.muted, anchor: Anchor::End, lift: 9.0 });
    }
    chart
}

/// Describes the automatic changes of a training: a lowered learning rate, its end.
pub fn ending_text(state: &AppState) -> Option<String> {
    let training = state.training();
    let drops = drops(&training.history);
    let mut parts = Vec::new();
    if let Some(last) = drops.last() {
        let rate = training.history.get(last - 1).map_or(0.0, |report| report.learning_rate);
        parts.push(format!("The learning rate fell to {rate:e} before epoch {last}."));
    }
    if training.state == Some(TrainingState::Finished) {
        let epochs = training.history.len();
        let most = training.config.as_ref().map_or(0, |config| config.max_epochs);
        let best = training.best.unwrap_or(0);
        parts.push(match epochs < most {
            true => format!("Stopped early after epoch {epochs}: none was better than epoch {best}."),
            false => format!("Ended with epoch {epochs}, the last allowed; the best is epoch {best}."),
        });
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Returns the epochs, from 1, that began with a lower learning rate than the one before.
fn drops(history: &[EpochReport]) -> Vec<usize> {
    history.windows(2).filter(|pair| pair[1].learning_rate < pair[0].learning_rate).map(|pair| pair[1].epoch).collect()
}

/// Calls `draw` with the curve of all epochs so far.
pub fn with_curve<T>(state: &AppState, draw: impl FnOnce(&LossCurve<'_>) -> T) -> T {
    let training = state.training();
    let train: Vec<f64> = training.history.iter().map(|report| report.train.total).collect();
    let valid: Vec<f64> = training.history.iter().map(|report| report.valid.total).collect();
    let drops = drops(&training.history);
    let stopped = training.state == Some(TrainingState::Finished);
    let (steps, best) = (&training.steps, training.best);
    draw(&LossCurve { train: &train, valid: &valid, steps, best, drops: &drops, stopped })
}

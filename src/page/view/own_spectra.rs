//! The texts on the user's own spectra: redshifts typed in, a description of each, and its redshift by trial.

use super::neighbourhood::Vote;
use super::text::{minus, redshift_with_error};
use crate::latent::redshift::velocity_difference;
use crate::page::state::{OwnFile, ReadingProgress, TrialRedshift, TrialsProgress, UnknownRedshift};
use crate::plot::{Axis, Chart, Series, Theme};
use crate::preprocess::REDSHIFT_RANGE;
use crate::protocol::ListedSpectrum;
use crate::vae::encoding::EncodingMethod;

/// Smallest difference, km/s, between the redshift used and the one by trial that is worth a sentence.
const DISAGREEMENT: f64 = 1000.0;

/// The result of the trial of one of the user's spectra, in one sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialSentence {
    /// The sentence.
    pub text: String,
    /// Whether the trial contradicts the redshift used, with confidence.
    pub disagrees: bool,
}

/// Parses a redshift with a decimal point or comma.
pub fn parse_redshift(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").replace('−', "-").parse().ok()
}

/// Returns whether the text typed is no usable redshift; an empty text is not invalid yet.
pub fn redshift_is_invalid(text: &str) -> bool {
    let (low, high) = REDSHIFT_RANGE;
    !text.is_empty() && parse_redshift(text).is_none_or(|redshift| !(low..=high).contains(&redshift))
}

/// Describes which redshifts can be typed.
pub fn redshift_hint() -> String {
    let (low, high) = REDSHIFT_RANGE;
    minus(&format!("A redshift is a number such as 0.0834; the models know galaxies from {low} to {high}."))
}

/// Returns whether two redshifts differ by more than rounding.
pub fn is_another_redshift(used: f64, other: f64) -> bool {
    (used - other).abs() > 1e-5
}

/// Says why the redshift of a spectrum is asked for.
pub fn unknown_text(unknown: &UnknownRedshift) -> String {
    let name = &unknown.name;
    let (low, high) = REDSHIFT_RANGE;
    minus(&match unknown.file_redshift {
        Some(own) => {
            format!("{name} says redshift {own:.3}, and the models know {low} to {high}. At which is it?")
        }
        None => format!("{name} says no redshift. At which is it?"),
    })
}

/// Describes one of the user's spectra: redshift, chi-squared, class and the class of its neighbours.
pub fn own_text(file: &OwnFile, vote: Option<Vote>) -> String {
    let around = vote
        .map_or(String::new(), |vote| format!(" · around it: {} ({} of {})", vote.class.name(), vote.votes, vote.of));
    let (chi2, class) = (file.encoding.chi2, file.class.name());
    let how = encoding_label(file.encoding.method);
    format!("{} · χ² {chi2:.2} · {class} · {how}{around}", redshift_label(file))
}

/// Returns what latents are called by the way in which they were had.
pub fn encoding_label(method: EncodingMethod) -> &'static str {
    match method {
        EncodingMethod::Fitted => "latents fitted",
        EncodingMethod::Plain => "latents of the encoder alone",
    }
}

/// Returns the redshift used, and its error and trust where it is by trial.
fn redshift_label(file: &OwnFile) -> String {
    if file.redshift_from != "trial" {
        return minus(&format!("redshift {:.4}", file.redshift));
    }
    match file.trial() {
        Some(trial) => {
            let trust = if trial.is_trusted() { "" } else { ", not trusted" };
            format!("redshift by trial {}{trust}", redshift_with_error(trial.redshift, trial.error))
        }
        None => minus(&format!("redshift by trial {:.4}", file.redshift)),
    }
}

/// Describes the best redshift of a scan, its confidence, and its difference from the one in use.
pub fn scan_text(trial: &TrialRedshift, used: f64) -> String {
    let sure = match trial.confidence {
        _ if !trial.is_trusted() => "hardly better than another: do not trust it",
        c if c > 1.5 => "far better than any other",
        _ => "better than any other",
    };
    let velocity = velocity_difference(trial.redshift, used);
    let velocity = minus(&format!("{velocity:+.0}"));
    let best = redshift_with_error(trial.redshift, trial.error);
    format!("Best at {best}, {sure}; {velocity} km/s from the redshift used.")
}

/// Compares the redshift used with the one by trial; `None` while there is no trial, and where the trial is the redshift used.
pub fn trial_sentence(file: &OwnFile) -> Option<TrialSentence> {
    let trial = file.trial().filter(|_| file.redshift_from != "trial")?;
    let best = redshift_with_error(trial.redshift, trial.error);
    let used = minus(&format!("{:.4}", file.redshift));
    let source = if file.redshift_from == "you" { "You say" } else { "The file says" };
    let apart = velocity_difference(trial.redshift, file.redshift).abs() > DISAGREEMENT;
    let text = match (trial.is_trusted(), apart) {
        (true, true) => format!("{source} {used}, by trial {best} fits far better."),
        (true, false) => format!("By trial {best}, which agrees."),
        (false, true) => format!("By trial {best}, not trusted: other redshifts fit as well."),
        (false, false) => format!("By trial {best}, which agrees, though other redshifts fit as well."),
    };
    Some(TrialSentence { text, disagrees: trial.is_trusted() && apart })
}

/// Says how far the reading of a batch of files is.
pub fn reading_text(reading: &ReadingProgress) -> String {
    format!("Reading {} of {} …", (reading.done + 1).min(reading.total), reading.total)
}

/// Says how far the trials in the background are; `None` where there is nothing left to try.
pub fn trials_text(trials: &TrialsProgress) -> Option<String> {
    let TrialsProgress { done, total, stopped } = *trials;
    match (done < total, stopped) {
        (false, _) => None,
        (true, false) => Some(format!("Checking redshifts by trial: {done} of {total}")),
        (true, true) => Some(format!("Redshifts checked by trial: {done} of {total}")),
    }
}

/// Describes one of several spectra in a file.
pub fn listed_text(spectrum: &ListedSpectrum) -> String {
    let redshift = spectrum.redshift.map(|redshift| minus(&format!("redshift {redshift:.4}")));
    let position = spectrum.position.map(|at| minus(&format!("{:.4}°, {:+.4}°", at.ra, at.dec)));
    [Some(spectrum.name.clone()), redshift, position].into_iter().flatten().collect::<Vec<String>>().join(" · ")
}

/// Returns the chart of the misfit against trial redshifts, `[n]` each.
pub fn scan_chart(redshift: &[f32], score: &[f32], best: f64, theme: &Theme) -> Chart {
    let x: Vec<f64> = redshift.iter().map(|value| f64::from(*value)).collect();
    let y: Vec<f64> = score.iter().map(|value| f64::from(*value)).collect();
    let (low, high) = y.iter().fold((f64::INFINITY, 0f64), |(a, b), value| (a.min(*value), b.max(*value)));
    // A logarithm of less than a decade has no round ticks.
    let log = low > 0.0 && high > 10.0 * low;
    let axes = (
        Axis::linear(x.first().copied().unwrap_or(0.0), x.last().copied().unwrap_or(0.36)),
        Chart::axis_of(y.iter().copied(), log),
    );
    let mut chart = Chart::new(axes.0, axes.1, "trial redshift", "misfit a pixel");
    chart.series.push(Series::line("misfit", x, y, theme.decoded));
    chart.marks.push(best);
    chart
}

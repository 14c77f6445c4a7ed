//! The texts on the user's own spectra: redshifts typed in, a description of each, and its redshift by trial.

use super::neighbourhood::Neighbourhood;
use super::text::minus;
use crate::latent::redshift::velocity_difference;
use crate::page::state::AppState;
use crate::plot::{Axis, Chart, Series, Theme};

/// Parses a redshift with a decimal point or comma.
pub fn parse_redshift(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").parse().ok()
}

/// Returns whether the text typed is no usable redshift; an empty text is not invalid yet.
pub fn redshift_is_invalid(text: &str) -> bool {
    !text.is_empty() && parse_redshift(text).is_none_or(|redshift| !(-0.01..1.5).contains(&redshift))
}

/// Returns whether two redshifts differ by more than rounding.
pub fn is_another_redshift(used: f64, other: f64) -> bool {
    (used - other).abs() > 1e-5
}

/// Describes one of the user's spectra: redshift, chi-squared, class and the class of its neighbours.
pub fn own_text(state: &AppState, index: usize, neighbourhood: Option<&Neighbourhood>) -> Option<String> {
    let file = state.files.get(index)?;
    let vote = neighbourhood.zip(state.cloud.as_ref()).and_then(|(neighbourhood, cloud)| {
        (neighbourhood.serial == cloud.serial).then(|| neighbourhood.vote(cloud, file.place()?, None))?
    });
    let around = vote
        .map_or(String::new(), |vote| format!(" · around it: {} ({} of {})", vote.class.name(), vote.votes, vote.of));
    let (redshift, chi2, class) = (file.redshift, file.encoding.chi2, file.class.name());
    Some(format!("redshift {redshift:.4} · χ² {chi2:.2} · {class}{around}"))
}

/// Describes the best redshift of a scan, its confidence, and its difference from the one in use.
pub fn scan_text(best: f64, confidence: f64, used: f64) -> String {
    let sure = match confidence {
        c if c > 1.5 => "far better than any other",
        c if c > 1.1 => "better than any other",
        _ => "hardly better than another: do not trust it",
    };
    let velocity = velocity_difference(best, used);
    minus(&format!("Best at {best:.4}, {sure}; {velocity:+.0} km/s from the redshift used."))
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

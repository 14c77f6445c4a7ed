//! Redshift by trial: how often the redshift at which a model reconstructs best is the true one.

use anyhow::Result;

use super::claims::{Claim, Verdict};
use super::reconstruction::through;
use super::study::{Report, Study};
use super::svg;
use crate::cli::model::table::Table;
use crate::cli::parallel;
use crate::latent::redshift::{TrialOptions, redshift_by_trial, velocity_difference};
use crate::numerics::statistics::{percentile, sorted};
use crate::plot::{Axis, Chart, Mark, Series};
use crate::preprocess::REDSHIFT_RANGE;
use crate::simulator;
use crate::spectrum::{Class, ObservedSpectrum};
use crate::vae::Model;

/// Largest velocity difference, km/s, at which a redshift counts as correct.
const TOLERANCE: f64 = 500.0;

/// The redshift found for one spectrum.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(super) struct Trial {
    name: String,
    truth: f64,
    found: f64,
    confidence: f64,
    snr: f64,
}

/// Finds the redshifts of simulated spectra that no model was trained on, and of real ones where given.
pub(super) fn figure(
    study: &Study<'_>,
    report: &mut Report,
    real: &[(String, ObservedSpectrum)],
    count: usize,
) -> Result<()> {
    let simulated: Vec<Trial> = study.workspace.cached("redshift-simulated", || {
        eprintln!("redshift by trial of {count} simulated spectra");
        // Another seed than the set's, so that no model was trained on these spectra.
        let seed = study.set.manifest.seed.unwrap_or(0) + 1_000;
        let found = parallel::map(
            count,
            |index| {
                let simulated = simulator::simulate(seed, index as u64);
                let truth = simulated.parameters.redshift;
                let in_range =
                    simulated.observed.class != Class::Star && (REDSHIFT_RANGE.0..=REDSHIFT_RANGE.1).contains(&truth);
                in_range
                    .then(|| trial(&study.model, &simulated.observed, format!("simulated {index}"), truth))
                    .flatten()
            },
            |_| {},
        );
        Ok(found.into_iter().flatten().collect())
    })?;
    let observed: Vec<Trial> = real
        .iter()
        .filter_map(|(name, spectrum)| trial(&study.model, spectrum, name.clone(), spectrum.redshift?))
        .collect();
    let mut csv = Table::of("kind,name,redshift,found,velocity_difference,confidence,median_snr");
    for (kind, trials) in [("simulated", &simulated), ("real", &observed)] {
        for one in trials {
            let velocity = velocity_difference(one.found, one.truth);
            csv.row(&[kind, &one.name], &[one.truth, one.found, velocity, one.confidence, one.snr]);
        }
    }
    let drawing = svg::figure(640.0, 600.0, "Redshift by trial", |sheet| {
        let mut chart = Chart::new(Axis::linear(0.0, 0.37), Axis::linear(0.0, 0.37), "redshift", "redshift by trial");
        let dots = |name: &str, trials: &[Trial], color| {
            let (x, y) = trials.iter().map(|one| (one.truth, one.found)).unzip();
            Series::line(name, x, y, color).drawn(Mark::Dots)
        };
        chart.series =
            vec![dots("simulated", &simulated, sheet.theme.muted), dots("real", &observed, sheet.theme.decoded)];
        chart.legend = true;
        chart.draw(&mut sheet.pen, &sheet.theme, svg::panels(640.0, 600.0, 1, 1, (0.0, 0.0))[0])
    })?;
    let (share, spread) = accuracy(&simulated);
    let (real_share, real_spread) = accuracy(&observed);
    let summary = |trials: &[Trial], share: f64, spread: f64| match trials.len() {
        0 => "none were given".to_owned(),
        count => format!(
            "{:.1} % of {count} within {TOLERANCE:.0} km/s, median difference of those {spread:.0} km/s",
            100.0 * share
        ),
    };
    let caption = format!(
        "The redshift from {} to {} at which VAE-6 reconstructs a spectrum best, against the true one. Simulated spectra: {}. Real galaxies: {}.",
        REDSHIFT_RANGE.0,
        REDSHIFT_RANGE.1,
        summary(&simulated, share, spread),
        summary(&observed, real_share, real_spread)
    );
    report.add(study.workspace, ("redshift", "Application", "Redshift by trial"), caption, Some(drawing), &csv)?;
    report.claims.push(Claim::new(
        "A galaxy's redshift can be found as the one at which the model reconstructs it best",
        "Suggested in the discussion",
        format!(
            "simulated: {}; real: {}",
            summary(&simulated, share, spread),
            summary(&observed, real_share, real_spread)
        ),
        Verdict::of_all(&[share > 0.9, observed.is_empty() || real_share > 0.9]),
    ));
    Ok(())
}

/// Finds the redshift of a spectrum by trial; `None` where the search fails.
fn trial(model: &Model, observed: &ObservedSpectrum, name: String, truth: f64) -> Option<Trial> {
    let estimate = redshift_by_trial(observed, model.card.recipe, &model.infill, &TrialOptions::standard(), |flux| {
        through(model, flux, &vec![1.0; flux.len()])
    })
    .ok()?;
    let snr = f64::from(observed.median_snr());
    Some(Trial { name, truth, found: estimate.best.redshift, confidence: estimate.confidence(), snr })
}

/// Returns the share of correct redshifts, and the median absolute difference of those, km/s.
fn accuracy(trials: &[Trial]) -> (f64, f64) {
    let off = |one: &Trial| velocity_difference(one.found, one.truth).abs();
    let correct = sorted(trials.iter().map(off).filter(|off| *off < TOLERANCE));
    (correct.len() as f64 / trials.len().max(1) as f64, percentile(&correct, 50.0))
}

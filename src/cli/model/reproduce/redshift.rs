//! Redshift by trial: how often the redshift at which a model reconstructs best is the right one.

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
use crate::simulator;
use crate::spectrum::{Class, ObservedSpectrum};
use crate::vae::Model;

/// A redshift within this of the true one is right, km/s.
const RIGHT: f64 = 500.0;

/// One spectrum's outcome.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(super) struct Outcome {
    name: String,
    truth: f64,
    found: f64,
    confidence: f64,
    snr: f64,
}

/// Tries redshifts of simulated spectra that no model was trained on, and of real ones where given.
pub(super) fn figure(
    study: &Study<'_>,
    report: &mut Report,
    real: &[(String, ObservedSpectrum)],
    count: usize,
) -> Result<()> {
    let simulated: Vec<Outcome> = study.workspace.kept("redshift-simulated", || {
        eprintln!("redshift by trial of {count} simulated spectra");
        // Another seed than the set's: these spectra were never trained on.
        let seed = study.set.manifest.seed.unwrap_or(0) + 1_000;
        let found = parallel::map(
            count,
            |index| {
                let simulated = simulator::simulate(seed, index as u64);
                let truth = simulated.parameters.redshift;
                let kept = simulated.observed.class != Class::Star && (0.0..=0.36).contains(&truth);
                kept.then(|| outcome(&study.model, &simulated.observed, format!("simulated {index}"), truth)).flatten()
            },
            |_| {},
        );
        Ok(found.into_iter().flatten().collect())
    })?;
    let observed: Vec<Outcome> = real
        .iter()
        .filter_map(|(name, spectrum)| outcome(&study.model, spectrum, name.clone(), spectrum.redshift?))
        .collect();
    let mut csv = Table::of("kind,name,redshift,found,velocity_difference,confidence,median_snr");
    for (kind, outcomes) in [("simulated", &simulated), ("real", &observed)] {
        for one in outcomes {
            let velocity = velocity_difference(one.found, one.truth);
            csv.row(&[kind, &one.name], &[one.truth, one.found, velocity, one.confidence, one.snr]);
        }
    }
    let drawing = svg::figure(640.0, 600.0, "Redshift by trial", |sheet| {
        let mut chart = Chart::new(Axis::linear(0.0, 0.37), Axis::linear(0.0, 0.37), "redshift", "redshift by trial");
        let dots = |name: &str, outcomes: &[Outcome], color| {
            let (x, y) = outcomes.iter().map(|one| (one.truth, one.found)).unzip();
            Series::line(name, x, y, color).drawn(Mark::Dots)
        };
        chart.series =
            vec![dots("simulated", &simulated, sheet.theme.muted), dots("real", &observed, sheet.theme.decoded)];
        chart.legend = true;
        chart.draw(&mut sheet.pen, &sheet.theme, svg::panels(640.0, 600.0, 1, 1, (0.0, 0.0))[0])
    })?;
    let (share, spread) = accuracy(&simulated);
    let (real_share, real_spread) = accuracy(&observed);
    let words = |outcomes: &[Outcome], share: f64, spread: f64| match outcomes.len() {
        0 => "none were given".to_owned(),
        count => format!(
            "{:.1} % of {count} within {RIGHT:.0} km/s, median difference of those {spread:.0} km/s",
            100.0 * share
        ),
    };
    let caption = format!(
        "The redshift from 0 to 0.36 at which VAE-6 reconstructs a spectrum best, against the true one. Simulated spectra: {}. Real galaxies: {}.",
        words(&simulated, share, spread),
        words(&observed, real_share, real_spread)
    );
    report.add(study.workspace, ("redshift", "A use", "Redshift by trial"), caption, Some(drawing), &csv)?;
    report.claims.push(Claim::new(
        "A galaxy's redshift can be found as the one at which the model reconstructs it best",
        "Suggested in the discussion",
        format!("simulated: {}; real: {}", words(&simulated, share, spread), words(&observed, real_share, real_spread)),
        Verdict::of_all(&[share > 0.9, observed.is_empty() || real_share > 0.9]),
    ));
    Ok(())
}

fn outcome(model: &Model, observed: &ObservedSpectrum, name: String, truth: f64) -> Option<Outcome> {
    let estimate = redshift_by_trial(observed, model.card.recipe, &model.infill, &TrialOptions::standard(), |flux| {
        through(model, flux, &vec![1.0; flux.len()])
    })
    .ok()?;
    let snr = f64::from(observed.median_snr());
    Some(Outcome { name, truth, found: estimate.best.redshift, confidence: estimate.confidence(), snr })
}

/// The share that is right, and of those the median size of the difference, km/s.
fn accuracy(outcomes: &[Outcome]) -> (f64, f64) {
    let off = |one: &Outcome| velocity_difference(one.found, one.truth).abs();
    let right = sorted(outcomes.iter().map(off).filter(|off| *off < RIGHT));
    (right.len() as f64 / outcomes.len().max(1) as f64, percentile(&right, 50.0))
}

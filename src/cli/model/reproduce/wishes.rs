//! What the paper wishes for in its section 4, tried: infill by the VAE, a semi-supervised head, other measurements in the loss.

use anyhow::Result;

use super::claims::{Claim, Verdict};
use super::models::{COLOURS, Kind, Order, STAR_FORMATION};
use super::reconstruction::{measure, through};
use super::study::{CLASSES, Report, Study};
use crate::cli::model::table::Table;
use crate::vae::{Model, infill};

/// Pixels of the gap that is torn into a spectrum to see who fills it best.
const GAP: usize = 100;
/// Rounds of filling by the VAE.
const ROUNDS: usize = 5;

/// Every wish but the uncertainties, which Figure 17 has.
pub(super) fn figures(study: &Study<'_>, report: &mut Report, epochs: Option<usize>) -> Result<()> {
    let mut csv = Table::of(
        "model,error (all),quiescent,emission-line,narrow-line AGN,broad-line AGN,class recall,r of log sSFR,r of colours",
    );
    let models = [
        ("VAE-6", Kind::Vae),
        ("with uncertainties as input", Kind::WeightInput),
        ("VAE infill, trained again", Kind::Refilled),
        ("semi-supervised: class and sSFR, a tenth labelled", Kind::SemiSupervised),
        ("with broad-band colours in the loss", Kind::Colours),
    ];
    let valid = &study.split.valid;
    let (flux, ivar) = (study.rows(&study.flux, valid), study.rows(&study.ivar, valid));
    let mut found = Vec::new();
    for (name, kind) in models {
        let order = Order { kind, latents: 6, seed: 1 };
        let Some(model) = order.load(study.workspace, study.set, epochs) else { continue };
        let error = measure(study, &through(&model, &flux, &ivar))?;
        let read = Reading::of(study, &model, &flux, &ivar);
        let classes = error.by_class.iter().map(|value| value.unwrap_or(f64::NAN));
        let numbers: Vec<f64> = std::iter::once(error.overall)
            .chain(classes)
            .chain([read.recall, read.star_formation, read.colours])
            .collect();
        csv.row(&[name], &numbers);
        found.push((kind, error.overall, read));
    }
    let caption = format!(
        "Variants of VAE-6 on the validation set: Figure 3's measure, and how well a linear reading of the latents does: mean recall of the four classes, and the \
         correlation r with log specific star-formation rate and with broad-band colours (mean over colours). Where a model has a head, its head reads; else a linear \
         least-squares fit to the training latents, with all labels. {}",
        if study.set.manifest.simulated { "Labels and colours are the simulator's truths." } else { "" }
    );
    report.add(
        study.workspace,
        ("wishes", "Wishes of the discussion", "Variants that the paper wishes for"),
        caption,
        None,
        &csv,
    )?;
    claims(report, &found);
    gaps(study, report, epochs)
}

fn claims(report: &mut Report, found: &[(Kind, f64, Reading)]) {
    let get = |kind: Kind| found.iter().find(|(k, _, _)| *k == kind);
    let Some((_, plain_error, plain)) = get(Kind::Vae) else { return };
    if let Some((_, error, read)) = get(Kind::SemiSupervised) {
        report.claims.push(Claim::new(
            "A semi-supervised model arranges latent space by class and star formation",
            "A wish of the discussion",
            format!(
                "with a tenth of the labels: recall {:.3}, r of log sSFR {:.3}; read linearly from the plain VAE with all labels: {:.3}, {:.3}; reconstruction error {error:.3} against {plain_error:.3}",
                read.recall, read.star_formation, plain.recall, plain.star_formation
            ),
            Verdict::of_all(&[read.recall > plain.recall, read.star_formation > plain.star_formation, *error < plain_error * 1.05]),
        ));
    }
    if let Some((_, error, read)) = get(Kind::Colours).filter(|(_, _, read)| read.colours.is_finite()) {
        report.claims.push(Claim::new(
            "Broad-band colours in the loss are learned without harm to the spectra",
            "A wish of the discussion",
            format!(
                "r of colours {:.3}, against {:.3} without; reconstruction error {error:.3} against {plain_error:.3}",
                read.colours, plain.colours
            ),
            Verdict::of_all(&[read.colours >= plain.colours, *error < plain_error * 1.05]),
        ));
    }
}

/// How well latents tell what was not given to the model.
struct Reading {
    /// Mean recall of the four classes.
    recall: f64,
    /// Correlation with the truth; NaN where the set has none.
    star_formation: f64,
    /// The same, mean over colours.
    colours: f64,
}

impl Reading {
    fn of(study: &Study<'_>, model: &Model, flux: &[f32], ivar: &[f32]) -> Self {
        let pixels = study.wavelengths.len();
        let encode = |flux: &[f32], ivar: &[f32]| {
            let rows = |start: usize, end: usize| {
                (flux[start * pixels..end * pixels].to_vec(), ivar[start * pixels..end * pixels].to_vec())
            };
            model.encode_all(flux.len() / pixels, rows).mean
        };
        let train = &study.split.train;
        let train_latents = encode(&study.rows(&study.flux, train), &study.rows(&study.ivar, train));
        let latents = encode(flux, ivar);
        let dims = model.latents();
        let head = model.card.config.head.clone();
        let predicted = head.as_ref().and_then(|head| Some((head, model.predict(&latents)?)));
        // Scores of classes: the head's, or a linear fit to one-or-zero for each class.
        let scores: Vec<Vec<f64>> = match &predicted {
            Some((head, outputs)) if head.classes >= CLASSES.len() => {
                (0..CLASSES.len()).map(|class| column(outputs, head.outputs(), class)).collect()
            }
            _ => CLASSES
                .iter()
                .map(|class| {
                    let target: Vec<f64> = train
                        .iter()
                        .map(|&row| f64::from(u8::from(i32::from(study.class[row]) == class.code())))
                        .collect();
                    linear(&train_latents, &target, &latents, dims)
                })
                .collect(),
        };
        let measurement = |name: &str| {
            if study.set.catalogue.column(name).is_none() {
                return f64::NAN;
            }
            let truth: Vec<f64> = study.split.valid.iter().map(|&row| f64::from(study.set.value(name, row))).collect();
            let own = predicted.as_ref().and_then(|(head, outputs)| {
                let at = head.measurements.iter().position(|known| known == name)?;
                Some(column(outputs, head.outputs(), head.classes + at))
            });
            let values = own.unwrap_or_else(|| {
                let target: Vec<f64> = train.iter().map(|&row| f64::from(study.set.value(name, row))).collect();
                linear(&train_latents, &target, &latents, dims)
            });
            correlation(&values, &truth)
        };
        let colours: Vec<f64> = COLOURS.iter().map(|name| measurement(name)).collect();
        Self {
            recall: recall(study, &scores),
            star_formation: measurement(STAR_FORMATION),
            colours: colours.iter().sum::<f64>() / colours.len() as f64,
        }
    }
}

fn column(table: &[f32], width: usize, at: usize) -> Vec<f64> {
    table.iter().skip(at).step_by(width).map(|&value| f64::from(value)).collect()
}

/// Mean over classes of how often a spectrum of the class scores highest in it.
fn recall(study: &Study<'_>, scores: &[Vec<f64>]) -> f64 {
    let (mut right, mut total) = (vec![0.0; scores.len()], vec![0.0; scores.len()]);
    for (at, &row) in study.split.valid.iter().enumerate() {
        let own = usize::from(study.class[row]);
        if own >= scores.len() {
            continue;
        }
        let winner = (0..scores.len()).max_by(|&a, &b| scores[a][at].total_cmp(&scores[b][at])).unwrap_or(0);
        total[own] += 1.0;
        right[own] += f64::from(u8::from(winner == own));
    }
    let shares: Vec<f64> = right.iter().zip(&total).filter(|(_, total)| **total > 0.0).map(|(r, t)| r / t).collect();
    shares.iter().sum::<f64>() / shares.len().max(1) as f64
}

/// Least squares with an intercept, fitted to `[n * d]` latents whose target is finite, read at others.
fn linear(train: &[f32], target: &[f64], latents: &[f32], dims: usize) -> Vec<f64> {
    use nalgebra::{DMatrix, DVector};
    let width = dims + 1;
    let (mut normal, mut right) = (DMatrix::<f64>::zeros(width, width), DVector::<f64>::zeros(width));
    let row_of = |row: &[f32]| DVector::from_iterator(width, row.iter().map(|&v| f64::from(v)).chain([1.0]));
    for (row, &target) in train.chunks_exact(dims).zip(target).filter(|(_, target)| target.is_finite()) {
        let row = row_of(row);
        normal += &row * row.transpose();
        right += row * target;
    }
    let Some(weights) = normal.lu().solve(&right) else { return vec![f64::NAN; latents.len() / dims] };
    latents.chunks_exact(dims).map(|row| row_of(row).dot(&weights)).collect()
}

fn correlation(left: &[f64], right: &[f64]) -> f64 {
    let pairs: Vec<(f64, f64)> =
        left.iter().copied().zip(right.iter().copied()).filter(|(l, r)| l.is_finite() && r.is_finite()).collect();
    let count = pairs.len().max(1) as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / count;
    let (l, r) = (mean(|p| p.0), mean(|p| p.1));
    let sum = |of: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|&(a, b)| of(a - l, b - r)).sum::<f64>();
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
}

/// Tears a gap into validation spectra and fills it by PCA and by VAEs: who comes nearest to what was there?
fn gaps(study: &Study<'_>, report: &mut Report, epochs: Option<usize>) -> Result<()> {
    let pixels = study.wavelengths.len();
    let order = |kind: Kind| Order { kind, latents: 6, seed: 1 }.load(study.workspace, study.set, epochs);
    let basis = &study.set.spectra.mean.infill;
    let refilled = order(Kind::Refilled);
    let mut csv = Table::of("gap starts at / A,PCA infill,VAE-6,VAE-6 trained on VAE infill");
    let mut sums = [0.0_f64; 3];
    let starts: Vec<usize> = (0..pixels).step_by(GAP).filter(|start| start + GAP <= pixels).collect();
    for &start in &starts {
        let mut errors = [(0.0_f64, 0_usize); 3];
        for &row in study.split.valid.iter().step_by(16) {
            let (flux, ivar) = (study.row(&study.flux, row), study.row(&study.ivar, row));
            let inside = |i: usize| (start..start + GAP).contains(&i);
            let torn: Vec<f32> = (0..pixels).map(|i| if inside(i) { 0.0 } else { ivar[i] }).collect();
            let mask: Vec<bool> = torn.iter().map(|&ivar| ivar <= 0.0).collect();
            let by_pca = basis.fill_scaled(flux, &mask);
            let mut fills = vec![by_pca.clone(), infill::fill(&study.model, &by_pca, &torn, ROUNDS)];
            if let Some(model) = &refilled {
                fills.push(infill::fill(model, &by_pca, &torn, ROUNDS));
            }
            for (error, fill) in errors.iter_mut().zip(&fills) {
                for i in (0..pixels).filter(|&i| inside(i) && ivar[i] > 0.0) {
                    error.0 += f64::from(study.row(&study.weight, row)[i]) * f64::from(fill[i] - flux[i]).powi(2);
                    error.1 += 1;
                }
            }
        }
        let means: Vec<f64> =
            errors.iter().map(|(sum, count)| if *count > 0 { sum / *count as f64 } else { f64::NAN }).collect();
        sums.iter_mut().zip(&means).for_each(|(sum, mean)| *sum += mean / starts.len() as f64);
        csv.row(&[], &std::iter::once(study.wavelengths[start]).chain(means).collect::<Vec<f64>>());
    }
    let caption = format!(
        "Gaps of {GAP} pixels torn into every 16th validation spectrum and filled: weighted squared error a pixel in the gap. Mean over gaps: PCA {:.2}, VAE-6 {:.2}, VAE-6 trained \
         again on what a VAE filled in {:.2}.",
        sums[0], sums[1], sums[2]
    );
    report.add(
        study.workspace,
        ("wish-infill", "A wish of the discussion", "Who fills gaps best"),
        caption,
        None,
        &csv,
    )?;
    report.claims.push(Claim::new(
        "A VAE can fill gaps in place of PCA",
        "A wish of the discussion",
        format!(
            "weighted squared error in a gap: PCA {:.2}, VAE-6 {:.2}, trained again {:.2}",
            sums[0], sums[1], sums[2]
        ),
        Verdict::of(sums[1].min(if sums[2].is_finite() { sums[2] } else { f64::INFINITY }) < sums[0]),
    ));
    Ok(())
}

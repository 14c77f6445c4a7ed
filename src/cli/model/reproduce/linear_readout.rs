//! Class, star formation and colours read from a model's latents.

use nalgebra::{DMatrix, DVector};

use super::models::{COLOURS, STAR_FORMATION};
use super::study::{CLASSES, Study};
use crate::vae::Model;
use crate::vae::encoding::EncodingMethod;

/// The accuracy with which latents predict quantities that the model was not trained on.
pub(super) struct Readout {
    /// Mean recall of the four classes.
    pub recall: f64,
    /// Correlation with the true log specific star-formation rate; NaN where the set has none.
    pub star_formation: f64,
    /// Correlation with the true colours, mean over colours; NaN where the set has none.
    pub colours: f64,
}

impl Readout {
    /// Reads class, star formation and colours from a model's latents of the validation spectra (`[m * 1000]` flux and ivar): by
    /// its head where it has one, else by a linear fit to the training latents with all labels.
    pub(super) fn new(study: &Study<'_>, model: &Model, flux: &[f32], ivar: &[f32]) -> Self {
        let pixels = study.wavelengths.len();
        let encode = |flux: &[f32], ivar: &[f32]| {
            let rows = |start: usize, end: usize| {
                (flux[start * pixels..end * pixels].to_vec(), ivar[start * pixels..end * pixels].to_vec())
            };
            model.encode_all(flux.len() / pixels, EncodingMethod::Plain, rows).mean
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

/// Returns column `at` of a row-major table.
fn column(table: &[f32], width: usize, at: usize) -> Vec<f64> {
    table.iter().skip(at).step_by(width).map(|&value| f64::from(value)).collect()
}

/// Returns the mean over classes of the share of their spectra that score highest in their own class.
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

/// Fits least squares with an intercept to `[n * d]` latents whose target is finite, and evaluates it at other latents.
fn linear(train: &[f32], target: &[f64], latents: &[f32], dims: usize) -> Vec<f64> {
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

/// Returns Pearson's correlation over the pairs that are finite.
fn correlation(left: &[f64], right: &[f64]) -> f64 {
    let pairs: Vec<(f64, f64)> =
        left.iter().copied().zip(right.iter().copied()).filter(|(l, r)| l.is_finite() && r.is_finite()).collect();
    let count = pairs.len().max(1) as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / count;
    let (l, r) = (mean(|p| p.0), mean(|p| p.1));
    let sum = |of: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|&(a, b)| of(a - l, b - r)).sum::<f64>();
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
}

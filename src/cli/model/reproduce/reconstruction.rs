//! Reconstruction of the validation spectra by every method, and its error.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use anyhow::{Context, Error, Result};
use serde::{Deserialize, Serialize};

use super::methods::{METHODS, Method};
use super::models::SIZES;
use super::study::{CLASSES, Study, decode_all};
use crate::latent::linear_baseline::{LinearModel, reconstruction_error};
use crate::spectrum::Class;
use crate::vae::Model;
use crate::vae::encoding::EncodingMethod;

/// The error of one fit in Figure 3: the mean over spectra and pixels of w (x - x')^2.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Measure {
    /// Error over the whole validation set.
    pub overall: f64,
    /// Error over the spectra of each of the four classes; `None` for a class without spectra.
    pub by_class: Vec<Option<f64>>,
}

/// Measures by method, number of latents and seed.
pub(super) type Measures = BTreeMap<(Method, usize), Vec<Measure>>;

/// Measures every method at every size. A linear baseline is fitted once, networks are trained with each seed.
pub(super) fn measures(study: &Study<'_>, seeds: u64, epochs: Option<usize>) -> Result<Measures> {
    let mut all = Measures::new();
    for method in METHODS {
        for latents in SIZES {
            let seeds = if method.linear_baseline(latents, 1).is_some() { 1 } else { seeds };
            let mut found = Vec::new();
            for seed in 1..=seeds {
                let name = format!("figure-03-{}-{latents}-{seed}", method.name().replace(", ", "-").to_lowercase());
                let measure = study.workspace.cached(&name, || {
                    eprintln!("measuring {} at {latents}, seed {seed}", method.name());
                    let reconstruction = reconstruct(study, method, latents, seed, epochs)?;
                    measure(study, &reconstruction)
                })?;
                found.push(measure);
            }
            all.insert((method, latents), found);
        }
    }
    Ok(all)
}

/// Reconstructs the validation spectra, `[valid * 1000]`, by a method fitted to the training spectra.
fn reconstruct(
    study: &Study<'_>,
    method: Method,
    latents: usize,
    seed: u64,
    epochs: Option<usize>,
) -> Result<Vec<f32>> {
    let valid = &study.split.valid;
    let (flux, ivar) = (study.rows(&study.flux, valid), study.rows(&study.ivar, valid));
    if let Some(order) = method.order(latents, seed) {
        let model = order
            .load(study.workspace, study.set, epochs)
            .with_context(|| format!("{} is missing: run again, and it is trained", order.name()))?;
        return Ok(through(&model, &flux, &ivar));
    }
    let config = method.linear_baseline(latents, seed).expect("a method is a network or linear");
    let train = &study.split.train;
    let (rows, weights) = (study.rows(&study.flux, train), study.rows(&study.weight, train));
    let fitted = LinearModel::fit(&config, &rows, &weights, study.wavelengths.len(), |_| ControlFlow::Continue(()))
        .with_context(|| method.name())?;
    fitted.reconstruct(&flux, &study.rows(&study.weight, valid)).map_err(Error::from)
}

/// Returns the reconstructions `[m * 1000]` of spectra from their latent means, batch by batch.
pub(super) fn through(model: &Model, flux: &[f32], ivar: &[f32]) -> Vec<f32> {
    let pixels = model.pixels();
    let encoded = model.encode_all(flux.len() / pixels, EncodingMethod::Plain, |start, end| {
        (flux[start * pixels..end * pixels].to_vec(), ivar[start * pixels..end * pixels].to_vec())
    });
    decode_all(model, &encoded.mean)
}

/// Computes Figure 3's measure of a reconstruction of the validation spectra.
///
/// # Errors
/// Shapes that do not fit.
pub(super) fn measure(study: &Study<'_>, reconstruction: &[f32]) -> Result<Measure> {
    let valid = &study.split.valid;
    let (flux, weight) = (study.rows(&study.flux, valid), study.rows(&study.weight, valid));
    let error = reconstruction_error(&flux, &weight, reconstruction, study.wavelengths.len())?;
    let class_mean = |class: Class| {
        let all = error.per_spectrum.iter().zip(valid);
        let mine: Vec<f64> =
            all.filter(|(_, row)| i32::from(study.class[**row]) == class.code()).map(|(error, _)| *error).collect();
        (!mine.is_empty()).then(|| mine.iter().sum::<f64>() / mine.len() as f64)
    };
    Ok(Measure { overall: error.overall, by_class: CLASSES.map(class_mean).to_vec() })
}

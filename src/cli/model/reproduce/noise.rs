//! Latents under noise: Figure 17, also for a model with uncertainties as an input.

use anyhow::{Context, Error, Result};

use super::claims::{Claim, Verdict};
use super::models::{Kind, Order};
use super::stacked_spectra::color_of;
use super::study::{Report, Study};
use super::svg;
use crate::cli::model::table::Table;
use crate::latent::noise::{NoiseCurve, NoiseLevel, NoiseOptions, noise_sensitivity};
use crate::numerics::statistics::{percentile, sorted};
use crate::plot::{Axis, Chart, Series};
use crate::vae::Model;
use crate::vae::encoding::EncodingMethod;

/// Draws at each noise level.
const DRAWS: usize = 1000;

/// Draws Figure 17 for the main model, and for the model that has each pixel's weight as input.
pub(super) fn figure_17(study: &Study<'_>, report: &mut Report, epochs: Option<usize>) -> Result<()> {
    let snr = |row: usize| study.set.value("median_snr", row);
    let row = study.best_of(None, snr).context("the set has no validation spectra")?;
    let plain = curve(study, &study.model, row)?;
    report_curve(study, report, ("figure-17", "Figure 17", "Latent variance against noise"), &plain, row, "VAE-6")?;
    let (median, worst) = (ratio(&plain, 10.0), ratio(&plain, 2.0));
    report.claims.push(Claim::new(
        "At low signal-to-noise the encoder is too sure: latent means scatter more than the latent variance says",
        "Figure 17: the ratio exceeds 1 at low signal-to-noise",
        format!("median over latents of scatter over latent variance: {median:.2} near S/N 10, {worst:.2} near S/N 2"),
        Verdict::of(worst > 1.0 && worst > median),
    ));
    let order = Order { kind: Kind::WeightInput, latents: 6, seed: 1 };
    let Some(model) = order.load(study.workspace, study.set, epochs) else { return Ok(()) };
    let informed = curve(study, &model, row)?;
    let number = "A wish of the discussion";
    report_curve(
        study,
        report,
        ("wish-uncertainties", number, "The same with uncertainties as input"),
        &informed,
        row,
        "VAE-6 that sees each pixel's weight",
    )?;
    let improved = ratio(&informed, 2.0);
    report.claims.push(Claim::new(
        "Uncertainties as an input would correct that",
        "A wish of the discussion",
        format!(
            "near S/N 2 the ratio is {improved:.2} with them, {worst:.2} without; near S/N 10 {:.2} and {median:.2}",
            ratio(&informed, 10.0)
        ),
        if (improved.ln()).abs() < 0.5 * (worst.ln()).abs() {
            Verdict::Holds
        } else if improved < worst {
            Verdict::Partly
        } else {
            Verdict::Fails
        },
    ));
    Ok(())
}

/// Computes the noise curve of a spectrum under a model.
fn curve(study: &Study<'_>, model: &Model, row: usize) -> Result<NoiseCurve> {
    let options = NoiseOptions { draws: DRAWS, ..NoiseOptions::paper(1) };
    let pixels = study.wavelengths.len();
    noise_sensitivity(study.row(&study.flux, row), study.row(&study.ivar, row), &options, |flux, ivar| {
        let encoded = model.encode_all(flux.len() / pixels, EncodingMethod::Plain, |start, end| {
            (flux[start * pixels..end * pixels].to_vec(), ivar[start * pixels..end * pixels].to_vec())
        });
        (encoded.mean, encoded.log_var)
    })
    .map_err(Error::from)
}

/// Returns the median over latents of the variance ratio at the level nearest to a signal-to-noise.
fn ratio(curve: &NoiseCurve, snr: f64) -> f64 {
    let distance = |level: &&NoiseLevel| (level.snr / snr).ln().abs();
    let nearest = curve.levels.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.map_or(f64::NAN, |level| percentile(&sorted(level.variance_ratio.iter().copied()), 50.0))
}

/// Draws a noise curve: variance ratio and bias against signal-to-noise.
fn report_curve(
    study: &Study<'_>,
    report: &mut Report,
    names: (&str, &str, &str),
    curve: &NoiseCurve,
    row: usize,
    model: &str,
) -> Result<()> {
    let dims = curve.mean.len();
    let mut csv = Table::of("latent,snr,sigma,variance_ratio,bias");
    for latent in 0..dims {
        for level in &curve.levels {
            csv.row(
                &[],
                &[latent as f64 + 1.0, level.snr, level.sigma, level.variance_ratio[latent], level.bias[latent]],
            );
        }
    }
    let snr: Vec<f64> = curve.levels.iter().map(|level| level.snr).collect();
    let x = Chart::axis_of(snr.iter().copied(), true);
    let drawing = svg::figure(1080.0, 460.0, names.2, |sheet| {
        let areas = svg::panels(1080.0, 460.0, 2, 1, (84.0, 0.0));
        let ratios = curve.levels.iter().flat_map(|level| level.variance_ratio.iter().copied());
        let mut left = Chart::new(
            x,
            Chart::axis_of(ratios.chain([0.9, 1.1]), true),
            "median signal-to-noise a pixel",
            "variance of latent means / latent variance",
        );
        left.rules = vec![1.0];
        let biases = curve.levels.iter().flat_map(|level| level.bias.iter().copied());
        let y: Axis = Chart::axis_of(biases.chain([-1.2, 1.2]), false);
        let mut right = Chart::new(x, y, "median signal-to-noise a pixel", "bias of latent mean / √(latent variance)");
        right.rules = vec![-1.0, 1.0];
        for latent in 0..dims {
            let name = format!("latent {}", latent + 1);
            let ratio = curve.levels.iter().map(|level| level.variance_ratio[latent]).collect();
            let bias = curve.levels.iter().map(|level| level.bias[latent]).collect();
            left.series.push(Series::line(&name, snr.clone(), ratio, color_of(latent)));
            right.series.push(Series::line(&name, snr.clone(), bias, color_of(latent)));
        }
        left.legend = true;
        left.draw(&mut sheet.pen, &sheet.theme, areas[0])?;
        right.draw(&mut sheet.pen, &sheet.theme, areas[1])
    })?;
    let caption = format!(
        "White noise added to {} (the highest signal-to-noise of the validation set, {:.0}), {DRAWS} draws a level, under {model}. Left: above the dashed line \
         the model is surer of its latents than it should be. Right: how far the latents are pulled away.",
        study.set.id(row),
        curve.snr
    );
    report.add(study.workspace, names, caption, Some(drawing), &csv)
}

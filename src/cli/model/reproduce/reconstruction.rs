//! How well each method reconstructs: Figure 3.

use std::collections::BTreeMap;

use anyhow::{Context, Error, Result};
use serde::{Deserialize, Serialize};

use super::claims::{Claim, Verdict};
use super::models::{Kind, Order, SIZES};
use super::study::{CLASSES, Report, Study, decode_all};
use super::svg;
use crate::cli::model::table::Table;
use crate::latent::linear_baseline::{LinearConfig, LinearKind, LinearModel, reconstruction_error};
use crate::plot::palette::method::{AUTOENCODER, NMF, PCA, VAE};
use crate::plot::{Axis, Chart, Mark, Rgb, Series};
use crate::spectrum::Class;
use crate::vae::Model;

/// A way to compress a spectrum to a few numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Method {
    Pca,
    WeightedPca,
    Nmf,
    WeightedNmf,
    UnweightedAutoencoder,
    Autoencoder,
    Vae,
}

/// Figure 3's measure of one fit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Measure {
    /// Over the whole validation set.
    pub overall: f64,
    /// Over its spectra of each of the four classes; NaN (none in the file) where there is none.
    pub by_class: Vec<Option<f64>>,
}

/// Measures by method, number of latents and seed.
pub(super) type Measures = BTreeMap<(Method, usize), Vec<Measure>>;

const METHODS: [Method; 7] = [
    Method::Pca,
    Method::WeightedPca,
    Method::Nmf,
    Method::WeightedNmf,
    Method::UnweightedAutoencoder,
    Method::Autoencoder,
    Method::Vae,
];

impl Method {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pca => "PCA",
            Self::WeightedPca => "PCA, weighted",
            Self::Nmf => "NMF",
            Self::WeightedNmf => "NMF, weighted",
            Self::UnweightedAutoencoder => "AE",
            Self::Autoencoder => "AE, weighted",
            Self::Vae => "VAE",
        }
    }

    pub(super) fn color(self) -> Rgb {
        self.look().0
    }

    /// Colour, and whether it is fitted without weights, as the paper's rivals were.
    fn look(self) -> (Rgb, Mark) {
        match self {
            Self::Pca => (PCA, Mark::LineAndDots),
            Self::WeightedPca => (PCA, Mark::DashesAndRings),
            Self::Nmf => (NMF, Mark::LineAndDots),
            Self::WeightedNmf => (NMF, Mark::DashesAndRings),
            Self::UnweightedAutoencoder => (AUTOENCODER, Mark::LineAndDots),
            Self::Autoencoder => (AUTOENCODER, Mark::DashesAndRings),
            Self::Vae => (VAE, Mark::LineAndDots),
        }
    }

    fn order(self, latents: usize, seed: u64) -> Option<Order> {
        let kind = match self {
            Self::UnweightedAutoencoder => Kind::UnweightedAutoencoder,
            Self::Autoencoder => Kind::Autoencoder,
            Self::Vae => Kind::Vae,
            _ => return None,
        };
        Some(Order { kind, latents, seed })
    }

    /// What a linear method is fitted as; none for a network.
    pub(super) fn rival(self, components: usize, seed: u64) -> Option<LinearConfig> {
        let (kind, weighted) = match self {
            Self::Pca => (LinearKind::Pca, false),
            Self::WeightedPca => (LinearKind::Pca, true),
            Self::Nmf => (LinearKind::Nmf, false),
            Self::WeightedNmf => (LinearKind::Nmf, true),
            _ => return None,
        };
        Some(LinearConfig { kind, weighted, components, seed })
    }
}

/// Mean over seeds, and half the range between the lowest and the highest.
pub(super) fn mean_and_spread(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let count = values.clone().count().max(1) as f64;
    let (low, high) = values.clone().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    (values.sum::<f64>() / count, if high >= low { (high - low) / 2.0 } else { 0.0 })
}

/// Measures every method at every size. Linear rivals depend on no seed that matters, networks on theirs.
pub(super) fn measures(study: &Study<'_>, seeds: u64, epochs: Option<usize>) -> Result<Measures> {
    let mut all = Measures::new();
    for method in METHODS {
        for latents in SIZES {
            let seeds = if method.rival(latents, 1).is_some() { 1 } else { seeds };
            let mut found = Vec::new();
            for seed in 1..=seeds {
                let name = format!("figure-03-{}-{latents}-{seed}", method.name().replace(", ", "-").to_lowercase());
                let measure = study.workspace.kept(&name, || {
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

/// What a method makes of the validation spectra, `[valid * 1000]`; it is fitted to the training spectra.
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
    let config = method.rival(latents, seed).expect("a method is a network or linear");
    let train = &study.split.train;
    let (rows, weights) = (study.rows(&study.flux, train), study.rows(&study.weight, train));
    let fitted =
        LinearModel::fit(&config, &rows, &weights, study.wavelengths.len(), |_| std::ops::ControlFlow::Continue(()))
            .with_context(|| method.name())?;
    fitted.reconstruct(&flux, &study.rows(&study.weight, valid)).map_err(Error::from)
}

/// Encoded to latent means and decoded, batch by batch.
pub(super) fn through(model: &Model, flux: &[f32], ivar: &[f32]) -> Vec<f32> {
    let pixels = model.pixels();
    let encoded = model.encode_all(flux.len() / pixels, |start, end| {
        (flux[start * pixels..end * pixels].to_vec(), ivar[start * pixels..end * pixels].to_vec())
    });
    decode_all(model, &encoded.mean)
}

pub(super) fn measure(study: &Study<'_>, reconstruction: &[f32]) -> Result<Measure> {
    let valid = &study.split.valid;
    let (flux, weight) = (study.rows(&study.flux, valid), study.rows(&study.weight, valid));
    let error = reconstruction_error(&flux, &weight, reconstruction, study.wavelengths.len())?;
    let of_class = |class: Class| {
        let all = error.per_spectrum.iter().zip(valid);
        let mine: Vec<f64> =
            all.filter(|(_, row)| i32::from(study.class[**row]) == class.code()).map(|(error, _)| *error).collect();
        (!mine.is_empty()).then(|| mine.iter().sum::<f64>() / mine.len() as f64)
    };
    Ok(Measure { overall: error.overall, by_class: CLASSES.map(of_class).to_vec() })
}

/// Figure 3, per class and overall, with its claims.
pub(super) fn figure_3(study: &Study<'_>, report: &mut Report, measures: &Measures) -> Result<()> {
    let mut csv = Table::of("class,method,latents,mean,half_range,seeds");
    let panels: Vec<(String, Option<usize>)> = std::iter::once(("all".to_owned(), None))
        .chain(CLASSES.iter().enumerate().map(|(at, class)| (class.name().to_owned(), Some(at))))
        .collect();
    let value = |measure: &Measure, class: Option<usize>| match class {
        None => measure.overall,
        Some(at) => measure.by_class[at].unwrap_or(f64::NAN),
    };
    let mut charts = Vec::new();
    for (name, class) in &panels {
        let mut series = Vec::new();
        for method in METHODS {
            let points: Vec<(f64, f64)> = SIZES
                .iter()
                .map(|&size| mean_and_spread(measures[&(method, size)].iter().map(|m| value(m, *class))))
                .collect();
            for (&size, &(mean, spread)) in SIZES.iter().zip(&points) {
                let seeds = measures[&(method, size)].len() as f64;
                csv.row(&[name, method.name()], &[size as f64, mean, spread, seeds]);
            }
            let (color, mark) = method.look();
            let x = SIZES.map(|size| size as f64).to_vec();
            let y = points.iter().map(|point| point.0).collect();
            let mut line = Series::line(method.name(), x, y, color).drawn(mark);
            line.spread = points.iter().map(|point| point.1).collect();
            series.push(line);
        }
        let heights = series.iter().flat_map(|line| line.y.iter().copied());
        let mut chart = Chart::new(
            Axis::linear(1.0, 11.0),
            Chart::axis_of(heights, true),
            "number of parameters",
            "weighted squared error a pixel",
        );
        chart.title = name.clone();
        chart.x_ticks = SIZES.map(|size| size as f64).to_vec();
        chart.series = series;
        charts.push(chart);
    }
    charts[0].legend = true;
    let (width, height) = (1080.0, 560.0);
    let drawing = svg::figure(width, height, "Reconstruction error against the number of parameters", |sheet| {
        let left = svg::panels(430.0, height, 1, 1, (0.0, 0.0))[0];
        charts[0].draw(&mut sheet.pen, &sheet.theme, left)?;
        for (at, chart) in charts[1..].iter().enumerate() {
            let mut area = svg::panels(width - 430.0, height, 2, 2, (62.0, 62.0))[at];
            area.left += 430.0;
            area.right += 430.0;
            let mut chart = chart.clone();
            if at < 2 {
                chart.x_title = " ".to_owned();
            }
            chart.draw(&mut sheet.pen, &sheet.theme, area)?;
        }
        Ok(())
    })?;
    let at = |method: Method, size: usize| mean_and_spread(measures[&(method, size)].iter().map(|m| m.overall)).0;
    let caption = format!(
        "Mean over the {} validation spectra and their pixels of w (x - x')², against the number of parameters, on a logarithmic scale. Solid: \
         fitted without weights, as the paper's rivals were; dashed: fitted with the weights that the VAE has. Bars span the \
         seeds. At six parameters: VAE {:.3}, AE {:.3} ({:.3} weighted), PCA {:.3} ({:.3} weighted), NMF {:.3} ({:.3} weighted).",
        study.split.valid.len(),
        at(Method::Vae, 6),
        at(Method::UnweightedAutoencoder, 6),
        at(Method::Autoencoder, 6),
        at(Method::Pca, 6),
        at(Method::WeightedPca, 6),
        at(Method::Nmf, 6),
        at(Method::WeightedNmf, 6),
    );
    report.add(
        study.workspace,
        ("figure-03", "Compared in Figure 3", "Reconstruction error of PCA, NMF, AE and VAE"),
        caption,
        Some(drawing),
        &csv,
    )?;

    let compare = |size: usize| {
        format!(
            "{size}: VAE {:.3}, PCA {:.3}, weighted PCA {:.3}",
            at(Method::Vae, size),
            at(Method::Pca, size),
            at(Method::WeightedPca, size)
        )
    };
    report.claims.push(Claim::new(
        "With as many parameters, a VAE reconstructs better than PCA",
        "Abstract and Figure 3: six latents outperform PCA with six components",
        SIZES.map(compare).join("; "),
        Verdict::of_all(&[2, 4, 6].map(|size| at(Method::Vae, size) < at(Method::Pca, size))),
    ));
    report.claims.push(Claim::new(
        "It does so against PCA fitted with the same weights, too",
        "Not tested there: its PCA is unweighted",
        format!("at 6: VAE {:.3}, weighted PCA {:.3}", at(Method::Vae, 6), at(Method::WeightedPca, 6)),
        Verdict::of_all(&[2, 4, 6].map(|size| at(Method::Vae, size) < at(Method::WeightedPca, size))),
    ));
    report.claims.push(Claim::new(
        "NMF is no better than PCA",
        "Figure 3",
        SIZES
            .map(|size| format!("{size}: NMF {:.3}, PCA {:.3}", at(Method::Nmf, size), at(Method::Pca, size)))
            .join("; "),
        Verdict::of_all(&SIZES.map(|size| at(Method::Nmf, size) >= at(Method::Pca, size))),
    ));
    report.claims.push(Claim::new(
        "Six parameters are enough: more gain little",
        "Abstract: spectra are reconstructed well with only six latents",
        format!(
            "VAE error {:.3} at 4, {:.3} at 6, {:.3} at 10",
            at(Method::Vae, 4),
            at(Method::Vae, 6),
            at(Method::Vae, 10)
        ),
        Verdict::of(at(Method::Vae, 6) - at(Method::Vae, 10) < at(Method::Vae, 4) - at(Method::Vae, 6)),
    ));
    let broad = |method: Method, size: usize| {
        mean_and_spread(measures[&(method, size)].iter().filter_map(|m| m.by_class[3]).collect::<Vec<_>>().into_iter())
            .0
    };
    report.claims.push(Claim::new(
        "The gain over PCA is largest where spectra vary nonlinearly: broad lines",
        "Compared class by class in Figure 3",
        format!(
            "PCA over VAE at 6: broad-line AGN {:.2}, all {:.2}",
            broad(Method::Pca, 6) / broad(Method::Vae, 6),
            at(Method::Pca, 6) / at(Method::Vae, 6)
        ),
        Verdict::of(broad(Method::Pca, 6) / broad(Method::Vae, 6) > at(Method::Pca, 6) / at(Method::Vae, 6)),
    ));
    Ok(())
}

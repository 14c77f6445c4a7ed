//! Figure 3: the reconstruction error of PCA, NMF, AE and VAE against the number of parameters.

use anyhow::Result;

use super::claims::{Claim, Verdict};
use super::methods::{METHODS, Method};
use super::models::SIZES;
use super::reconstruction::{Measure, Measures};
use super::study::{CLASSES, Report, Study};
use super::svg;
use crate::cli::model::table::Table;
use crate::plot::{Axis, Chart, Series};

/// Draws Figure 3, per class and overall, and adds the claims that rest on it.
pub(super) fn figure(study: &Study<'_>, report: &mut Report, measures: &Measures) -> Result<()> {
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
            let (color, mark) = method.style();
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
         fitted without weights, as the paper fits its baselines; dashed: fitted with the weights that the VAE has. Bars span the \
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
    claims(report, measures);
    Ok(())
}

fn claims(report: &mut Report, measures: &Measures) {
    let at = |method: Method, size: usize| mean_and_spread(measures[&(method, size)].iter().map(|m| m.overall)).0;
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
}

/// Returns the mean over seeds, and half the range from the lowest to the highest value.
fn mean_and_spread(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let count = values.clone().count().max(1) as f64;
    let (low, high) = values.clone().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    (values.sum::<f64>() / count, if high >= low { (high - low) / 2.0 } else { 0.0 })
}

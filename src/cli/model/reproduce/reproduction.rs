//! The figures of the reproduction (Peng 2025), about a plain autoencoder: losses, UMAP with clusters, reconstructions, residuals.

use anyhow::{Error, Result};

use super::claims::{Claim, Verdict};
use super::latent_space::{draw_order, legend, range_of};
use super::reconstruction::through;
use super::study::{CLASSES, Report, Study};
use super::svg::{self, Clouds};
use crate::cli::model::table::Table;
use crate::latent::agreement::{ClassTable, adjusted_rand_index, trustworthiness};
use crate::latent::clusters::{HdbscanConfig, KMeansConfig, hdbscan, k_means};
use crate::latent::residuals::{ResidualBins, ResidualHistogram, ResidualSummary};
use crate::latent::umap::{UmapConfig, umap};
use crate::plot::palette::method;
use crate::plot::{Area, Axis, Chart, Frame, Mark, Points, Rgb, Series, draw_scatter_axes};
use crate::vae::Model;

/// Neighbours at which a map's trustworthiness is judged.
const NEIGHBOURS: usize = 15;

/// Figures 2 to 5 of the reproduction, for its autoencoder, with the VAE's clusters beside.
pub(super) fn figures(study: &Study<'_>, report: &mut Report, autoencoder: &Model) -> Result<()> {
    losses(study, report, autoencoder)?;
    map(study, report)?;
    examples(study, report, autoencoder)?;
    residuals(study, report, autoencoder)
}

fn losses(study: &Study<'_>, report: &mut Report, model: &Model) -> Result<()> {
    let history = &model.card.history;
    let mut csv = Table::of("epoch,train,valid,learning_rate");
    for epoch in history {
        csv.row(&[], &[epoch.epoch as f64, epoch.train.total, epoch.valid.total, epoch.learning_rate]);
    }
    let x: Vec<f64> = history.iter().map(|epoch| epoch.epoch as f64).collect();
    let train: Vec<f64> = history.iter().map(|epoch| epoch.train.total).collect();
    let valid: Vec<f64> = history.iter().map(|epoch| epoch.valid.total).collect();
    let drawing = svg::figure(820.0, 440.0, "Losses of the autoencoder", |sheet| {
        let heights = train.iter().chain(&valid).copied();
        let mut chart = Chart::new(
            Chart::axis_of(x.iter().copied(), false),
            Chart::axis_of(heights, true),
            "epoch",
            "weighted squared error / 2, a spectrum",
        );
        chart.series = vec![
            Series::line("training", x.clone(), train.clone(), sheet.theme.muted),
            Series::line("validation", x.clone(), valid.clone(), sheet.theme.decoded),
        ];
        chart.legend = true;
        chart.draw(&mut sheet.pen, &sheet.theme, svg::panels(820.0, 440.0, 1, 1, (0.0, 0.0))[0])
    })?;
    let best = &history[model.card.epoch - 1];
    let caption = format!(
        "{}: best epoch {} of {}, validation loss {:.1}.",
        model.card.name,
        best.epoch,
        history.len(),
        best.valid.total
    );
    report.add(
        study.workspace,
        ("peng-02", "Reproduction, Figure 2", "Losses of the plain autoencoder"),
        caption,
        Some(drawing),
        &csv,
    )
}

fn map(study: &Study<'_>, report: &mut Report) -> Result<()> {
    let dims = study.dims();
    let latents = &study.encoded.mean;
    let places: Vec<f32> = study.workspace.kept("umap", || {
        eprintln!("UMAP of {} spectra", study.set.len());
        umap(latents, dims, &UmapConfig { seed: 1, ..UmapConfig::default() }, |_| std::ops::ControlFlow::Continue(()))
            .map_err(Error::from)
    })?;
    let sample = (study.set.len() > 20_000).then_some(5_000);
    let trust = trustworthiness(latents, dims, &places, 2, NEIGHBOURS, sample)?;
    let flat: Vec<f32> = study.coordinates.chunks(dims).flat_map(|place| &place[..2]).copied().collect();
    let floor = trustworthiness(latents, dims, &flat, 2, NEIGHBOURS, sample)?;
    let (x, y): (Vec<f32>, Vec<f32>) = places.chunks(2).map(|place| (place[0], place[1])).unzip();
    let mut csv = Table::of("class,plate-mjd-fiber,umap_1,umap_2");
    for row in 0..study.set.len() {
        let class = crate::spectrum::Class::from_code(i32::from(study.class[row])).name();
        csv.row(&[class, &study.set.id(row).to_string()], &[f64::from(x[row]), f64::from(y[row])]);
    }
    let order = draw_order(&study.class);
    let drawing = svg::figure(820.0, 680.0, "UMAP of the latents", |sheet| {
        let Area { left, top, right, bottom } = svg::panels(820.0, 680.0, 1, 1, (0.0, 0.0))[0];
        let frame = Frame { left, top, right, bottom, x: range_of(&x), y: range_of(&y) };
        let palette = sheet.theme.class_palette();
        sheet.cloud(&frame, &Points { x: &x, y: &y, color: &study.class, order: &order, palette: &palette }, 1.2, 0.6);
        let theme = sheet.theme;
        draw_scatter_axes(&mut sheet.pen, &theme, &frame, ("UMAP 1", "UMAP 2"))?;
        legend(sheet, right - 170.0, top + 16.0)
    })?;
    let sampled =
        if trust.sampled < trust.points { format!(", estimated on {} of them", trust.sampled) } else { String::new() };
    let caption = format!(
        "UMAP of the {} latents of VAE-6. Trustworthiness at {NEIGHBOURS} neighbours {:.4} (VAE 1 and 2 alone: {:.4}){sampled}. Distances between groups, and the groups' sizes, mean nothing on such a map.",
        study.set.len(),
        trust.value,
        floor.value
    );
    report.add(
        study.workspace,
        ("peng-03", "Reproduction, Figure 3", "UMAP of the latents"),
        caption,
        Some(drawing),
        &csv,
    )?;
    report.claims.push(Claim::new(
        "UMAP of the latents shows the classes as regions",
        "Reproduction, Figure 3",
        format!("trustworthiness at {NEIGHBOURS}: {:.3}; two principal axes alone {:.3}", trust.value, floor.value),
        Verdict::of(trust.value > 0.9 && trust.value > floor.value),
    ));
    clusters(study, report)
}

fn clusters(study: &Study<'_>, report: &mut Report) -> Result<()> {
    let (latents, dims) = (&study.encoded.mean, study.dims());
    let config = KMeansConfig { clusters: 4, starts: 10, max_iterations: 300, seed: 1 };
    let means = k_means(latents, dims, &config)?;
    let size = (study.set.len() / 100).max(5);
    let density = hdbscan(latents, dims, &HdbscanConfig { min_cluster_size: size, min_samples: 10 })?;
    let mut csv = Table::of("method,cluster,quiescent,emission-line,narrow-line AGN,broad-line AGN,other");
    let mut found = Vec::new();
    for (name, labels) in [("k-means, 4", &means.labels), ("HDBSCAN", &density)] {
        let agreement = adjusted_rand_index(labels, &study.class)?;
        let table = ClassTable::new(labels, &study.class)?;
        for (cluster, counts) in table.rows() {
            let of = |class: i32| {
                let at = table.classes.iter().position(|&code| i32::from(code) == class);
                at.map_or(0.0, |at| counts[at] as f64)
            };
            let known: Vec<f64> = CLASSES.iter().map(|class| of(class.code())).collect();
            let other = counts.iter().sum::<usize>() as f64 - known.iter().sum::<f64>();
            let label = if cluster < 0 { "none".to_owned() } else { (cluster + 1).to_string() };
            csv.row(&[name, &label], &known.into_iter().chain([other]).collect::<Vec<f64>>());
        }
        found.push(format!(
            "{name}: {} groups, adjusted Rand index {agreement:.3}, purity {:.3}",
            table.clusters.iter().filter(|&&c| c >= 0).count(),
            table.purity()
        ));
    }
    let caption = format!(
        "Groups among the latents of VAE-6 and how many spectra of each class are in each. {}.",
        found.join(". ")
    );
    report.add(
        study.workspace,
        ("clusters", "Clusters", "Groups in latent space against the classes"),
        caption,
        None,
        &csv,
    )
}

fn examples(study: &Study<'_>, report: &mut Report, autoencoder: &Model) -> Result<()> {
    let snr = |row: usize| -(study.set.value("median_snr", row) - 20.0).abs();
    let picks: Vec<(&str, usize)> =
        CLASSES.iter().filter_map(|&class| Some((class.name(), study.best_of(Some(class), snr)?))).collect();
    let mut csv = Table::of("class,wavelength,observed,ivar,ae_6,vae_6");
    let mut panels = Vec::new();
    for &(class, row) in &picks {
        let (flux, ivar) = (study.row(&study.flux, row), study.row(&study.ivar, row));
        let (plain, vae) = (through(autoencoder, flux, ivar), study.row(&study.reconstruction, row).to_vec());
        for (i, &wavelength) in study.wavelengths.iter().enumerate() {
            csv.row(
                &[class],
                &[wavelength, f64::from(flux[i]), f64::from(ivar[i]), f64::from(plain[i]), f64::from(vae[i])],
            );
        }
        panels.push((class, row, plain, vae));
    }
    let wide = |values: &[f32]| values.iter().map(|&v| f64::from(v)).collect::<Vec<f64>>();
    let drawing = svg::figure(1080.0, 760.0, "One spectrum of each class", |sheet| {
        let areas = svg::panels(1080.0, 760.0, 2, 2, (66.0, 70.0));
        for ((class, row, plain, vae), area) in panels.iter().zip(areas) {
            let (flux, ivar) = (study.row(&study.flux, *row), study.row(&study.ivar, *row));
            let observed: Vec<f64> =
                flux.iter().zip(ivar).map(|(&f, &i)| if i > 0.0 { f64::from(f) } else { f64::NAN }).collect();
            let heights = observed.iter().copied().chain(wide(vae));
            let x = Axis::linear(study.wavelengths[0], study.wavelengths[study.wavelengths.len() - 1]);
            let mut chart =
                Chart::new(x, Chart::axis_of(heights, false), "rest wavelength / Å", "flux / root mean square");
            chart.title = format!("{class}, {} (S/N {:.0})", study.set.id(*row), study.set.value("median_snr", *row));
            let line = |name: &str, y: Vec<f64>, color: Rgb| Series {
                width: 1.0,
                ..Series::line(name, study.wavelengths.clone(), y, color)
            };
            chart.series = vec![
                line("observed", observed, sheet.theme.observed),
                line("AE-6", wide(plain), method::AUTOENCODER),
                line("VAE-6", wide(vae), sheet.theme.decoded),
            ];
            chart.legend = true;
            chart.draw(&mut sheet.pen, &sheet.theme, area)?;
        }
        Ok(())
    })?;
    let caption =
        "A validation spectrum of each class near signal-to-noise 20, under the plain autoencoder and the VAE."
            .to_owned();
    report.add(
        study.workspace,
        ("peng-04", "Reproduction, Figure 4", "A reconstruction of each class"),
        caption,
        Some(drawing),
        &csv,
    )
}

fn residuals(study: &Study<'_>, report: &mut Report, autoencoder: &Model) -> Result<()> {
    let valid = &study.split.valid;
    let (flux, ivar) = (study.rows(&study.flux, valid), study.rows(&study.ivar, valid));
    let mut csv = Table::of("model,wavelength,low_16,median,high_84,pixels");
    let mut drawn = Vec::new();
    for (name, reconstruction) in
        [("AE-6", through(autoencoder, &flux, &ivar)), ("VAE-6", study.rows(&study.reconstruction, valid))]
    {
        let mut histogram = ResidualHistogram::new(ResidualBins::in_sigma())?;
        histogram.add(&flux, &ivar, &reconstruction)?;
        for bin in histogram.summary() {
            csv.row(&[name], &[middle(&bin), bin.p16, bin.median, bin.p84, bin.pixels as f64]);
        }
        drawn.push((name, histogram));
    }
    let drawing = svg::figure(1080.0, 480.0, "Residuals against wavelength", |sheet| {
        let areas = svg::panels(1080.0, 480.0, 2, 1, (70.0, 0.0));
        for ((name, histogram), area) in drawn.iter().zip(areas) {
            let summary = histogram.summary();
            let edges = histogram.residual_edges();
            let (low, high) = (edges[0], edges[edges.len() - 1]);
            let x: Vec<f64> = summary.iter().map(middle).collect();
            let axis = Axis::linear(study.wavelengths[0], study.wavelengths[study.wavelengths.len() - 1]);
            let mut chart =
                Chart::new(axis, Axis::linear(low.max(-5.0), high.min(5.0)), "rest wavelength / Å", "residual / σ");
            let counts = histogram.counts();
            let frame = Frame {
                left: area.left,
                top: area.top,
                right: area.right,
                bottom: area.bottom,
                x: chart.x,
                y: chart.y,
            };
            density(sheet, &frame, &counts, x.len(), &edges);
            chart.title = (*name).to_owned();
            let color = sheet.theme.ink;
            let line = |pick: fn(&ResidualSummary) -> f64| summary.iter().map(pick).collect::<Vec<f64>>();
            chart.series = vec![
                Series::line("median", x.clone(), line(|bin| bin.median), color),
                Series::line("16 and 84 %", x.clone(), line(|bin| bin.p16), color).drawn(Mark::Dashes),
                Series::line("", x.clone(), line(|bin| bin.p84), color).drawn(Mark::Dashes),
            ];
            chart.rules = vec![-1.0, 1.0];
            chart.legend = true;
            chart.draw(&mut sheet.pen, &sheet.theme, area)?;
        }
        Ok(())
    })?;
    let wide = |histogram: &ResidualHistogram| {
        let summary = histogram.summary();
        summary.iter().map(|bin| (bin.p84 - bin.p16) / 2.0).sum::<f64>() / summary.len().max(1) as f64
    };
    let caption = format!(
        "Residuals of the validation spectra in units of their noise (darker: more pixels). Half the 16 to 84 % range, averaged over wavelength: AE-6 {:.2}, VAE-6 {:.2}; 1 is noise alone.",
        wide(&drawn[0].1),
        wide(&drawn[1].1)
    );
    report.add(
        study.workspace,
        ("peng-05", "Reproduction, Figure 5", "Residuals against wavelength"),
        caption,
        Some(drawing),
        &csv,
    )?;
    report.claims.push(Claim::new(
        "Residuals are near the noise at all wavelengths",
        "Reproduction, Figure 5",
        format!(
            "half the 16 to 84 % range is {:.2} σ (AE-6) and {:.2} σ (VAE-6)",
            wide(&drawn[0].1),
            wide(&drawn[1].1)
        ),
        Verdict::of_all(&[wide(&drawn[0].1) < 1.25, wide(&drawn[1].1) < 1.25]),
    ));
    Ok(())
}

/// The middle of a bin, Angstrom.
fn middle(bin: &ResidualSummary) -> f64 {
    (bin.from + bin.to) / 2.0
}

/// The histogram as a picture under the frame, a column at a time relative to its fullest bin.
fn density(sheet: &mut svg::Sheet<'_, '_>, frame: &Frame, counts: &[u64], columns: usize, edges: &[f64]) {
    let rows = edges.len() - 1;
    let (width, height) = (columns.max(1), 200);
    let mut rgba = vec![255_u8; width * height * 4];
    for column in 0..columns {
        let cells = &counts[column * rows..(column + 1) * rows];
        let most = cells.iter().copied().max().unwrap_or(0).max(1) as f64;
        for line in 0..height {
            let value = frame.y.value(1.0 - (line as f64 + 0.5) / height as f64);
            let Some(cell) = edges.windows(2).position(|edge| (edge[0]..edge[1]).contains(&value)) else { continue };
            let share = (cells[cell] as f64 / most).sqrt();
            let Rgb(r, g, b) = sheet.theme.background.toward(method::VAE, 0.75 * share);
            rgba[(line * width + column) * 4..][..3].copy_from_slice(&[r, g, b]);
        }
    }
    sheet.png(frame, &svg::png_of(&rgba, width, height));
}

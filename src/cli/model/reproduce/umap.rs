//! UMAP of the latents (Figure 3 of the reproduction), and clusters of the latents against the classes.

use std::ops::ControlFlow;

use anyhow::{Error, Result};

use super::claims::{Claim, Verdict};
use super::latent_space::{draw_order, legend, range_of};
use super::study::{CLASSES, Report, Study};
use super::svg::{self, Raster};
use crate::cli::model::table::Table;
use crate::latent::agreement::{ClassTable, adjusted_rand_index, trustworthiness};
use crate::latent::clusters::{HdbscanConfig, KMeansConfig, hdbscan, k_means};
use crate::latent::umap::{UmapConfig, umap};
use crate::plot::{Area, Frame, Points, draw_scatter_axes};
use crate::spectrum::Class;

/// Neighbours at which a map's trustworthiness is computed.
const NEIGHBOURS: usize = 15;

/// Maps the latents and computes how far the map can be trusted.
pub(super) fn figure(study: &Study<'_>, report: &mut Report) -> Result<()> {
    let dims = study.dims();
    let latents = &study.encoded.mean;
    let map: Vec<f32> = study.workspace.cached("umap", || {
        eprintln!("UMAP of {} spectra", study.set.len());
        umap(latents, dims, &UmapConfig { seed: 1, ..UmapConfig::default() }, |_| ControlFlow::Continue(()))
            .map_err(Error::from)
    })?;
    let sample = (study.set.len() > 20_000).then_some(5_000);
    let trust = trustworthiness(latents, dims, &map, 2, NEIGHBOURS, sample)?;
    let flat: Vec<f32> = study.coordinates.chunks(dims).flat_map(|row| &row[..2]).copied().collect();
    let floor = trustworthiness(latents, dims, &flat, 2, NEIGHBOURS, sample)?;
    let (x, y): (Vec<f32>, Vec<f32>) = map.chunks(2).map(|position| (position[0], position[1])).unzip();
    let mut csv = Table::of("class,plate-mjd-fiber,umap_1,umap_2");
    for row in 0..study.set.len() {
        let class = Class::from_code(i32::from(study.class[row])).name();
        csv.row(&[class, &study.set.id(row).to_string()], &[f64::from(x[row]), f64::from(y[row])]);
    }
    let order = draw_order(&study.class);
    let drawing = svg::figure(820.0, 680.0, "UMAP of the latents", |sheet| {
        let Area { left, top, right, bottom } = svg::panels(820.0, 680.0, 1, 1, (0.0, 0.0))[0];
        let frame = Frame { left, top, right, bottom, x: range_of(&x), y: range_of(&y) };
        let palette = sheet.theme.class_palette();
        sheet.scatter(
            &frame,
            &Points { x: &x, y: &y, color: &study.class, order: &order, palette: &palette },
            1.2,
            0.6,
        );
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
    Ok(())
}

/// Compares clusters of the latents with the classes.
pub(super) fn clusters(study: &Study<'_>, report: &mut Report) -> Result<()> {
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
            let members = |class: i32| {
                let at = table.classes.iter().position(|&code| i32::from(code) == class);
                at.map_or(0.0, |at| counts[at] as f64)
            };
            let known: Vec<f64> = CLASSES.iter().map(|class| members(class.code())).collect();
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

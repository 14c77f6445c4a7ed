//! The plain autoencoder of the reproduction (Peng 2025): its losses and one reconstruction of each class, Figures 2 and 4 there.

use anyhow::Result;

use super::reconstruction::through;
use super::study::{CLASSES, Report, Study};
use super::svg;
use crate::cli::model::table::Table;
use crate::plot::palette::method;
use crate::plot::{Axis, Chart, Rgb, Series};
use crate::vae::Model;

/// Draws the autoencoder's losses (Figure 2 of the reproduction).
pub(super) fn losses(study: &Study<'_>, report: &mut Report, model: &Model) -> Result<()> {
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

/// Draws one validation spectrum of each class under the autoencoder and the VAE (Figure 4 of the reproduction).
pub(super) fn examples(study: &Study<'_>, report: &mut Report, autoencoder: &Model) -> Result<()> {
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

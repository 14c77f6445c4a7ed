//! Residuals against wavelength (Figure 5 of the reproduction).

use anyhow::Result;

use super::claims::{Claim, Verdict};
use super::reconstruction::through;
use super::study::{Report, Study};
use super::svg::{self, Raster};
use crate::cli::model::table::Table;
use crate::latent::residuals::{ResidualBins, ResidualHistogram, ResidualSummary};
use crate::plot::palette::method;
use crate::plot::{Axis, Chart, Frame, Mark, Rgb, Series};
use crate::vae::Model;

/// Draws the residuals of the validation spectra, under the autoencoder and the VAE, in units of their noise.
pub(super) fn figure(study: &Study<'_>, report: &mut Report, autoencoder: &Model) -> Result<()> {
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
    let half_range = |histogram: &ResidualHistogram| {
        let summary = histogram.summary();
        summary.iter().map(|bin| (bin.p84 - bin.p16) / 2.0).sum::<f64>() / summary.len().max(1) as f64
    };
    let caption = format!(
        "Residuals of the validation spectra in units of their noise (darker: more pixels). Half the 16 to 84 % range, averaged over wavelength: AE-6 {:.2}, VAE-6 {:.2}; 1 is noise alone.",
        half_range(&drawn[0].1),
        half_range(&drawn[1].1)
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
            half_range(&drawn[0].1),
            half_range(&drawn[1].1)
        ),
        Verdict::of_all(&[half_range(&drawn[0].1) < 1.25, half_range(&drawn[1].1) < 1.25]),
    ));
    Ok(())
}

/// Returns the wavelength in the middle of a bin, Angstrom.
fn middle(bin: &ResidualSummary) -> f64 {
    (bin.from + bin.to) / 2.0
}

/// Draws the histogram as a picture in the frame, each column relative to its fullest bin.
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

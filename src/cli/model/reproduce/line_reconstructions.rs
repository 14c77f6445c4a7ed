//! Single lines of a few spectra as PCA and VAEs of each size reconstruct them: Figures 4 to 8.

use std::ops::ControlFlow;

use anyhow::{Context, Result};

use super::methods::Method;
use super::models::{Kind, Order, SIZES};
use super::reconstruction::through;
use super::study::{Report, Study};
use super::svg;
use crate::cli::model::table::Table;
use crate::latent::linear_baseline::LinearModel;
use crate::plot::{Axis, Chart, Mark, Series};
use crate::spectrum::{Class, lines};
use crate::vae::Model;

/// A spectrum and the window around one of its lines.
struct LineWindow {
    stem: &'static str,
    number: &'static str,
    /// Kind of spectrum, as the title names it.
    what: &'static str,
    row: usize,
    /// Centre of the window, Angstrom.
    wavelength: f64,
    /// Half the window's width, pixels.
    half_width: usize,
}

/// Draws Figures 4 to 8: lines of four spectra, reconstructed by PCA and VAE at each size.
pub(super) fn figures(study: &Study<'_>, report: &mut Report, epochs: Option<usize>) -> Result<()> {
    let snr = |row: usize| study.set.value("median_snr", row);
    let strong = |row: usize| {
        let halpha = study.wavelengths.iter().position(|&w| w >= lines::H_ALPHA).unwrap_or(0);
        study.flux[row * study.wavelengths.len() + halpha]
    };
    let faint = |row: usize| -(snr(row) - 8.0).abs();
    let picks = [
        ("broad-line AGN", study.best_of(Some(Class::BroadLineAgn), snr)),
        (
            "strong emission-line galaxy",
            study.best_of(Some(Class::EmissionLine), |row| if snr(row) > 15.0 { strong(row) } else { 0.0 }),
        ),
        ("spectrum with the highest signal-to-noise", study.best_of(None, snr)),
        ("quiescent galaxy of low signal-to-noise", study.best_of(Some(Class::Quiescent), faint)),
    ];
    let wanted: [(&str, &str, usize, f64, usize); 8] = [
        ("figure-04a", "Figure 4, Hβ", 0, lines::H_BETA, 30),
        ("figure-04b", "Figure 4, Hα", 0, lines::H_ALPHA, 30),
        ("figure-05", "Figure 5", 1, 3728.5, 20),
        ("figure-06", "Figure 6", 1, lines::H_ALPHA, 20),
        ("figure-07a", "Figure 7, Na D", 2, 5895.6, 20),
        ("figure-07b", "Figure 7, Hα", 2, lines::H_ALPHA, 20),
        ("figure-08a", "Figure 8, Na D", 3, 5895.6, 20),
        ("figure-08b", "Figure 8, Hα", 3, lines::H_ALPHA, 20),
    ];
    let train = &study.split.train;
    let (rows, weights) = (study.rows(&study.flux, train), study.rows(&study.weight, train));
    let mut fits = Vec::new();
    for size in SIZES {
        let config = Method::Pca.linear_baseline(size, 1).expect("PCA is linear");
        let pca = LinearModel::fit(&config, &rows, &weights, study.wavelengths.len(), |_| ControlFlow::Continue(()))?;
        let order = Order { kind: Kind::Vae, latents: size, seed: 1 };
        let vae =
            order.load(study.workspace, study.set, epochs).with_context(|| format!("{} is missing", order.name()))?;
        fits.push((pca, vae));
    }
    for (stem, number, pick, wavelength, half_width) in wanted {
        let (what, Some(row)) = picks[pick] else { continue };
        figure(study, report, &fits, &LineWindow { stem, number, what, row, wavelength, half_width })?;
    }
    Ok(())
}

/// Draws one window: the observed flux, both reconstructions at each size, and their residuals over the noise.
fn figure(study: &Study<'_>, report: &mut Report, fits: &[(LinearModel, Model)], line: &LineWindow) -> Result<()> {
    let centre = study.wavelengths.iter().position(|&w| w >= line.wavelength).unwrap_or(0);
    let pixels = centre.saturating_sub(line.half_width)..(centre + line.half_width).min(study.wavelengths.len());
    let (flux, ivar) = (study.row(&study.flux, line.row), study.row(&study.ivar, line.row));
    let weight = study.row(&study.weight, line.row);
    let x: Vec<f64> = study.wavelengths[pixels.clone()].to_vec();
    let part = |values: &[f32]| values[pixels.clone()].iter().map(|&v| f64::from(v)).collect::<Vec<f64>>();
    let observed: Vec<f64> =
        pixels.clone().map(|i| if ivar[i] > 0.0 { f64::from(flux[i]) } else { f64::NAN }).collect();
    // A masked pixel has no noise to show.
    let sigma: Vec<f64> =
        pixels.clone().map(|i| if ivar[i] > 0.0 { f64::from(ivar[i]).powf(-0.5) } else { 0.0 }).collect();
    let mut reconstructions = Vec::new();
    for (pca, vae) in fits {
        let linear = pca.reconstruct(flux, weight)?;
        reconstructions.push((part(&linear), part(&through(vae, flux, ivar))));
    }
    let mut csv = Table::of("wavelength,observed,sigma,pca_2,vae_2,pca_4,vae_4,pca_6,vae_6,pca_10,vae_10");
    for i in 0..x.len() {
        let models = reconstructions.iter().flat_map(|(pca, vae)| [pca[i], vae[i]]);
        csv.row(&[], &[x[i], observed[i], sigma[i]].into_iter().chain(models).collect::<Vec<f64>>());
    }
    let heights = observed.iter().chain(reconstructions.iter().flat_map(|(a, b)| a.iter().chain(b))).copied();
    let y = Chart::with_legend_space(Chart::axis_of(heights, false));
    let residuals = |model: &[f64]| model.iter().zip(&observed).map(|(m, o)| m - o).collect::<Vec<f64>>();
    let most = reconstructions.iter().flat_map(|(a, b)| residuals(a).into_iter().chain(residuals(b)));
    let most = most.filter(|r| r.is_finite()).fold(0.0_f64, |top, r| top.max(r.abs())) * 1.1;
    let x_axis = Axis::linear(x[0], x[x.len() - 1]);
    // Round wavelengths, few enough for narrow panels.
    let step = if x[x.len() - 1] - x[0] > 150.0 { 100.0 } else { 50.0 };
    let x_ticks: Vec<f64> = x_axis.ticks(8).into_iter().filter(|tick| (tick / step).fract() == 0.0).collect();
    let drawing = svg::figure(1080.0, 720.0, &format!("{}: {}", line.number, line.what), |sheet| {
        let areas = svg::panels(1080.0, 720.0, 4, 3, (10.0, 10.0));
        let ink = sheet.theme.ink;
        let (pca_color, vae_color) = (Method::Pca.color(), Method::Vae.color());
        for (column, (pca, vae)) in reconstructions.iter().enumerate() {
            // Only the first column has titles on its y axis.
            let title = |text: &str| if column == 0 { text.to_owned() } else { String::new() };
            for (row, (model, color, name)) in
                [(pca, pca_color, "PCA"), (vae, vae_color, "VAE")].into_iter().enumerate()
            {
                let mut chart = Chart::new(x_axis, y, "", &title("flux / root mean square"));
                chart.series = vec![
                    Series::line("observed", x.clone(), observed.clone(), ink),
                    Series::line(name, x.clone(), model.clone(), color),
                ];
                chart.legend = column == 0;
                if row == 0 {
                    chart.title = format!("{} parameters", SIZES[column]);
                }
                chart.draw(&mut sheet.pen, &sheet.theme, areas[row * 4 + column])?;
            }
            let mut chart =
                Chart::new(x_axis, Axis::linear(-most, most), "rest wavelength / Å", &title("model - observed"));
            let upper = sigma.clone();
            let lower: Vec<f64> = sigma.iter().map(|s| -s).collect();
            chart.x_ticks.clone_from(&x_ticks);
            chart.series = vec![
                Series::line("1 σ", x.clone(), upper, sheet.theme.muted).drawn(Mark::Band(lower)),
                Series::line("", x.clone(), residuals(pca), pca_color),
                Series::line("", x.clone(), residuals(vae), vae_color),
            ];
            chart.draw(&mut sheet.pen, &sheet.theme, areas[8 + column])?;
        }
        Ok(())
    })?;
    let title = format!("Reconstruction of a {} near {:.0} Å", line.what, line.wavelength);
    let chi2 = |model: &[f64]| {
        let terms = model.iter().zip(&observed).zip(&sigma).map(|((m, o), s)| ((m - o) / s).powi(2));
        let finite: Vec<f64> = terms.filter(|term| term.is_finite()).collect();
        finite.iter().sum::<f64>() / finite.len().max(1) as f64
    };
    let caption = format!(
        "Spectrum {} (median signal-to-noise {:.1}), rows from above: PCA, VAE, and both less what was observed over the noise (grey). \
         χ² a pixel in this window at 2, 4, 6, 10 parameters: PCA {}; VAE {}.",
        study.set.id(line.row),
        study.set.value("median_snr", line.row),
        reconstructions.iter().map(|(pca, _)| format!("{:.2}", chi2(pca))).collect::<Vec<_>>().join(", "),
        reconstructions.iter().map(|(_, vae)| format!("{:.2}", chi2(vae))).collect::<Vec<_>>().join(", "),
    );
    report.add(study.workspace, (line.stem, line.number, &title), caption, Some(drawing), &csv)
}

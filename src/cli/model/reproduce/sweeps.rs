//! A sweep along each axis of latent space: Figure 15.

use anyhow::Result;

use super::stacked_spectra::stacked;
use super::study::{Report, Study, decode_all};
use super::svg;
use crate::cli::model::table::Table;
use crate::latent::sweeps;
use crate::plot::Anchor;

/// Draws Figure 15.
pub(super) fn figure(study: &Study<'_>, report: &mut Report) -> Result<()> {
    let all = sweeps(&study.axes, &study.encoded.mean)?;
    let mut csv = Table::of("axis,label,along,wavelength,flux");
    let decoded: Vec<Vec<f32>> = all
        .iter()
        .map(|sweep| {
            decode_all(
                &study.model,
                &sweep.points.iter().flat_map(|point| point.latent.iter().copied()).collect::<Vec<f32>>(),
            )
        })
        .collect();
    for (sweep, spectra) in all.iter().zip(&decoded) {
        for (point, flux) in sweep.points.iter().zip(spectra.chunks(study.wavelengths.len())) {
            for (&wavelength, &flux) in study.wavelengths.iter().zip(flux) {
                csv.row(&[&sweep.axis.to_string(), &point.label], &[point.along, wavelength, f64::from(flux)]);
            }
        }
    }
    let drawing = svg::figure(1080.0, 1100.0, "A sweep along each axis", |sheet| {
        let areas = svg::panels(1070.0, 1100.0, 2, 3, (76.0, 62.0));
        for ((sweep, spectra), area) in all.iter().zip(&decoded).zip(areas) {
            let labels: Vec<String> = sweep.points.iter().map(|point| point.label.clone()).collect();
            stacked(study, sheet, area, spectra, &labels, 1.0)?;
            let ink = sheet.theme.ink;
            sheet.pen.text(
                &format!("VAE {}", sweep.axis),
                (area.left + 30.0, area.top + 12.0),
                13.0,
                ink,
                Anchor::Middle,
            )?;
        }
        Ok(())
    })?;
    let caption = "Decoded spectra along each axis at 1 %, 16 %, the mean, 84 % and 99 % of all spectra, the other axes at their mean; each divided by its \
                   mean and offset by 1.";
    report.add(
        study.workspace,
        ("figure-15", "Figure 15", "Sweeps along VAE 1 to 6"),
        caption.to_owned(),
        Some(drawing),
        &csv,
    )
}

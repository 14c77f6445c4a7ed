//! Stars in latent space, simulated and real.

use anyhow::Result;

use super::latent_space::{draw_order, legend, range_of};
use super::outliers::planted_oddity;
use super::study::{Report, Study};
use super::svg::{self, Raster};
use crate::cli::model::table::Table;
use crate::latent::outlier::OutlierFactors;
use crate::numerics::statistics::{percentile, sorted};
use crate::plot::{Area, Frame, Marker, MarkerKind, Points, draw_markers, draw_scatter_axes};

/// Draws the set's simulated stars over latent space, and real ones where given (`[1000]` normalised flux each). The paper finds
/// stars among its outliers.
pub(super) fn figure(
    study: &Study<'_>,
    report: &mut Report,
    factors: &OutlierFactors,
    real: &[Vec<f32>],
) -> Result<()> {
    let (across, up) = (1, 2.min(study.dims()));
    let (x, y) = (study.along(across), study.along(up));
    let order = draw_order(&study.class);
    let planted: Vec<usize> = (0..study.set.len())
        .filter(|&row| planted_oddity(study, row).is_some_and(|name| name.contains("star")))
        .collect();
    let ivar = vec![1.0; study.wavelengths.len()];
    let coordinates: Vec<Vec<f32>> =
        real.iter().map(|flux| study.axes.project(&study.model.encode(flux, &ivar).mean)).collect();
    let mut csv = Table::of("kind,vae_1,vae_2");
    planted.iter().for_each(|&row| csv.row(&["simulated star"], &[f64::from(x[row]), f64::from(y[row])]));
    coordinates.iter().for_each(|axes| csv.row(&["real star"], &[f64::from(axes[0]), f64::from(axes[up - 1])]));
    let all = |of: usize, own: &[f32]| {
        own.iter().copied().chain(coordinates.iter().map(move |axes| axes[of])).collect::<Vec<f32>>()
    };
    let (wide_x, wide_y) = (all(across - 1, &x), all(up - 1, &y));
    let drawing = svg::figure(760.0, 620.0, "Stars in latent space", |sheet| {
        let Area { left, top, right, bottom } = svg::panels(760.0, 620.0, 1, 1, (0.0, 0.0))[0];
        let frame = Frame { left, top, right, bottom, x: range_of(&wide_x), y: range_of(&wide_y) };
        let palette = sheet.theme.class_palette();
        let points = Points { x: &x, y: &y, color: &study.class, order: &order, palette: &palette };
        sheet.scatter(&frame, &points, 1.0, 0.3);
        let theme = sheet.theme;
        draw_scatter_axes(&mut sheet.pen, &theme, &frame, ("VAE 1", "VAE 2"))?;
        let marker = |x: f32, y: f32, kind: MarkerKind| Marker { x, y, kind, label: String::new() };
        let mut markers: Vec<Marker> = planted.iter().map(|&row| marker(x[row], y[row], MarkerKind::File)).collect();
        markers.extend(coordinates.iter().map(|axes| marker(axes[0], axes[up - 1], MarkerKind::SelectedFile)));
        draw_markers(&mut sheet.pen, &theme, &frame, &markers)?;
        legend(sheet, right - 160.0, top + 20.0)
    })?;
    let ordinary = percentile(&sorted(factors.scores.iter().copied().filter(|s| s.is_finite())), 50.0);
    let of_stars = percentile(&sorted(planted.iter().map(|&row| factors.scores[row])), 50.0);
    let caption = format!(
        "Black: the {} stars that were planted in the simulated set. Violet: {}. Median local outlier factor of all spectra {ordinary:.2}, of planted stars {of_stars:.2}.",
        planted.len(),
        match coordinates.len() {
            0 => "no real stars were given".to_owned(),
            count => format!("{count} real SDSS stars, encoded as they are"),
        }
    );
    report.add(study.workspace, ("stars", "Outliers", "Stars in latent space"), caption, Some(drawing), &csv)
}

//! The most outlying spectra with their reasons: Figure 16 and Table 2.

use anyhow::Result;

use super::claims::{Claim, Verdict};
use super::stacked_spectra::{color_of, wavelength_rows};
use super::study::{Report, Study};
use super::svg;
use crate::cli::model::table::Table;
use crate::latent::outlier::{NEIGHBOURS, OutlierFactors};
use crate::latent::reasons::{Evidence, plain_reason};
use crate::numerics::k_d_tree::NeighbourTree;
use crate::plot::{Anchor, Area, Axis, Chart, Note, Series};
use crate::simulator::{ODDITY_NAMES, star};

/// Outliers in the paper's Table 2.
const SHOWN: usize = 10;

/// Draws Figure 16, writes Table 2, and returns the outlier factors of all spectra.
pub(super) fn figure_16(study: &Study<'_>, report: &mut Report) -> Result<OutlierFactors> {
    let tree = NeighbourTree::new(&study.encoded.mean, study.dims())?;
    let factors = OutlierFactors::fit(tree, NEIGHBOURS)?;
    let top = factors.top(SHOWN);
    let mut csv = Table::of("rank,plate-mjd-fiber,reason,planted,factor,median_snr");
    let mut explained = 0;
    let mut planted = 0;
    for (rank, &(row, score)) in top.iter().enumerate() {
        let reason = reason(study, row);
        explained += usize::from(reason.is_some());
        let truth = planted_oddity(study, row);
        planted += usize::from(truth.is_some());
        csv.row(
            &[
                &format!("O{}", rank + 1),
                &study.set.id(row).to_string(),
                reason.as_deref().unwrap_or("none found"),
                truth.unwrap_or("nothing"),
            ],
            &[score, f64::from(study.set.value("median_snr", row))],
        );
    }
    let caption = format!(
        "The {SHOWN} spectra of {} with the largest local outlier factor (k = {NEIGHBOURS}) among the latents, with a reason where their pixels tell one, and what the \
         simulator planted in them.",
        study.set.len()
    );
    report.add(study.workspace, ("table-2", "Table 2", "The ten most outlying spectra"), caption, None, &csv)?;
    draw(study, report, &top)?;
    let rows = study.set.len();
    let odd = (0..rows).filter(|&row| planted_oddity(study, row).is_some()).count();
    report.claims.push(Claim::new(
        "Outliers in latent space are interesting: artefacts, and stars taken for galaxies",
        "Abstract, Table 2",
        format!(
            "{explained} of the top {SHOWN} get a reason; {planted} of them are planted oddities, which are {:.1} % of the set",
            100.0 * odd as f64 / rows as f64
        ),
        Verdict::of_all(&[explained * 2 >= SHOWN, planted as f64 / SHOWN as f64 > 3.0 * odd as f64 / rows as f64]),
    ));
    Ok(factors)
}

/// Returns a plain reason for an outlier; `None` where its pixels show none.
fn reason(study: &Study<'_>, row: usize) -> Option<String> {
    plain_reason(&Evidence {
        flux: study.row(&study.flux, row),
        ivar: study.row(&study.ivar, row),
        reconstruction: study.row(&study.reconstruction, row),
        redshift: f64::from(study.set.value("redshift", row)),
        median_snr: f64::from(study.set.value("median_snr", row)),
        stars: star::templates(),
        reconstruct: Some(&|flux: &[f32]| {
            study.model.decode(&study.model.encode(flux, study.row(&study.ivar, row)).mean)
        }),
    })
}

/// Returns the oddity that the simulator planted in a spectrum, if any.
pub(super) fn planted_oddity(study: &Study<'_>, row: usize) -> Option<&'static str> {
    let code = study.set.value("truth_oddity", row);
    (code.is_finite() && code > 0.0).then(|| ODDITY_NAMES.get(code as usize).copied().unwrap_or("an oddity"))
}

/// Draws the spectra of Table 2 in two columns of five.
fn draw(study: &Study<'_>, report: &mut Report, top: &[(usize, f64)]) -> Result<()> {
    let pixels = study.wavelengths.len();
    let step = 3.0;
    let mut csv =
        Table::of(&format!("wavelength,{}", (1..=top.len()).map(|at| format!("O{at}")).collect::<Vec<_>>().join(",")));
    let spectra: Vec<f32> = top.iter().flat_map(|&(row, _)| study.row(&study.flux, row)).copied().collect();
    wavelength_rows(study, &mut csv, &spectra);
    let drawing = svg::figure(1080.0, 560.0, "The ten most outlying spectra", |sheet| {
        let areas = svg::panels(1060.0, 560.0, 2, 1, (76.0, 0.0));
        for (half, area) in areas.into_iter().enumerate() {
            let mut chart = Chart::new(
                Axis::linear(study.wavelengths[0], study.wavelengths[pixels - 1]),
                Axis::linear(-1.0, step * 5.0 + 2.0),
                "rest wavelength / Å",
                "flux / mean + offset",
            );
            for index in 0..5 {
                let rank = half * 5 + index;
                let Some(&(row, _)) = top.get(rank) else { continue };
                let (flux, ivar) = (study.row(&study.flux, row), study.row(&study.ivar, row));
                let mean = flux.iter().map(|f| f64::from(f.abs())).sum::<f64>() / pixels as f64;
                let height = |i: usize| f64::from(flux[i]) / mean + step * index as f64;
                let color = color_of(rank);
                let all = (0..pixels).map(height).collect();
                let seen = (0..pixels).map(|i| if ivar[i] > 0.0 { height(i) } else { f64::NAN }).collect();
                let faint = color.toward(sheet.theme.background, 0.6);
                chart.series.push(Series { width: 0.75, ..Series::line("", study.wavelengths.clone(), all, faint) });
                chart.series.push(Series { width: 1.0, ..Series::line("", study.wavelengths.clone(), seen, color) });
                chart.notes.push(Note {
                    x: study.wavelengths[pixels - 1] + 30.0,
                    y: 1.0 + step * index as f64,
                    text: format!("O{}", rank + 1),
                    color,
                    anchor: Anchor::Start,
                    lift: 0.0,
                });
            }
            let area = Area { right: area.right - 30.0, ..area };
            chart.draw(&mut sheet.pen, &sheet.theme, area)?;
        }
        Ok(())
    })?;
    let caption = "The spectra of Table 2, each divided by its mean. Pale: masked, so infilled.";
    report.add(
        study.workspace,
        ("figure-16", "Figure 16", "The ten most outlying spectra"),
        caption.to_owned(),
        Some(drawing),
        &csv,
    )
}
